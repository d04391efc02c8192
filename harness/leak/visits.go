package leak

import (
	"maps"
	"sort"

	"crosstalk/harness/customer"
	"crosstalk/harness/history"
)

// stay is one visit: consecutive renders of one document are one, however
// often a step looked at it.
type stay struct {
	first       *sighting
	own, signed bool
	left        bool // the session went on to another document
	kinds       map[customer.Kind]bool
	last        history.Moment
	by          *exchange // brought it; nil when the client had it, or the record does not say
}

// edge is who answered, as far as that is known.
func (v *stay) edge() string {
	if v.by == nil || len(v.by.route.edges) == 0 {
		return ""
	}
	return v.by.route.edges[0]
}

// turnedAway says that a target that does not keep up answered in the place's
// stead: nothing of it was asked, and nothing was left behind there.
func (v *stay) turnedAway() bool { return v.by != nil && troubled(v.by.status) }

// visits counts stays at places with own slots, in the order of their
// beginnings and each once it is over, so that a long run's are never held all
// at once. What the plan cut, what came from the client's own cache, what only
// redirects, and sessions before and after the run proper do not count.
type visits struct {
	court   *court
	open    map[string]*stay // by session and surface: the document it stays on
	waiting []*stay          // begun, and behind one that is not over
	tallies map[stage]*tally
	plain   *plainPlaces
}

func (c *court) newVisits() *visits {
	plain := newPlainPlaces()
	plain.keyed(c.keys)
	return &visits{court: c, open: map[string]*stay{}, tallies: map[stage]*tally{}, plain: plain}
}

// take goes on to the next sighting in the order of happening.
func (v *visits) take(s *sighting) {
	for len(v.waiting) > 0 && v.waiting[0].over(s.at) {
		v.count(v.waiting[0])
		v.waiting = v.waiting[1:]
	}
	if begun := v.arrive(s); begun != nil {
		v.waiting = append(v.waiting, begun)
	}
}

// end counts what is left.
func (v *visits) end() map[stage]*tally {
	for _, s := range v.waiting {
		v.count(s)
	}
	v.waiting = nil
	return v.tallies
}

func (v *visits) count(s *stay) {
	at := stage{s.first.place, s.first.surface}
	if v.tallies[at] == nil {
		v.tallies[at] = newTally(at)
	}
	v.tallies[at].add(s, v.court.rec.window(s.first.session))
}

// arrive answers the stay that begins with a sighting; nil when it counts for
// none, or for one that is open.
func (v *visits) arrive(s *sighting) *stay {
	c, on := v.court, stage{s.place, s.surface}
	if !visited(s.surface) || !c.counts(s) || s.flash {
		return nil
	}
	v.plain.show(c, s)
	if s.surface == history.SurfaceResponse {
		v.plain.visit(s)
		if !c.slots.places[on] {
			return nil
		}
		begun := c.stay(s)
		begun.left = true
		return begun
	}
	key := s.session.ID + "\x00" + string(s.surface) + "\x00" + s.frame // a frame's page does not end that of another
	was := v.open[key]
	if was != nil && was.first.url == s.url && was.first.viewer == s.viewer && !reloaded(s.session, was.last, s.at) {
		c.prolong(was, s)
		return nil
	}
	if was != nil {
		was.left = true
	}
	v.plain.visit(s)
	v.open[key] = c.stay(s)
	if !c.slots.places[on] {
		return nil
	}
	return v.open[key]
}

// over says whether nothing that comes from this moment on can belong to the
// stay.
func (v *stay) over(now history.Moment) bool { return v.left || v.first.session.last < now }

func (c *court) stay(s *sighting) *stay {
	v := &stay{first: s, by: c.bringer(s)}
	c.prolong(v, s)
	return v
}

func (c *court) prolong(v *stay, s *sighting) {
	v.last = s.at
	v.signed = v.signed || s.session.signedIn(s.at)
	shown := c.slots.view(s).own
	v.own = v.own || len(shown) > 0
	if v.kinds == nil {
		v.kinds = shown
		return
	}
	for kind := range shown {
		if !v.kinds[kind] {
			v.kinds = maps.Clone(v.kinds) // it was the view's
			v.kinds[kind] = true
		}
	}
}

// bringer is the exchange by which a visit came: a response's own, a page's
// document. A page that its script renamed has the document it was made of. It
// is nil when that came out of the client's own cache.
func (c *court) bringer(s *sighting) *exchange {
	x := s.exchange
	if s.surface != history.SurfaceResponse {
		x = documentOf(s)
	}
	if x == nil || x.from != "" {
		return nil
	}
	return x
}

// documentOf is the latest document that a session had asked for when it was
// shown something rendered: one at the same place if there is one.
func documentOf(s *sighting) *exchange {
	var latest *exchange
	all := s.session.exchanges
	end := sort.Search(len(all), func(i int) bool { return all[i].start > s.at })
	for i := end - 1; i >= max(0, end-mostCopies); i-- {
		if x := all[i]; x.resource == "document" && !bodiless(x.status) {
			if x.place == s.place {
				return x
			}
			if latest == nil {
				latest = x
			}
		}
	}
	return latest
}

// reloaded says whether the session asked for a document between two moments.
func reloaded(s *session, from, to history.Moment) bool {
	i := sort.Search(len(s.exchanges), func(i int) bool { return s.exchanges[i].start > from })
	for ; i < len(s.exchanges) && s.exchanges[i].start <= to; i++ {
		if s.exchanges[i].resource == "document" {
			return true
		}
	}
	return false
}

func (c *court) counts(s *sighting) bool {
	if !s.session.solo() && !s.session.round() || s.body.Hash == "" || s.session.aside(s.at) {
		return false
	}
	if s.surface != history.SurfaceResponse {
		return true
	}
	x := s.exchange
	redirect := x.status >= 300 && x.status < 400
	return !static(x) && x.from == "" && x.failed == "" && !redirect && !s.body.gone
}
