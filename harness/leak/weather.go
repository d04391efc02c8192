package leak

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"sort"
	"strings"

	"crosstalk/harness/history"
)

// By what a target that does not keep up is told from one that answers badly
// now and then.
const (
	tolerable  = 0.1                       // share of answers that may be bad
	fewestBad  = 5                         // in a row or nearly
	heavy      = 0.2                       // share of all answers from which on the run says nothing by itself
	slowAnswer = history.Moment(3_000_000) // and slowTimes what the slowest of solo took there
	slowTimes  = 4
	goneFrom   = 5 // answers at the end, without a good one after them
)

// answerOf is one request of solo or the rounds to the target, and what was bad
// about its answer; "" for a good one.
type answerOf struct {
	at, until history.Moment
	bad       string
	nobody    bool // no answer came at all
}

// spell is a stretch of answers of which many were bad.
type spell struct {
	answers  []answerOf // of the stretch, the first of which is bad
	bad      int
	of       int // answers in the whole run
	lasting  bool
	gone     bool
	kinds    map[string]int
	worst    string
	requests int // in the stretch
}

// weather is the reason that the target did not keep up: with whatever else is
// missing, or by itself where it was so for much of the run. A single error is
// none. It explains the minima that were missed because of it, so it is said
// first.
func (c *court) weather(missed bool) []Reason {
	s := worstSpell(c.answers())
	if s == nil || !missed && !s.gone && float64(s.bad) < heavy*float64(s.of) {
		return nil
	}
	since := fmt.Sprintf("from %s on", offset(s.answers[0].at))
	if from, to := offset(s.answers[0].at), offset(s.answers[len(s.answers)-1].at); !s.lasting && from == to {
		since = "at " + from
	} else if !s.lasting {
		since = fmt.Sprintf("between %s and %s", from, to)
	}
	if s.gone {
		return []Reason{{
			Text:   fmt.Sprintf("the target was gone %s: %s", since, s.words()) + c.slowedDown(),
			Remedy: "find out why it ended, and run again when it is up",
		}}
	}
	return []Reason{{
		Text:   fmt.Sprintf("the target did not keep up: %s %s", s.words(), since) + c.slowedDown(),
		Remedy: s.remedy(),
	}}
}

func offset(at history.Moment) string { return fmt.Sprintf("+%.0f s", float64(at)/1e6) }

// words are "87 of 240 answers were 503, 12 429".
func (s *spell) words() string {
	kinds := sortedKeys(s.kinds)
	sort.SliceStable(kinds, func(i, k int) bool { return s.kinds[kinds[i]] > s.kinds[kinds[k]] })
	if len(kinds) == 1 {
		return fmt.Sprintf("%d of %s %s %s", s.bad, count(s.requests, "answer", "answers"), plural(s.bad, "was", "were"), kinds[0])
	}
	var parts []string
	for _, kind := range kinds {
		parts = append(parts, fmt.Sprintf("%d %s", s.kinds[kind], kind))
	}
	return fmt.Sprintf("%d of %s %s not what they should be (%s)", s.bad, count(s.requests, "answer", "answers"), plural(s.bad, "was", "were"), listed(parts))
}

func (s *spell) remedy() string {
	if s.worst == "429" {
		return remedyFor("answered 429", "")
	}
	return "run again when it is well, or with fewer sessions (--parallel)"
}

// slowedDown is how the run itself took it.
func (c *court) slowedDown() string {
	if len(c.rec.paces) == 0 {
		return ""
	}
	least := c.rec.paces[0].Parallel
	for _, p := range c.rec.paces {
		least = min(least, p.Parallel)
	}
	return fmt.Sprintf("; the run changed its pace %s, to %s at once at least", count(len(c.rec.paces), "time", "times"), count(least, "session", "sessions"))
}

// worstSpell is the stretch with the most bad answers above what is tolerable;
// nil when there is none that matters. It is the maximal sum of a series in
// which a bad answer adds what a good one takes away many times over.
func worstSpell(all []answerOf) *spell {
	from, best, sum := 0, 0.0, 0.0
	first, last := -1, -1
	for i, a := range all {
		if sum <= 0 {
			from, sum = i, 0
		}
		if a.bad == "" {
			sum -= tolerable
			continue
		}
		if sum += 1 - tolerable; sum > best {
			first, last, best = from, i, sum
		}
	}
	if first < 0 {
		return nil
	}
	s := newSpell(all, first, last)
	if s.bad < fewestBad {
		return nil
	}
	return s
}

func newSpell(all []answerOf, first, last int) *spell {
	s := &spell{answers: all[first : last+1], of: len(all), kinds: map[string]int{}, requests: last + 1 - first}
	for _, a := range s.answers {
		if a.bad != "" {
			s.bad++
			s.kinds[a.bad]++
			if s.worst == "" || s.kinds[a.bad] > s.kinds[s.worst] {
				s.worst = a.bad
			}
		}
	}
	rest := all[last+1:]
	good := len(rest)
	s.lasting = float64(good) <= tolerable*float64(s.requests)
	tail := 0
	for i := len(all) - 1; i >= 0 && all[i].nobody; i-- {
		tail++
	}
	if s.gone = tail >= goneFrom; s.gone {
		s.lasting = true
		if at := len(all) - tail; at > first { // it was ill before it was gone: say since when it is gone
			s.answers, s.requests, s.bad = all[at:], tail, tail
			s.kinds = map[string]int{}
			for _, a := range s.answers {
				s.kinds[a.bad]++
			}
		}
	}
	return s
}

// answers are those of the target to solo and the rounds, in the order in which
// they were asked for. What the plan cut, provoked or did without a network
// says nothing of it; nor does an address that never answered well at all.
func (c *court) answers() []answerOf {
	usual, limited := c.usual(), c.limited()
	var all []answerOf
	for _, x := range c.rec.exchanges {
		u := usual[x.place]
		if !c.weighed(x) || u == nil || x.status == http.StatusTooManyRequests && x.place == limited {
			continue
		}
		if bad, nobody, known := c.badness(x, u.slowest); known {
			all = append(all, answerOf{x.start, x.end, bad, nobody})
		}
	}
	return all
}

// limited is the place that refuses whoever comes too often, while nothing else
// does: it did so in solo as well, where others answered well. That is a feature,
// and says nothing of the target. "" when there is none.
func (c *court) limited() history.Place {
	refuses, alone, well := map[history.Place]bool{}, map[history.Place]bool{}, map[history.Place]int{}
	good := 0
	for _, x := range c.rec.exchanges {
		switch {
		case !c.weighed(x) || x.status == 0:
		case x.status == http.StatusTooManyRequests:
			refuses[x.place] = true
			alone[x.place] = alone[x.place] || x.session.solo()
		case x.session.solo() && !troubled(x.status):
			good++
			well[x.place]++
		}
	}
	for place := range refuses {
		if len(refuses) == 1 && alone[place] && good-well[place] >= fewestBad {
			return place
		}
	}
	return ""
}

// usually is how a place answers a session that is alone.
type usually struct{ slowest history.Moment }

// usual are the places that answered well once, before the rounds or in them.
func (c *court) usual() map[history.Place]*usually {
	all := map[history.Place]*usually{}
	for _, x := range c.rec.exchanges {
		if x.status == 0 || troubled(x.status) || !ofTarget(x) {
			continue
		}
		if all[x.place] == nil {
			all[x.place] = &usually{}
		}
		if x.session.solo() {
			all[x.place].slowest = max(all[x.place].slowest, arrival(x)-x.start)
		}
	}
	return all
}

// weighed says whether an exchange says how the target is.
func (c *court) weighed(x *exchange) bool {
	s := x.session
	return (s.solo() || s.round()) && ofTarget(x) && x.from == "" && !s.aside(x.start) && !s.cut(x.end)
}

// ofTarget says that a document or data was asked for, of the target itself:
// another host is left out of a place's name otherwise.
func ofTarget(x *exchange) bool {
	_, address, _ := strings.Cut(string(x.place), " ")
	switch x.resource {
	case "document", "xhr", "fetch", "api", "":
		return strings.HasPrefix(address, "/")
	}
	return false
}

// troubled is what a status says of a server that does not keep up.
func troubled(status int) bool { return status == 429 || status >= 500 }

// severed are failures of connections, and none of what a client gave up
// itself, or had no network for by plan.
var (
	severed = regexp.MustCompile(`(?i)refused|reset|closed|empty.response|timed.?out|timeout|deadline|eof|broken pipe|unreachable|failed to fetch`)
	ownWill = regexp.MustCompile(`(?i)abort|cancel|disconnected|blocked|by plan`)
)

// badness is what was bad about an answer; not known when it says nothing.
func (c *court) badness(x *exchange, slowest history.Moment) (bad string, nobody, known bool) {
	took := arrival(x) - x.start
	slow := took >= slowAnswer && took >= slowTimes*slowest && slowest > 0 && !throttled(x.session)
	switch {
	case troubled(x.status):
		return fmt.Sprint(x.status), false, true
	case x.status == 0 && severed.MatchString(x.failed) && !ownWill.MatchString(x.failed):
		return "refused, reset or without an answer", true, true
	case slow:
		return fmt.Sprintf("slower than %d s", slowAnswer/1_000_000), false, true
	}
	return "", false, x.status > 0
}

// throttled says that a session's network was slow, or gone, by plan.
func throttled(s *session) bool {
	return slices.ContainsFunc(s.steps, func(st step) bool { return st.Op == "network" })
}
