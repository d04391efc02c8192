package leak

import (
	"regexp"
	"slices"
	"sort"
	"strings"

	"crosstalk/harness/customer"
	"crosstalk/harness/history"
)

// session is what is known of one session.
type session struct {
	history.Session
	known, closed, lost bool
	identities          []identity
	steps               []step
	exchanges           []*exchange    // in order of start
	last                history.Moment // of its sightings
	met                 []meeting      // of a client that several customers used
}

// step is a performed step: what was done, which many sessions have in common,
// and when.
type step struct {
	*history.Step
	Start, End history.Moment
}

type identity struct {
	history.Identity
	at history.Moment
}

func (s *session) arrange() {
	sort.SliceStable(s.steps, func(i, k int) bool {
		a, b := s.steps[i], s.steps[k]
		return a.Start < b.Start || a.Start == b.Start && a.Index < b.Index
	})
	s.sortIdentities()
	for i := range s.identities {
		s.identities[i].at = s.effective(s.identities[i])
	}
	// A sign-out that failed may have happened all the same: nothing is
	// expected of the session from its start on.
	for _, st := range s.steps {
		if st.Op == "sign_out" && st.Outcome != history.StepDone {
			s.identities = append(s.identities, identity{history.Identity{State: history.SignedOut}, st.Start})
		}
	}
	s.sortIdentities()
}

// sortIdentities puts a sign-out behind what else happened at its moment:
// when in doubt, nothing is expected of the session.
func (s *session) sortIdentities() {
	order := map[string]int{history.Became: 0, history.SignedIn: 1, history.SignedOut: 2}
	sort.SliceStable(s.identities, func(i, k int) bool {
		a, b := s.identities[i], s.identities[k]
		return a.at < b.at || a.at == b.at && order[a.State] < order[b.State]
	})
}

// effective is when a change of identity took hold: at the start of the step
// that made it. It is written when the step has ended, but a snapshot taken
// during a `shows` step is one of a session signed in, and a request that a
// click on "Sign out" sent is one of a session on its way out.
func (s *session) effective(id identity) history.Moment {
	at := id.at
	for _, st := range s.steps {
		fits := id.State == history.SignedIn && st.Op == "shows" || id.State == history.SignedOut && st.Op == "sign_out"
		if fits && st.Start <= id.at && st.Outcome == history.StepDone {
			at = st.Start // the last one that fits: steps are in order
		}
	}
	return at
}

// before says that the session belongs to the time before the first sign-up.
func (s *session) before() bool {
	return s.Phase == history.PhaseSelfCheck || s.Phase == history.PhaseBaseline
}

func (s *session) baseline() bool { return s.Phase == history.PhaseBaseline && !s.mailbox() }
func (s *session) solo() bool     { return s.Phase == history.PhaseSolo }

// round says that the session was part of a schedule's round.
func (s *session) round() bool {
	switch s.Phase {
	case "", history.PhaseSelfCheck, history.PhaseBaseline, history.PhaseSignUp, history.PhaseSolo, history.PhaseCleanUp:
		return false
	}
	return true
}

// signedIn says whether the session is expected to be shown its own values.
func (s *session) signedIn(at history.Moment) bool {
	in := false
	for _, id := range s.identities {
		if id.at > at {
			break
		}
		in = id.State == history.SignedIn
	}
	return in
}

// predecessors are the customers who used this client before the one who uses
// it at this moment.
func (s *session) predecessors(at history.Moment) map[string]bool {
	earlier, now := map[string]bool{}, s.Customer
	for _, id := range s.identities {
		if id.at > at {
			break
		}
		if id.State == history.Became {
			earlier[now] = true
			now = id.Customer
		}
	}
	delete(earlier, now)
	delete(earlier, history.Nobody)
	return earlier
}

// heirs says whether another customer used the client after the first.
func (s *session) heirs() bool {
	return slices.ContainsFunc(s.identities, func(id identity) bool { return id.State == history.Became })
}

// user is the customer who used the client at a moment.
func (s *session) user(at history.Moment) string {
	now := s.Customer
	for _, id := range s.identities {
		if id.at > at {
			break
		}
		if id.State == history.Became {
			now = id.Customer
		}
	}
	return now
}

// inherited says that the heir of a customer is shown that customer's own
// before having signed in: what is left of them in the client, and a suspicion.
func (s *sighting) inherited(from string) bool {
	return s.session.predecessors(s.at)[from] && !s.session.signedIn(s.at) && !s.entered()
}

// entered says that a sighting is of what came to the client after the shop had
// taken the password of who uses it, and that they were shown their own next:
// they have signed in, which is journaled only then.
func (s *sighting) entered() bool {
	by := s.session.admitted(s.at)
	if by == nil || s.exchange == nil || s.exchange.start < arrival(by) {
		return false
	}
	for _, id := range s.session.identities {
		if id.at > s.at {
			return id.State == history.SignedIn
		}
	}
	return false
}

// beside says that a step was none of the journey's: an error provoked on
// purpose, or what a person does beside it.
func (st *step) beside() bool {
	return st.Part == history.PartProvoke || st.Part == history.PartBetween
}

// byPlan says that a step was cut because the plan has it so, and not by the
// end of the run.
func (st *step) byPlan() bool {
	return st.Outcome == history.StepCut && strings.Contains(st.Error, "by plan")
}

// aside says that what the session was shown at a moment is no visit: a step
// had been cut, an error provoked, or something done beside the journey, and no
// step has begun since. What a stopped page has shown so far, and what stands
// there without a network, need not be one's own data. It is evidence as
// anything else.
func (s *session) aside(at history.Moment) bool {
	end := sort.Search(len(s.steps), func(i int) bool { return s.steps[i].Start > at })
	for i := end - 1; i >= 0; i-- {
		if st := &s.steps[i]; st.Start < s.steps[end-1].Start {
			return false
		} else if st.Outcome == history.StepCut || st.beside() {
			return true
		}
	}
	return false
}

// cut says whether the moment lies within a step that was ended by plan.
func (s *session) cut(at history.Moment) bool {
	for _, st := range s.steps {
		if st.Outcome == history.StepCut && st.Start <= at && at <= st.End {
			return true
		}
	}
	return false
}

var field = regexp.MustCompile(`\{\{\s*([a-z_]+)`)

// typed are the kinds that the session had typed at this address when a step
// of this index ended. A form shows what was typed into it: that proves
// nothing about what the shop knows.
func (s *session) typed(url string, step int) map[customer.Kind]bool {
	typed := map[customer.Kind]bool{}
	for _, st := range s.steps {
		if st.Index > step || st.Op != "fill" && st.Op != "select" || path(st.URL) != path(url) {
			continue
		}
		for _, m := range field.FindAllStringSubmatch(st.Text, -1) {
			typed[customer.Kind(m[1])] = true
		}
	}
	return typed
}

// path is an address without its query and fragment.
func path(url string) string {
	if i := strings.IndexAny(url, "?#"); i >= 0 {
		return url[:i]
	}
	return url
}

// whole says that the session was neither lost nor cut off on its way.
func (s *session) whole() bool {
	for _, st := range s.steps {
		if st.Outcome == history.StepCut {
			return false
		}
	}
	return !s.lost
}

// failure is the first step of the journey that failed, if any did.
func (s *session) failure() *step {
	for i := range s.steps {
		if s.steps[i].Outcome == history.StepFailed && !s.steps[i].beside() {
			return &s.steps[i]
		}
	}
	return nil
}
