package zoo_test

import (
	"time"

	"crosstalk/harness/leak"
	"crosstalk/scenarios/demoshop"
)

// setup is a shop behind a cache with one configuration.
type setup struct {
	rules    string   // the configuration, a file of each cache
	mute     bool     // the cache tells nobody what is a copy
	causes   []string // any of which a leak may have; none: it must not leak
	shop     demoshop.Options
	only     string // the one cache that has it; empty: both
	burst    bool   // it leaks only to those who ask at once
	checkout bool   // the embedded scenario, in browsers
	variant  bool   // another stands for it, and it takes long or wants a quiet machine: unless CROSSTALK_CACHES=all it is not walked
	pause    bool   // customers are as slow as people: a copy does not live from one to the next in solo
}

// setups are the configurations of real incidents, and right ones.
func setups() []setup {
	renewing := demoshop.Options{Faults: []demoshop.Fault{{Name: demoshop.CachedCookie, Rate: 1}}}
	lenient := demoshop.Options{Lenient: true}
	slow := demoshop.Options{Latency: 60 * time.Millisecond} // of two reads: longer than the tenth of a second that is in nginx's key of coalesced
	copied, cookie := []string{leak.CauseSharedCache}, []string{leak.CauseCachedSetCookie}
	return []setup{
		{rules: "by-url", causes: copied},
		{rules: "by-url", causes: copied, mute: true},
		{rules: "ignored-headers", causes: copied},
		{rules: "ignored-headers", causes: copied, checkout: true},
		{rules: "cached-cookie", causes: cookie, shop: renewing},
		{rules: "cached-cookie", causes: cookie, shop: renewing, mute: true},
		{rules: "wrong-key", causes: copied},
		{rules: "grace", causes: copied},
		{rules: "coalesced", causes: copied, shop: slow, burst: true},
		{rules: "coalesced", causes: []string{leak.CauseCoalesced}, shop: slow, burst: true, mute: true, only: "varnish", variant: true},
		{rules: "not-found", causes: copied, pause: true},
		{rules: "redirect", causes: copied, pause: true},
		{rules: "deception", causes: copied, shop: lenient},
		{rules: "deception", causes: copied, shop: lenient, mute: true},
		{rules: "right", variant: true},
		{rules: "right", checkout: true, variant: true},
		{rules: "right", shop: renewing, mute: true},
		{rules: "right", shop: lenient, variant: true},
		{rules: "own-key"},
	}
}

func (s setup) name() string {
	name := s.rules
	for _, f := range s.shop.Faults {
		name += "+" + f.Name
	}
	if s.shop.Lenient {
		name += "+lenient"
	}
	if s.mute {
		name += "+mute"
	}
	if s.checkout {
		name += "+browsers"
	}
	return name
}
