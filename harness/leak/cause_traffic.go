package leak

import (
	"net/http"
	"sort"

	"crosstalk/harness/customer"
	"crosstalk/harness/history"
)

// traffic finds exchanges by what causes ask for, so that none of them looks
// through the whole run.
type traffic struct {
	lanes     map[string]*lane // by customer: personal requests over the network
	customers *lane            // of all customers together
	all       []*exchange      // theirs and those of passers-by, in order of start
	sessions  map[*session]*lane
	first     map[visit]history.Moment // when a customer was first answered at a place
	set       map[cookie][]*exchange   // who was sent the cookies that proofs are about
	marks     bool                     // this shop's caches mark the copies they hand out
}

// visit is who was at a place.
type visit struct {
	place  history.Place
	viewer string
}

// clues are what only some causes ask for, made when the first one does.
type clues struct {
	bySession map[*session][]*sighting
	pushedAs  map[string][]*sighting        // by the hash of the bytes
	pushedAt  map[history.Place][]*sighting // in order of time
	pushedTo  map[*session][]*sighting      // in order of time
	things    map[string][]customer.Marker  // by owner
	astray    map[*exchange]*wrong
	owed      *owed
	shift     *shift
	handed    *[]string // why replies were shifted in this run
	mistaken  *[]string // why, where they answer other questions
	leftovers map[history.Place]*leftover
	leftover  *leftover // of all places together
	elsewhere *[]*wrong
	strayed   map[*exchange]*wrong // answers that showed anything of another customer's
	strays    []*wrong             // the same, in order
	strayedIn map[outing][]*wrong
	twins     map[string][]*exchange // by the hash of a wrong answer's bytes
	copies    *int                   // wrong answers, where all are copies
	renewal   *renewal
	company   map[history.Place]company
	heirs     map[history.Place]int
	uncut     map[history.Place][]*wrong // wrong answers that came while nothing had been cut or refused
	strangers map[*exchange]bool         // requests of which the shop could not know whose they are
	unmet     *string                    // what tells that only strangers were given wrong answers
	misled    map[*exchange]*exchange    // an answer that was meant for another request → that request
}

// lane is a series of requests, one beside or after the other.
type lane struct {
	all   []*exchange      // in order of start
	reach []history.Moment // the latest end up to here
	ends  []history.Moment // in order
}

func (l *lane) add(x *exchange) {
	reach := over(x)
	if n := len(l.reach); n > 0 {
		reach = max(reach, l.reach[n-1])
	}
	l.all, l.reach, l.ends = append(l.all, x), append(l.reach, reach), append(l.ends, over(x))
}

// over is when a request had been served: of a stream, when that began. It stays
// open for as long as its page does, and is beside whatever comes then.
func over(x *exchange) history.Moment {
	if x.resource == "events" || x.resource == "websocket" || x.status == http.StatusSwitchingProtocols {
		return min(arrival(x), x.end)
	}
	return x.end
}

func (l *lane) finish() {
	sort.Slice(l.ends, func(i, k int) bool { return l.ends[i] < l.ends[k] })
}

// survey goes through the exchanges once, if there is anything to explain.
func (c *court) survey() *traffic {
	t := &traffic{
		lanes: map[string]*lane{}, customers: &lane{}, sessions: map[*session]*lane{},
		first: map[visit]history.Moment{}, set: map[cookie][]*exchange{},
	}
	if len(c.proofs) == 0 {
		return t
	}
	for _, p := range c.proofs {
		if line := c.lineOf(p); line.name != "" {
			t.set[line] = nil
		}
	}
	for _, x := range c.rec.exchanges {
		if x.from != "" {
			continue
		}
		for _, line := range x.cookies {
			if known, asked := t.set[line]; asked {
				t.set[line] = append(known, x)
			}
		}
		t.marks = t.marks || !static(x) && x.copy.hit() != ""
		if !static(x) || c.holdsOf(x, "") { // a picture can be somebody's
			t.enter(x)
		}
	}
	t.customers.finish()
	for _, l := range t.lanes {
		l.finish()
	}
	return t
}

func (t *traffic) enter(x *exchange) {
	t.all = append(t.all, x)
	if x.viewer == history.Nobody {
		if t.sessions[x.session] == nil {
			t.sessions[x.session] = &lane{}
		}
		t.sessions[x.session].add(x)
		return
	}
	if t.lanes[x.viewer] == nil {
		t.lanes[x.viewer] = &lane{}
	}
	t.lanes[x.viewer].add(x)
	if at := (visit{x.place, x.viewer}); t.first[at] == 0 {
		t.first[at] = arrival(x)
	}
	t.customers.add(x)
}

// victims is the lane of a proof's victim; nil when nobody can say who it is.
func (t *traffic) victims(p proof) *lane {
	if p.victim == history.Nobody && p.from != nil && p.from.sighting.session != p.sighting.session {
		return t.sessions[p.from.sighting.session]
	}
	return t.lanes[p.victim]
}

// beside are the requests of a lane that were in flight together with x, the
// latest first.
func (l *lane) beside(x *exchange) []*exchange {
	if l == nil {
		return nil
	}
	var found []*exchange
	for i := sort.Search(len(l.all), func(i int) bool { return l.all[i].start >= x.end }) - 1; i >= 0 && l.reach[i] > x.start; i-- {
		if e := l.all[i]; e != x && over(e) > x.start && len(found) < mostAnswers {
			found = append(found, e)
		}
	}
	return found
}

// before is the latest request of a lane that had ended at a moment, by its end.
func (l *lane) before(at history.Moment) *exchange {
	if l == nil {
		return nil
	}
	var latest *exchange
	end := sort.Search(len(l.all), func(i int) bool { return l.all[i].start >= at })
	for i := end - 1; i >= max(0, end-mostAnswers); i-- {
		if e := l.all[i]; over(e) <= at && (latest == nil || over(e) > over(latest)) {
			latest = e
		}
	}
	return latest
}

// ended counts the requests of a lane that ended after one moment and not
// after another.
func (l *lane) ended(after, until history.Moment) int {
	if l == nil {
		return 0
	}
	from := sort.Search(len(l.ends), func(i int) bool { return l.ends[i] > after })
	to := sort.Search(len(l.ends), func(i int) bool { return l.ends[i] > until })
	return max(0, to-from)
}

// redirects counts the latest requests of a lane that ended after one moment and
// not after another, and were only sent on: what keeps whoever was shown something
// last has not been given another by them.
func (l *lane) redirects(after, until history.Moment) int {
	if l == nil {
		return 0
	}
	n := 0
	end := sort.Search(len(l.all), func(i int) bool { return l.all[i].start > until })
	for _, e := range l.all[max(0, end-mostAnswers):end] {
		if over(e) > after && over(e) <= until && e.status >= 300 && e.status < 400 && e.status != http.StatusNotModified {
			n++
		}
	}
	return n
}

// between counts the requests of customers other than these two that were
// answered between two moments.
func (t *traffic) between(viewer, victim string, after, until history.Moment) int {
	return t.customers.ended(after, until) - t.lanes[viewer].ended(after, until) - t.lanes[victim].ended(after, until)
}
