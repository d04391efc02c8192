package leak

import (
	"net/http"
	"slices"
	"sort"
	"strings"

	"crosstalk/harness/history"
)

// turning knows the values that turn with time: a key that a shop gives to
// whoever asks within the same minute, and the next one after. In solo, where
// customers come one after the other, each has another one, as of a credential;
// two who come together have the same.
//
// What tells them from a credential that a cache hands to whoever comes while it
// lasts: the answers are no copies of each other, and nobody has a value for
// longer than all others. Whoever comes back after the turn, on whichever page,
// has the next one. Whose session's token or key a value is, still has it.
//
// One case looks the same: a token that is new whenever it is made, in a part of
// a page that a cache with no mark keeps for a while and puts into everybody's
// page. What tells that from a key of the moment is how many ways there are to
// have it: a key is given alike in pages, in calls, in cookies; what is kept
// once is in that one. A key that is given in one way only is therefore a
// suspicion, and a person says whether it is one.
type turning struct {
	sites map[turnSite]*turnValues
	spans map[string]*turnSpan         // by value, from all its sites
	at    map[string]map[turnSite]bool // by value
	known map[string]turns             // asked for so far
}

// turns is whether a value is one that turns with time.
type turns int

const (
	stays turns = iota
	seems       // it was met in one way only: it can be a token that was kept
	goes        // it is nobody's
)

// turnSite is where values stand: a cookie's name, what the ledger calls a
// credential of a body or a header, or a place with random values.
type turnSite struct {
	name string
	at   personalSlot
}

type turnValues struct {
	values map[string]bool
	mixed  bool // one answer had several: other things stand there, too
	way    turnWay
	last   *exchange // that gave a value here
	gave   string    // it
}

// turnWay is how a value comes to a client.
type turnWay string

const (
	wayCookie turnWay = "cookie"
	wayHeader turnWay = "header"
	wayData   turnWay = "data" // JSON
	wayPage   turnWay = "page"
)

// wayOf is the way to a place in an answer.
func wayOf(on history.Surface, where string) turnWay {
	switch {
	case on == history.SurfaceHeader:
		return wayHeader
	case strings.HasPrefix(where, "$"):
		return wayData
	}
	return wayPage
}

// turnSpan is from when to when a value was given.
type turnSpan struct {
	from, to history.Moment // its first answer's arrival; its last request's start
	first    *exchange
	read     *exchange // the first with a body
	shared   bool      // two owners were given it
	fresh    bool      // by answers of which neither is a copy of the other
	firsts   map[turnSite]*exchange
	ways     map[turnWay]bool // in which two owners were given it, at one site
}

// Of values that turn with time. A second is what clocks count in: session ids
// that are made of one are no such values.
const (
	fewestTurns  = 3 // values that two owners were given by different answers
	fewestWays   = 2 // in which two owners were given one
	shortestTurn = history.Moment(2_000_000)
	fewMissed    = 20 // renewals to each that is missing
)

// turns says whether a value is one of those that turn with time, and so
// nobody's.
func (c *court) turns(value string) turns {
	if c.turning == nil {
		c.turning = c.readTurning()
	}
	t := c.turning
	known, asked := t.known[value]
	if !asked {
		known = c.weighTurns(value)
		t.known[value] = known
	}
	return known
}

func (c *court) readTurning() *turning {
	t := &turning{sites: map[turnSite]*turnValues{}, spans: map[string]*turnSpan{}, at: map[string]map[turnSite]bool{}, known: map[string]turns{}}
	for _, x := range c.rec.exchanges {
		if !original(x) {
			continue
		}
		for _, k := range x.cookies {
			if credentialCookie(k) {
				t.note(turnSite{name: k.name}, k.value, x, wayCookie)
			}
		}
	}
	firsts := map[[2]string]*exchange{}
	for _, s := range c.rec.sightings {
		x := s.exchange
		if s.surface != history.SurfaceResponse || x == nil || static(x) || !original(x) {
			continue
		}
		same := [2]string{x.url, x.body.Hash}
		if first := firsts[same]; first != nil && !sameAsker(first, x) {
			continue // it can be a copy that nothing marks
		}
		firsts[same] = x
		for _, m := range s.body.tokens {
			t.note(turnSite{name: bodyName(x, m)}, m.value, x, wayOf(s.surface, m.where))
		}
		for _, v := range c.rareOf(s) {
			t.note(turnSite{at: v.at}, v.value, x, wayOf(v.at.surface, v.at.where))
		}
	}
	return t
}

// original says that an answer was made for who asked, as far as it tells: no
// error, and no copy of what another was given.
func original(x *exchange) bool {
	return x.status >= http.StatusOK && x.status < http.StatusBadRequest && x.from == "" && markOf(x) == ""
}

func (t *turning) note(at turnSite, value string, x *exchange, way turnWay) {
	site := t.sites[at]
	if site == nil {
		site = &turnValues{values: map[string]bool{}, way: way}
		t.sites[at] = site
	}
	site.mixed = site.mixed || site.last == x && site.gave != value
	site.last, site.gave = x, value
	site.values[value] = true
	if t.at[value] == nil {
		t.at[value] = map[turnSite]bool{}
	}
	t.at[value][at] = true
	span := t.given(value, x)
	if first := span.firsts[at]; first == nil {
		span.firsts[at] = x
	} else if !sameAsker(first, x) {
		span.ways[way] = true
	}
}

func (t *turning) given(value string, x *exchange) *turnSpan {
	span := t.spans[value]
	if span == nil {
		span = &turnSpan{from: arrival(x), to: x.start, first: x, firsts: map[turnSite]*exchange{}, ways: map[turnWay]bool{}}
		t.spans[value] = span
	}
	span.from, span.to = min(span.from, arrival(x)), max(span.to, x.start)
	span.shared = span.shared || !sameAsker(span.first, x)
	switch {
	case x.body.Hash == "":
	case span.read == nil:
		span.read = x
	case !sameAsker(span.read, x):
		span.fresh = span.fresh || x.body.Hash != span.read.body.Hash && x.copy.date != span.read.copy.date
	}
	return span
}

// weighTurns asks all values that stand where this one does: whether they came
// one after the other, and none ever again, and often enough to several.
func (c *court) weighTurns(value string) turns {
	t := c.turning
	values := map[string]bool{}
	var cookies []turnSite
	for at := range t.at[value] {
		site := t.sites[at]
		if site.mixed {
			continue
		}
		for v := range site.values {
			values[v] = true
		}
		if site.way == wayCookie {
			cookies = append(cookies, at)
		}
	}
	order := t.inTurn(values)
	if order == nil || slices.ContainsFunc(cookies, func(at turnSite) bool { return !c.renews(at.name, order) }) {
		return stays
	}
	ways := map[turnWay]bool{}
	for _, v := range order {
		for way := range t.spans[v].ways {
			ways[way] = true
		}
	}
	if len(ways) < fewestWays {
		return seems
	}
	return goes
}

// inTurn are values in the order of time; nil when two overlap, or when they are
// not such that turn with time.
func (t *turning) inTurn(values map[string]bool) []string {
	order := sortedKeys(values)
	sort.SliceStable(order, func(i, k int) bool { return t.spans[order[i]].from < t.spans[order[k]].from })
	enough, end := 0, history.Moment(0)
	for _, v := range order {
		span := t.spans[v]
		if span.from+breather < end {
			return nil
		}
		end = max(end, span.to)
		if span.shared && span.fresh && span.to-span.from >= shortestTurn {
			enough++
		}
	}
	if enough < fewestTurns {
		return nil
	}
	return order
}

// renews says whether a cookie of values that turn is given to each client that
// has an older one, or none, wherever it is given at all. The id of a session
// is not: whoever has one keeps it. Now and then a client has a newer one than we
// know, of an answer that was cut: in half an hour of rounds one in some hundreds.
func (c *court) renews(name string, order []string) bool {
	turn := map[string]int{}
	for i, v := range order {
		turn[v] = i
	}
	gives := c.giving(name)
	held, renewed, missed := map[*session]string{}, 0, 0
	for _, x := range c.rec.exchanges {
		value, given := cookieOf(x, name)
		if given {
			if held[x.session] != value { // a session's id that is sent again is no other
				renewed++
			}
			held[x.session] = value
			continue
		}
		if !gives[x.url] || x.method != http.MethodGet || x.status != http.StatusOK || !original(x) {
			continue
		}
		has, some := held[x.session]
		if next := turn[has] + 1; !some || next < len(order) && c.turning.spans[order[next]].from <= x.start {
			missed++
		}
	}
	return missed*fewMissed <= renewed
}

// giving are the addresses that ever gave a cookie.
func (c *court) giving(name string) map[string]bool {
	gives := map[string]bool{}
	for _, x := range c.rec.exchanges {
		if _, ok := cookieOf(x, name); ok && original(x) && x.method == http.MethodGet {
			gives[x.url] = true
		}
	}
	return gives
}

func cookieOf(x *exchange, name string) (string, bool) {
	for _, c := range x.cookies {
		if c.name == name {
			return c.value, true
		}
	}
	return "", false
}
