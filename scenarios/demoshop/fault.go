package demoshop

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
)

// Names of the faults.
const (
	EdgeCache         = "edge-cache"
	PrefilledCheckout = "prefilled-checkout"
	FragmentCache     = "fragment-cache"
	InlineState       = "inline-state"
	CachedCookie      = "cached-cookie"
	CookielessCache   = "cookieless-cache"
	CoalescedRequest  = "coalesced-request"
	WrongVariant      = "wrong-variant"
	SharedVariable    = "shared-variable"
	RecycledRequest   = "recycled-request"
	ShiftedReplies    = "shifted-replies"
	ShiftedQueue      = "shifted-queue"
	WorkerSingleton   = "worker-singleton"
	ThreadIdentity    = "thread-identity"
	PooledTenant      = "pooled-tenant"
	ProcessLoader     = "process-loader"
	PooledBuffer      = "pooled-buffer"
	SessionCollision  = "session-collision"
	WrongRoom         = "wrong-room"
	FileClash         = "file-clash"
	ReusedMailer      = "reused-mailer"
	SharedThumbnail   = "shared-thumbnail"
	KeptDraft         = "kept-draft"
	OfflineCopy       = "offline-copy"
	ColdStart         = "cold-start"
)

// Classes is how many classes of leaks the faults stand for. A class has one
// fault or more.
const Classes = 24

// Info says what a fault is.
type Info struct {
	Name      string             // as ParseFault takes it
	Class     int                // of leaks, from 1 to Classes
	Incident  string             // what happened to real customers, and when
	Mechanism string             // what the shop then does wrong
	Where     string             // where in this package the mechanism stands
	Without   map[Variant]string // variants that the fault cannot have, each with the reason
}

// Variants are the variants that the fault has.
func (i Info) Variants() []Variant {
	return slices.DeleteFunc(Variants(), func(v Variant) bool { return i.Without[v] != "" })
}

// Faults lists every fault the shop can be told to have, by class.
func Faults() []Info {
	return []Info{
		edgeCacheInfo(),
		prefilledCheckoutInfo(),
		fragmentCacheInfo(),
		inlineStateInfo(),
		cachedCookieInfo(),
		cookielessCacheInfo(),
		coalescedRequestInfo(),
		wrongVariantInfo(),
		sharedVariableInfo(),
		recycledRequestInfo(),
		shiftedRepliesInfo(),
		shiftedQueueInfo(),
		workerSingletonInfo(),
		threadIdentityInfo(),
		pooledTenantInfo(),
		processLoaderInfo(),
		pooledBufferInfo(),
		sessionCollisionInfo(),
		wrongRoomInfo(),
		fileClashInfo(),
		reusedMailerInfo(),
		sharedThumbnailInfo(),
		keptDraftInfo(),
		offlineCopyInfo(),
		coldStartInfo(),
	}
}

// Fault is a fault the shop is to have.
type Fault struct {
	Name    string
	Variant Variant // what it lets go astray; empty: Plain
	Rate    float64 // share of its opportunities that it takes, from 0 (none) to 1 (all)
}

// ParseFault reads "edge-cache", which takes every opportunity,
// "edge-cache=0.1", which takes one in ten, or "edge-cache/masked=0.1", which
// lets only what is masked go astray. It fails on names that Faults does not
// list, on variants that the fault does not have, and on rates outside 0 to 1.
func ParseFault(text string) (Fault, error) {
	name, rate, given := strings.Cut(text, "=")
	name, variant, _ := strings.Cut(strings.TrimSpace(name), "/")
	f := Fault{Name: name, Variant: Variant(variant), Rate: 1}
	if given {
		r, err := strconv.ParseFloat(strings.TrimSpace(rate), 64)
		if err != nil {
			return Fault{}, fmt.Errorf("fault %s: the rate %q is not a number from 0 to 1", f.Name, rate)
		}
		f.Rate = r
	}
	return f, f.check()
}

// String is the fault as ParseFault reads it.
func (f Fault) String() string {
	text := f.Name
	if f.Variant != "" && f.Variant != Plain {
		text += "/" + string(f.Variant)
	}
	if f.Rate == 1 {
		return text
	}
	return text + "=" + strconv.FormatFloat(f.Rate, 'g', -1, 64)
}

func (f Fault) check() error {
	var known []string
	for _, i := range Faults() {
		if i.Name == f.Name {
			return f.checkAgainst(i)
		}
		known = append(known, i.Name)
	}
	return fmt.Errorf("unknown fault %q (known: %s)", f.Name, strings.Join(known, ", "))
}

func (f Fault) checkAgainst(i Info) error {
	switch v := f.variant(); {
	case !v.known():
		return fmt.Errorf("fault %s: unknown variant %q (known: %s, %s, %s, %s)", f.Name, v, Plain, Masked, Encoded, Token)
	case i.Without[v] != "":
		return fmt.Errorf("fault %s has no variant %s: %s", f.Name, v, i.Without[v])
	case f.Rate >= 0 && f.Rate <= 1: // false for NaN too
		return nil
	}
	return fmt.Errorf("fault %s: the rate %v is not from 0 to 1", f.Name, f.Rate)
}

func (f Fault) variant() Variant {
	if f.Variant == "" {
		return Plain
	}
	return f.Variant
}

// lever is one fault's switch in a running shop; a nil lever never strikes.
type lever struct {
	awake   *atomic.Bool // else it does not strike
	variant Variant
	mu      sync.Mutex
	rate    float64
	rng     *rand.Rand
	count   Count
}

// Count is how often a fault could have struck, and did.
type Count struct {
	Opportunities, Strikes int
}

// strikes says whether the fault takes this opportunity. The n-th opportunity
// of a shop is decided by its seed. It must be asked only when striking would
// let something go astray: a run is measured by how many opportunities it made.
func (l *lever) strikes() bool {
	if l == nil || !l.awake.Load() {
		return false
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.count.Opportunities++
	struck := l.rng.Float64() < l.rate
	if struck {
		l.count.Strikes++
	}
	return struck
}

// sleeps says that the fault is there, and the shop still healthy.
func (l *lever) sleeps() bool { return l != nil && !l.awake.Load() }

// is says whether the fault is there and of that variant.
func (l *lever) is(v Variant) bool { return l != nil && l.variant == v }

// part is the written name of the one part that the fault's variant lets go
// astray, under which its call and its picture stand; empty for all of them, and
// where there is no fault.
func (l *lever) part() string {
	switch {
	case l.is(Masked):
		return "~wallet"
	case l.is(Encoded):
		return "~passport"
	case l.is(Token):
		return "~member"
	}
	return ""
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
		out[f.Name] = &lever{awake: awake, variant: f.variant(), rate: f.Rate, rng: rand.New(rand.NewPCG(seed, h.Sum64()))}
	}
	return out, nil
}

// counts are how often each fault could have struck so far, and did.
func (l levers) counts() map[string]Count {
	out := map[string]Count{}
	for name, one := range l {
		one.mu.Lock()
		out[name] = one.count
		one.mu.Unlock()
	}
	return out
}
