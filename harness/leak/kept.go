package leak

import (
	"net/http"
	"sort"
	"strings"

	"crosstalk/harness/history"
)

// keeper is who had a token first in a client that several customers use.
type keeper struct {
	viewer string
	// nobodys says that the shop gave it to a client of which it did not know
	// who uses it: before the first sign-in there, or since the last sign-out.
	// Whoever uses the client has it then, as one may have a basket before
	// signing in.
	nobodys bool
}

// keep answers who had the token first in the client of a sighting, and notes
// it when that is now.
//
// What one customer was given while signed in may stay in the client after the
// sign-out, forgotten by the shop or not: that a jar still has it says nothing
// as long as the next one has not signed in. A shop that rotates its cookies
// then replaces it. What is still there afterwards is residue; so is what the
// shop answers the next one's own sign-in with.
func (t *token) keep(s *sighting, at history.Moment) keeper {
	known, ok := t.kept[s.session]
	if !ok {
		known = keeper{s.viewer, !s.session.metAt(at)}
		if t.kept == nil {
			t.kept = map[*session]keeper{}
		}
		t.kept[s.session] = known
	}
	return known
}

// metAt says whether the shop can have known who uses the client: from the
// moment the client sent it somebody's password or address, or was shown their
// own, to the sign-out.
func (s *session) metAt(at history.Moment) bool {
	in := false
	for _, m := range s.met {
		if m.at > at {
			break
		}
		in = m.in
	}
	return in
}

// knows says whether the shop has been told who uses the client now, and not
// only who used it before.
func (s *session) knows(at history.Moment) bool {
	known := false
	for _, m := range s.met {
		if m.at > at {
			break
		}
		known = m.in && s.user(m.at) == s.user(at)
	}
	return known
}

// admitted is the latest request of who uses the client at a moment that had
// their password in it and was answered well by then, nil when there is none
// since the last sign-out.
func (s *session) admitted(at history.Moment) *exchange {
	var by *exchange
	for _, m := range s.met {
		switch {
		case m.at > at:
			return by
		case !m.in:
			by = nil
		case m.password != nil && arrival(m.password) <= at && s.user(m.at) == s.user(at):
			by = m.password
		}
	}
	return by
}

// meeting is when a client told the shop who uses it, or took leave.
type meeting struct {
	at       history.Moment
	in       bool
	password *exchange // that had the customer's password and was not refused
}

// meetUsers finds out, for the clients that several customers used, when the
// shop met whom. A sign-in is not journaled until the session was shown its own
// data, and the shop gives out a cookie before that: in the answer to the
// request that has the password.
func (r *record) meetUsers(h History) {
	for _, s := range r.order {
		if s.heirs() {
			s.met = r.meetings(h, s)
		}
	}
}

func (r *record) meetings(h History, s *session) []meeting {
	var all []meeting
	for _, x := range s.exchanges {
		named, password := r.introduces(h, x)
		if !named {
			continue
		}
		m := meeting{at: x.start, in: true}
		if password && x.status >= http.StatusOK && x.status < http.StatusBadRequest {
			m.password = x
		}
		all = append(all, m)
	}
	for _, id := range s.identities {
		if id.State == history.SignedIn || id.State == history.SignedOut {
			all = append(all, meeting{at: id.at, in: id.State == history.SignedIn})
		}
	}
	sort.SliceStable(all, func(i, k int) bool { return all[i].at < all[k].at })
	return all
}

// introduces says whether a request has its sender's password or address in it,
// and whether the password.
func (r *record) introduces(h History, x *exchange) (named, password bool) {
	if x.request.Hash == "" || x.viewer == history.Nobody {
		return false, false
	}
	body, err := h.Body(x.request.Hash)
	if err != nil {
		return false, false // it was dropped: the session's own page will tell
	}
	has := func(value string) bool { // a form has + for a blank; JSON has it for itself
		return value != "" && (strings.Contains(plainForm(string(body)), value) || strings.Contains(string(body), value))
	}
	for i := range r.customers {
		if c := &r.customers[i]; c.ID == x.viewer {
			password = has(c.Password)
			return password || has(c.Email), password
		}
	}
	return false, false
}

// handOver takes back what was remembered as a customer's in a client that had
// it before: whoever uses the client next is told the same, and it does not
// become theirs. What the client had been told before anybody signed in is
// nobody's.
func (r *record) handOver() {
	type toldTo struct{ session, key string }
	first := map[toldTo]*learned{}
	drop := map[*learned]bool{}
	for i := range r.learned {
		l := &r.learned[i]
		s := r.sessions[l.Session]
		if s == nil || !s.heirs() {
			continue
		}
		was := first[toldTo{l.Session, claimKey(*l)}]
		if was == nil {
			first[toldTo{l.Session, claimKey(*l)}] = l
			continue
		}
		if was.Customer != l.Customer {
			drop[l] = true
			drop[was] = drop[was] || !s.metAt(was.at)
		}
	}
	if len(drop) == 0 {
		return
	}
	var kept []learned
	for i := range r.learned {
		if !drop[&r.learned[i]] {
			kept = append(kept, r.learned[i])
		}
	}
	r.learned = kept
}
