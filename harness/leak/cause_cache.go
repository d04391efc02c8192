package leak

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// fromCache is the cause "shared cache": the answer is a stored copy of one
// that another was given, by headers that only copies have and by its content.
func (c *court) fromCache(q inquiry) ([]string, string) {
	switch {
	case q.x == nil || q.cookieToken():
		return nil, "" // of cookies, see cachedCookie
	case q.rule == RuleEarlierRun:
		return c.outlived(q)
	case q.rule == RuleSharedToken:
		if facts := copiedToken(q); facts != nil {
			return facts, ""
		}
	}
	if best, signs := c.copyOf(q); best != nil {
		same := "with the same value in it"
		if best.body.Hash == q.x.body.Hash {
			same = "same bytes"
		}
		return []string{answered(q.x, best) + ": " + same + ", " + strings.Join(signs, ", ")}, ""
	}
	if e := c.unmarked(q.x); e != nil && (e.viewer == q.victim || c.carries(e, q.proof)) {
		return nil, fmt.Sprintf("a cache that leaves no sign (%s had been given the same bytes by the same URL, %s, %s before)",
			name(e.viewer), e.id, length(q.x.start-arrival(e)))
	}
	return nil, ""
}

func answered(x, e *exchange) string {
	return fmt.Sprintf("%s (%s) was answered %s after %s's own request for the same URL (%s)",
		x.id, name(x.viewer), length(x.start-e.start), name(e.viewer), e.id)
}

// copyOf finds the answer that q.x is a stored copy of: the victim's own, if
// there is one, or the latest to anybody.
func (c *court) copyOf(q inquiry) (*exchange, []string) {
	for _, all := range [][]*exchange{
		c.traffic.given[errand{q.x.url, q.victim}], c.traffic.answers[answer{q.x.url, q.x.body.Hash}],
	} {
		looked := 0
		for i := len(all) - 1; i >= 0 && looked < mostCopies; i-- {
			e := all[i]
			if e.start >= q.x.start {
				continue
			}
			looked++
			if e.body.Hash == "" || sameAsker(e, q.x) || e.body.Hash != q.x.body.Hash && !c.carries(e, q.proof) {
				continue
			}
			if signs, ok := copied(e, q.x); ok {
				return e, signs
			}
		}
	}
	return nil, nil
}

// mostCopies is how many earlier answers are compared with one: all that a
// cache can have stored lately.
const mostCopies = 256

// copiedToken says that the answer that brought a token is a copy of the one
// that had brought it to its owner.
func copiedToken(q inquiry) []string {
	if q.from.setBy == nil {
		return nil
	}
	signs, ok := copied(q.from.setBy, q.x)
	if !ok {
		return nil
	}
	return []string{answered(q.x, q.from.setBy) + ": " + strings.Join(signs, ", ")}
}

// outlived says that an answer with a value of an earlier run is a copy made
// before this run began. Its own age, or date, must say so; that a cache calls
// it a hit will do, for what was stored in this run was not of that one.
func (c *court) outlived(q inquiry) ([]string, string) {
	var signs []string
	if seconds, err := strconv.ParseFloat(q.x.copy.age, 64); err == nil && seconds*1e6 > float64(q.x.start) {
		signs = append(signs, fmt.Sprintf("Age: %s, and this run began %.1f s before", q.x.copy.age, float64(q.x.start)/1e6))
	}
	began, err := time.Parse(time.RFC3339, c.rec.run.Started)
	if made, bad := http.ParseTime(q.x.copy.date); err == nil && bad == nil && began.Sub(made) > time.Second {
		signs = append(signs, fmt.Sprintf("Date: %s, %.0f s before this run began", q.x.copy.date, began.Sub(made).Seconds()))
	}
	if hit := q.x.copy.hit(); hit != "" {
		signs = append(signs, hit)
	}
	if len(signs) == 0 {
		return nil, "a copy that outlived that run, or with what the shop itself kept of it: the answer does not say how old it is"
	}
	return []string{fmt.Sprintf("%s (%s) was answered with what was stored before this run: %s", q.x.id, name(q.x.viewer), strings.Join(signs, "; "))}, ""
}
