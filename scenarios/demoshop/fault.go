package demoshop

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
)

// Names of the faults.
const (
	EdgeCache      = "edge-cache"
	CachedCookie   = "cached-cookie"
	SharedVariable = "shared-variable"
	ShiftedReplies = "shifted-replies"
	KeptDraft      = "kept-draft"
	ColdStart      = "cold-start"
)

// Info says what a fault is.
type Info struct {
	Name      string // as ParseFault takes it
	Incident  string // what happened to real customers, and when
	Mechanism string // what the shop then does wrong
	Where     string // where in this package the mechanism stands
}

// Faults lists every fault the shop can be told to have.
func Faults() []Info {
	return []Info{
		{
			Name:      EdgeCache,
			Incident:  "the app of a payment company, 27 May 2021: one cache setting changed, and for 31 minutes people were shown other customers' data",
			Mechanism: "the edge stores the answers to signed-in customers under /account, /orders, /basket and /api for 5 seconds, by address alone",
			Where:     "fault_edge_cache.go, asked by edge.serve",
		},
		{
			Name:      CachedCookie,
			Incident:  "token refresh on cacheable pages, in several web frameworks since 2023: the cached page carries Set-Cookie and hands over whole sessions",
			Mechanism: "the origin renews the session cookie on public pages too, and the edge stores that answer with its Set-Cookie for as long as the page lives (20 seconds)",
			Where:     "fault_cached_cookie.go, asked by origin.public and edge.serve",
		},
		{
			Name:      SharedVariable,
			Incident:  "a British bank's app, 12 March 2026: after a change meant to save calls, two customers who asked at the same moment got each other's transactions",
			Mechanism: "the account lookup keeps the current customer in a field that all requests share, from before a slow read until after it",
			Where:     "fault_shared_variable.go, asked by accounts.find",
		},
		{
			Name:      ShiftedReplies,
			Incident:  "a chat service, 20 March 2023: a store client gave canceled requests' connections back with the reply still on them, and people were shown others' names, e-mail and payment addresses, and last four card digits",
			Mechanism: "a read of the account store that is canceled between its question and its answer leaves the connection with a reply too many: everybody who reads by it is given the reply of the one before, until the pool replaces it (10 seconds)",
			Where:     "fault_shifted_replies.go, asked by accounts.find",
		},
		{
			Name:      KeptDraft,
			Incident:  "a shop extension for a content system, issue 8504: what one customer had in the shop stayed under a cookie of the browser, and was shown to whoever signed in there next",
			Mechanism: "the checkout remembers whose address was filled in last on a device, by a cookie that lives through sign-outs, and fills it in for the next customer",
			Where:     "fault_kept_draft.go, asked by origin.checkoutForm and origin.apiCheckout",
		},
		{
			Name:      ColdStart,
			Incident:  "a maker of home cameras, 16 February 2024: when all clients came back at once after an outage, a new cache mixed up the mapping of device and user ids, and 13,000 people were shown others' homes",
			Mechanism: "after a flush or an idle moment, account reads that arrive together are loaded as one batch, and answers are given out by a wrong position",
			Where:     "fault_cold_start.go, asked by accounts.find",
		},
	}
}

// Fault is a fault the shop is to have.
type Fault struct {
	Name string
	Rate float64 // share of its opportunities that it takes, from 0 (none) to 1 (all)
}

// ParseFault reads "edge-cache", which takes every opportunity, or
// "edge-cache=0.1", which takes one in ten. It fails on names that Faults does
// not list and on rates outside 0 to 1.
func ParseFault(text string) (Fault, error) {
	name, rate, given := strings.Cut(text, "=")
	f := Fault{Name: strings.TrimSpace(name), Rate: 1}
	if given {
		r, err := strconv.ParseFloat(strings.TrimSpace(rate), 64)
		if err != nil {
			return Fault{}, fmt.Errorf("fault %s: the rate %q is not a number from 0 to 1", f.Name, rate)
		}
		f.Rate = r
	}
	return f, f.check()
}

func (f Fault) check() error {
	var known []string
	for _, i := range Faults() {
		if i.Name == f.Name {
			if f.Rate >= 0 && f.Rate <= 1 { // false for NaN too
				return nil
			}
			return fmt.Errorf("fault %s: the rate %v is not from 0 to 1", f.Name, f.Rate)
		}
		known = append(known, i.Name)
	}
	return fmt.Errorf("unknown fault %q (known: %s)", f.Name, strings.Join(known, ", "))
}

// lever is one fault's switch in a running shop; a nil lever never strikes.
type lever struct {
	awake *atomic.Bool // else it does not strike
	mu    sync.Mutex
	rate  float64
	rng   *rand.Rand
}

// strikes says whether the fault takes this opportunity. The n-th opportunity
// of a shop is decided by its seed.
func (l *lever) strikes() bool {
	if l == nil || !l.awake.Load() {
		return false
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.rng.Float64() < l.rate
}

// levers finds the switch of each fault the shop has.
type levers map[string]*lever

func newLevers(faults []Fault, seed uint64, awake *atomic.Bool) (levers, error) {
	out := levers{}
	for _, f := range faults {
		if err := f.check(); err != nil {
			return nil, err
		}
		h := fnv.New64a()
		h.Write([]byte(f.Name)) // never fails
		out[f.Name] = &lever{awake: awake, rate: f.Rate, rng: rand.New(rand.NewPCG(seed, h.Sum64()))}
	}
	return out, nil
}
