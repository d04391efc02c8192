package leak

import (
	"fmt"
	"slices"
	"sort"

	"crosstalk/harness/history"
)

// Times by which one answer for two requests is told from two answers.
const (
	atOnce = history.Moment(10_000)  // by how much one answer arrives later at one than at the other
	midway = history.Moment(20_000)  // how long before it arrives an answer can be in a cache already
	afar   = history.Moment(100_000) // from when on two answers do not arrive together by chance
	nearer = 20                      // how many times nearer together they arrive than they were asked for
)

// coalesced is the cause "coalesced request": the victim's request for the
// same URL was not answered yet when the viewer asked, and one answer came to
// both at the same moment. A copy cannot have been stored by then; and two
// answers of their own come as far apart as they were asked for, unless they
// share what the shop makes for one answer alone.
//
// Times alone mislead where a busy machine reads many answers at once, or
// where the place gives wrong answers that nobody else was given.
func (c *court) coalesced(q inquiry) ([]string, string) {
	if !q.cookieToken() {
		if facts := c.since(q.proof, CauseCoalesced); facts != nil {
			return facts, ""
		}
	}
	e := c.together(q)
	if e == nil {
		return nil, ""
	}
	gap, lag := max(0, q.x.start-e.start), distance(arrival(e), arrival(q.x))
	asked := length(gap) + " after"
	if !noLater(e, q.x) {
		asked = length(e.start-q.x.start) + " before"
	}
	times := fmt.Sprintf("%s (%s) asked for the same URL %s %s's %s, before that was answered, and both were answered within %s",
		q.x.id, name(q.x.viewer), asked, name(e.viewer), e.id, length(lag))
	if id := sameID(e, q.x); id != "" {
		return []string{times + ": " + id + " the same, no sign of a stored copy"}, ""
	}
	if k := c.companies()[q.x.place]; k.sure() && !q.cookieToken() {
		return []string{fmt.Sprintf("%s: same bytes, no sign of a stored copy, as with %d answers of this place that were asked for further apart", times, k.shared)}, ""
	}
	lonely := c.lonely(q.x.place)
	if !lonely && gap >= afar && gap >= nearer*lag && !c.crowded(q.x) {
		return []string{times + ": " + whatShared(q) + ", no sign of a stored copy"}, ""
	}
	if facts := c.flocked(times); facts != nil && !q.ofCookie() {
		return facts, ""
	}
	if lonely {
		return nil, ""
	}
	return nil, fmt.Sprintf("a coalesced request (%s)", times)
}

// together is the victim's request whose answer q.x may have been given too.
func (c *court) together(q inquiry) *exchange {
	if q.x == nil {
		return nil
	}
	bothWays := q.rule == RuleSharedToken // who had a token first was told by who read it first
	sure := !q.cookieToken() && c.companies()[q.x.place].sure()
	flocked := !q.ofCookie() && c.flock().sure()
	for _, e := range c.traffic.victims(q.proof).beside(q.x) {
		if sharesAnswer(e, q) || sure && together(e, q.x) || flocked && (sharesBetimes(e, q.x) || bothWays && sharesBetimes(q.x, e)) {
			return e
		}
	}
	return nil
}

// company is how the wrong answers of a place stand to the requests of whose
// data they are, as far as those were in flight at the same time.
type company struct {
	all    int // wrong answers that came while the victim waited for one
	shared int // the victim had asked clearly earlier, and both got one answer
	alone  int // the victim got another answer, or at another time
	lone   int // so it seems, by times too near each other to tell who came first
	alike  int // both got one answer, and the victim had not asked clearly later
}

// sure says that the place answers all who wait with one answer: so many did,
// and nobody was given another's answer alone.
func (k company) sure() bool { return k.shared >= 6 && k.alone == 0 }

// lonely says that a place gave a wrong answer while the victim's request was
// in flight, and did not give it to the victim at the same moment. Where it has
// shared answers with victims who asked first, one such is not enough.
func (c *court) lonely(place history.Place) bool {
	k := c.companies()[place]
	if k.shared == 0 {
		return k.lone > 0
	}
	return 4*k.alone >= k.shared
}

func (c *court) companies() map[history.Place]company {
	if c.clues.company != nil {
		return c.clues.company
	}
	c.clues.company = map[history.Place]company{}
	for x, w := range c.wrongs() {
		beside := c.traffic.lanes[w.victim].beside(x)
		if len(beside) == 0 {
			continue
		}
		k := c.clues.company[x.place]
		k.all++
		waiting := slices.ContainsFunc(beside, func(e *exchange) bool { return sharesBytes(e, x) })
		earlier := slices.ContainsFunc(beside, func(e *exchange) bool { return oneAnswer(e, x) && x.start-e.start >= atOnce })
		switch {
		case earlier:
			k.shared++
		case !slices.ContainsFunc(beside, func(e *exchange) bool { return together(e, x) }):
			k.alone++
		}
		if !waiting {
			k.lone++
		}
		if slices.ContainsFunc(beside, func(e *exchange) bool { return alike(e, x) }) {
			k.alike++
		}
		c.clues.company[x.place] = k
	}
	return c.clues.company
}

// oneAnswer says that two requests for the same were answered with the same
// bytes at one moment, by no cache.
func oneAnswer(e, x *exchange) bool {
	return sameQuestion(e, x) && e.body.Hash != "" && e.body.Hash == x.body.Hash && distance(arrival(e), arrival(x)) <= atOnce && uncached(x)
}

// together says that they were asked for at one moment as well.
func together(e, x *exchange) bool { return oneAnswer(e, x) && distance(e.start, x.start) < atOnce }

// crowded says that answers to other requests arrived at the very moment of
// this one: the machine had been too busy to read them as they came.
func (c *court) crowded(x *exchange) bool {
	at, same := arrival(x), 0
	all := c.rec.byURL[x.url]
	end := sort.Search(len(all), func(i int) bool { return all[i].start > at })
	for _, e := range all[max(0, end-mostAnswers):end] {
		if e.body.Hash == x.body.Hash && distance(e.end, at) <= atOnce {
			same++
		}
	}
	return c.traffic.customers.ended(at-atOnce, at+atOnce) > same
}

// sharesAnswer says whether e's answer, by its bytes or its Set-Cookie line,
// could have been given to q.x as well, while both waited.
func sharesAnswer(e *exchange, q inquiry) bool {
	if !waited(e, q.x) {
		return false
	}
	if q.ofCookie() {
		return slices.Contains(e.cookies, q.line)
	}
	return sharesBytes(e, q.x)
}

func sharesBytes(e, x *exchange) bool {
	return waited(e, x) && e.body.Hash != "" && e.body.Hash == x.body.Hash
}

// cookieToken says that a cookie is what was shared.
func (q inquiry) cookieToken() bool { return q.rule == RuleSharedToken && q.from.token.cookie }

// waited says that x asked for the same while e was not answered yet, and was
// answered with it at one moment, by no cache.
func waited(e, x *exchange) bool {
	return sameQuestion(e, x) && e.start <= x.start && arrival(e)-x.start >= midway && distance(arrival(e), arrival(x)) <= atOnce && uncached(x)
}

func sameQuestion(e, x *exchange) bool {
	return e.url == x.url && e.method == x.method && e.request.Hash == x.request.Hash
}

// uncached says that an answer is marked as no copy.
func uncached(x *exchange) bool {
	return x.copy.hit() == "" && (x.copy.age == "" || x.copy.age == "0")
}

// sameID is the header that names one response, and names both.
func sameID(e, x *exchange) string {
	for _, name := range sortedKeys(x.copy.ids) {
		if x.copy.ids[name] == e.copy.ids[name] {
			return name
		}
	}
	return ""
}

func whatShared(q inquiry) string {
	if q.ofCookie() {
		return "same Set-Cookie line"
	}
	return "same bytes"
}
