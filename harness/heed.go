package harness

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"crosstalk/harness/history"
)

// heed tells from the target's answers whether it keeps up.
type heed struct {
	target string // host and port

	mu     sync.Mutex
	exempt map[string]exemption
	usual  map[history.Place][]time.Duration // in solo; at most usualKept each
	every  []time.Duration                   // of all places
	recent []string                          // troubles of the latest answers, "" for a good one
	since  history.Moment                    // requests from before say nothing about the present pace
	limits map[history.Place]int             // that alone refused in solo: good answers elsewhere since
	gone   int                               // requests in a row for which there was nobody
	whenN  int                               // of them, whenF is called; 0: never
	whenF  func()
}

// exemption is what of a session's answers says nothing about the target.
type exemption int

const (
	exemptTiming exemption = 1 + iota // it is cut off, or its network is slow, by plan
	exemptAll                         // it provokes errors
)

const (
	usualKept  = 50
	mostUsual  = 2000 // places
	slowAtAll  = 2 * time.Second
	slowFactor = 4 // times what solo took
)

// Troubles of an answer that have no status.
const (
	troubleSlow   = "slow"
	troubleBroken = "broken"
)

// answered is what an answer says about the target.
type answered struct {
	trouble string // a status, troubleSlow or troubleBroken; "": none
	begun   history.Moment
	retry   time.Duration // how long it asks to be left alone
	asked   string        // in its own words
}

func newHeed(target string) *heed {
	return &heed{target: hostOf(target), exempt: map[string]exemption{}, usual: map[history.Place][]time.Duration{}, limits: map[history.Place]int{}}
}

// exempts says what of a session's answers says nothing about the target.
func (h *heed) exempts(session string, what exemption) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.exempt[session] = what
}

// forget begins anew: what came before a change of pace says nothing after it.
func (h *heed) forget(now history.Moment) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.recent, h.since = h.recent[:0], now
}

// limitShown is how many good answers elsewhere show that only a place refused.
const limitShown = 10

// limited says that a place refuses whoever comes too often, and nothing else
// does: it did so in solo, when all others answered well. That is a feature,
// and no load. Where another place is overloaded too, it is the target. h.mu must
// be held.
func (h *heed) limited(x *history.Exchange, phase string) bool {
	refused := x.Status == http.StatusTooManyRequests
	asked, _ := retryAfter(x)
	for place := range h.limits {
		switch {
		case place == x.Place:
		case overloaded(x.Status):
			delete(h.limits, place)
		case x.Status > 0:
			h.limits[place]++
		}
	}
	good, known := h.limits[x.Place]
	if refused && asked == 0 && phase == history.PhaseSolo && !known && len(h.limits) == 0 {
		h.limits[x.Place] = 0
	}
	return refused && asked == 0 && good >= limitShown
}

// ended forgets a session, which makes no requests any more.
func (h *heed) ended(session string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.exempt, session)
}

// whenGone calls f, once, when for n requests in a row there was nobody to
// send them to.
func (h *heed) whenGone(n int, f func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.gone, h.whenN, h.whenF = 0, max(1, n), f
}

// answer reads an exchange; false when it says nothing about how the target
// keeps up.
func (h *heed) answer(x *history.Exchange, phase string) (answered, bool) {
	if x.From != "" || hostOf(x.URL) != h.target {
		return answered{}, false
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.reach(x)
	exempt := h.exempt[x.Session]
	if phase == history.PhaseSolo && x.Status > 0 && exempt == 0 {
		h.learn(x.Place, waited(x))
	}
	a := answered{begun: cmp.Or(x.Sent, x.Start)}
	switch {
	case exempt == exemptAll, h.limited(x, phase):
		return a, false
	case overloaded(x.Status):
		a.trouble = strconv.Itoa(x.Status)
		a.retry, a.asked = retryAfter(x)
	case exempt == exemptTiming:
		return a, x.Status > 0
	default:
		var telling bool
		if a.trouble, telling = h.timing(x); !telling {
			return a, false
		}
	}
	if a.begun < h.since {
		return a, a.retry > 0
	}
	h.note(a.trouble)
	return a, true
}

// timing says what is wrong with how an answer came; false when that says
// nothing. h.mu must be held.
func (h *heed) timing(x *history.Exchange) (trouble string, telling bool) {
	took := waited(x)
	switch {
	case took > slowAtAll && took > slowFactor*h.usually(x.Place):
		return troubleSlow, true // also where we gave up waiting
	case x.Status > 0:
		return "", true
	case x.Failed == "" || ours(x.Failed):
		return "", false
	}
	return troubleBroken, true
}

// note keeps the latest answers. h.mu must be held.
func (h *heed) note(trouble string) {
	h.recent = append(h.recent, trouble)
	if n := len(h.recent); n > recentKept {
		h.recent = slices.Delete(h.recent, 0, n-recentKept)
	}
}

// waited is how long the first byte took; all the time there was, where none
// came.
func waited(x *history.Exchange) time.Duration {
	from, to := cmp.Or(x.Sent, x.Start), cmp.Or(x.Response, x.End)
	return time.Duration(to-from) * time.Microsecond
}

func overloaded(status int) bool {
	switch status {
	case http.StatusTooManyRequests, http.StatusServiceUnavailable, http.StatusBadGateway, http.StatusGatewayTimeout:
		return true
	}
	return false
}

// ours says whether a request failed by our own doing: cut by plan, given up by
// its page, or refused by the guard.
func ours(failure string) bool {
	for _, text := range []string{"cancel", "ERR_ABORTED", "ERR_BLOCKED", "ERR_INTERNET_DISCONNECTED", "by plan", "not allowed", "deadline exceeded", "provocations"} {
		if strings.Contains(failure, text) {
			return true
		}
	}
	return false
}

// reach counts the requests for which there was nobody. h.mu must be held.
func (h *heed) reach(x *history.Exchange) {
	switch {
	case x.Status > 0:
		h.gone = 0
	case unreachable(x.Failed):
		if h.gone++; h.whenN > 0 && h.gone >= h.whenN {
			h.whenN = 0
			h.whenF()
		}
	}
}

// unreachable says whether a failure means that no connection could be had.
func unreachable(failure string) bool {
	for _, text := range []string{
		"connection refused", "ERR_CONNECTION_REFUSED", "no route to host", "network is unreachable", "ERR_ADDRESS_UNREACHABLE",
		"ERR_CONNECTION_TIMED_OUT", "no such host", "ERR_NAME_NOT_RESOLVED", "ERR_PROXY_CONNECTION_FAILED",
	} {
		if strings.Contains(failure, text) {
			return true
		}
	}
	return false
}

// learn notes how long a place takes when nobody else is there. h.mu must be
// held.
func (h *heed) learn(p history.Place, took time.Duration) {
	if len(h.usual[p]) < usualKept && (len(h.usual) < mostUsual || h.usual[p] != nil) {
		h.usual[p] = append(h.usual[p], took)
	}
	if len(h.every) < mostUsual {
		h.every = append(h.every, took)
	}
}

// usually is the median of what a place took in solo; of what all took, where
// it was not visited there. h.mu must be held.
func (h *heed) usually(p history.Place) time.Duration {
	of := h.usual[p]
	if len(of) == 0 {
		of = h.every
	}
	if len(of) == 0 {
		return 0
	}
	return slices.Sorted(slices.Values(of))[len(of)/2]
}

// trouble says what is wrong with the latest answers, for people; "" when too
// little is.
func (h *heed) trouble() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	counts, all, most := map[string]int{}, 0, ""
	for _, t := range h.recent {
		if t == "" {
			continue
		}
		all++
		if counts[t]++; most == "" || counts[t] > counts[most] {
			most = t
		}
	}
	if all < troubleMost {
		return ""
	}
	return fmt.Sprintf("%d of the last %d answers %s", counts[most], len(h.recent), troubleWords(most))
}

func troubleWords(trouble string) string {
	switch trouble {
	case troubleSlow:
		return fmt.Sprintf("took over %s, and over %d times as long as in solo", slowAtAll, slowFactor)
	case troubleBroken:
		return "did not come: connections were reset or refused"
	}
	return "were " + trouble
}

// retryAfter is what the header of that name asks for; zero when it is not
// there or says nothing.
func retryAfter(x *history.Exchange) (time.Duration, string) {
	text := strings.TrimSpace(headerOf(x.Headers, "Retry-After"))
	if seconds, err := strconv.Atoi(text); err == nil {
		return time.Duration(min(max(0, seconds), int(longestPause/time.Second))) * time.Second, text
	}
	until, err := http.ParseTime(text)
	if err != nil {
		return 0, ""
	}
	now, err := http.ParseTime(headerOf(x.Headers, "Date")) // the clock that the target reckons by
	if err != nil {
		now = time.Now()
	}
	return max(0, until.Sub(now)), text
}

func headerOf(headers []history.Header, name string) string {
	for _, h := range headers {
		if strings.EqualFold(h.Name, name) {
			return h.Value
		}
	}
	return ""
}
