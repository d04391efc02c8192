package demoshop_test

import (
	"encoding/json"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"crosstalk/scenarios/demoshop"
)

// traces are what of a customer stands in an answer of /api/me, by variant.
func traces(t *testing.T, c *client, token string) map[demoshop.Variant]string {
	t.Helper()
	var me struct {
		Email            string
		Wallet           struct{ Receipts string }
		Passport, Member string
	}
	require.NoError(t, json.Unmarshal([]byte(c.api("GET", "/api/me", token, "").body), &me))
	require.NotEmpty(t, me.Wallet.Receipts)
	require.Len(t, me.Member, 24)
	return map[demoshop.Variant]string{
		demoshop.Plain: me.Email, demoshop.Masked: me.Wallet.Receipts,
		demoshop.Encoded: me.Passport, demoshop.Token: me.Member,
	}
}

// shown are the variants whose trace of a customer stands in a text.
func shown(text string, of map[demoshop.Variant]string) []demoshop.Variant {
	var out []demoshop.Variant
	for _, v := range demoshop.Variants() {
		if strings.Contains(text, of[v]) {
			out = append(out, v)
		}
	}
	return out
}

// pair are two customers' apps at a shop with one fault, and what is whose.
type pair struct {
	a, b   *client
	ta, tb string
	ofA    map[demoshop.Variant]string
	ofB    map[demoshop.Variant]string
	shop   *demoshop.Shop
}

func newPair(t *testing.T, f ...demoshop.Fault) pair {
	t.Helper()
	shop, err := demoshop.New(demoshop.Options{Seed: 7, Latency: -1, Faults: f})
	require.NoError(t, err)
	base := listenAt(t, shop)
	newClient(t, base).signUp(zoe(), nil)
	newClient(t, base).signUp(jan(), nil)
	p := pair{a: newClient(t, base), b: newClient(t, base), shop: shop}
	p.ta, p.tb = login(p.a, zoe()), login(p.b, jan())
	p.ofA, p.ofB = traces(t, p.a, p.ta), traces(t, p.b, p.tb)
	return p
}

// wants are what a variant lets go astray where everything is shown: that part
// alone, or all.
func wants(v demoshop.Variant) []demoshop.Variant {
	if v == demoshop.Plain {
		return demoshop.Variants()
	}
	return []demoshop.Variant{v}
}

// eventually tries until something has leaked, in as many rounds as a busy
// machine may need.
func eventually(round func() []demoshop.Variant) []demoshop.Variant {
	for range 60 {
		if got := round(); len(got) > 0 {
			return got
		}
	}
	return nil
}

func TestEachVariantOfASharedVariableLetsItsPartGoAstrayAlone(t *testing.T) {
	for _, v := range demoshop.Variants() {
		t.Run(string(v), func(t *testing.T) {
			p := newPair(t, demoshop.Fault{Name: demoshop.SharedVariable, Variant: v, Rate: 1})
			got := eventually(func() []demoshop.Variant {
				sa, sb := p.both("/api/me")
				return append(shown(sa, p.ofB), shown(sb, p.ofA)...)
			})
			assert.Equal(t, wants(v), got)
			count := p.shop.Counts()[demoshop.SharedVariable]
			assert.Positive(t, count.Strikes)
			assert.Equal(t, count.Opportunities, count.Strikes)
		})
	}
}

// both are the answers to one call that two make at the same moment.
func (p pair) both(path string) (sa, sb string) {
	var both sync.WaitGroup
	both.Go(func() { sa = p.a.api(http.MethodGet, path, p.ta, "").body })
	both.Go(func() { sb = p.b.api(http.MethodGet, path, p.tb, "").body })
	both.Wait()
	return sa, sb
}

func TestOneCustomerAloneIsNoOpportunityForASharedVariable(t *testing.T) {
	p := newPair(t, demoshop.Fault{Name: demoshop.SharedVariable, Rate: 1})
	p.a.api("GET", "/api/me", p.ta, "")
	assert.Zero(t, p.shop.Counts()[demoshop.SharedVariable].Opportunities)
}

func TestEachVariantOfShiftedRepliesLetsItsPartGoAstrayAlone(t *testing.T) {
	for _, v := range demoshop.Variants() {
		t.Run(string(v), func(t *testing.T) {
			p := newPair(t, demoshop.Fault{Name: demoshop.ShiftedReplies, Variant: v, Rate: 1})
			got := eventually(func() []demoshop.Variant {
				p.a.giveUp("/api/me", p.ta, 10*time.Millisecond)
				toB := shown(p.b.api("GET", "/api/me", p.tb, "").body, p.ofA)
				if toA := shown(p.a.api("GET", "/api/me", p.ta, "").body, p.ofB); len(toA) > 0 && len(toB) > 0 {
					assert.Equal(t, toB, toA, "the next one gets the reply to that")
					return toB
				}
				return nil
			})
			assert.Equal(t, wants(v), got)
		})
	}
}

func TestARateOfNothingTakesNoConnectionThatOwesAnAnswer(t *testing.T) {
	p := newPair(t, demoshop.Fault{Name: demoshop.ShiftedReplies, Rate: 0})
	require.Eventually(t, func() bool {
		p.a.giveUp("/api/me", p.ta, 10*time.Millisecond)
		assert.Empty(t, shown(p.b.api("GET", "/api/me", p.tb, "").body, p.ofA))
		return p.shop.Counts()[demoshop.ShiftedReplies].Opportunities > 3
	}, time.Minute, time.Millisecond)
	assert.Zero(t, p.shop.Counts()[demoshop.ShiftedReplies].Strikes)
}

func TestAClosedShopHasNoConnectionsToItsAccountStore(t *testing.T) {
	p := newPair(t, demoshop.Fault{Name: demoshop.ShiftedReplies, Rate: 1})
	for range 5 {
		p.a.giveUp("/api/me", p.ta, 10*time.Millisecond)
		p.both("/api/me")
	}
	p.shop.Close()
	requireGone(t, "accountServer", "loopback", "listening")
	p.b.signUp(jan(), nil)
	assert.Contains(t, p.b.get("/account").text(), jan().email, "a closed shop answers as one that has just opened")
	p.shop.Close()
	requireGone(t, "accountServer", "loopback", "listening")
}

// requireGone waits until no goroutine is in any of these functions.
func requireGone(t *testing.T, names ...string) {
	t.Helper()
	require.Eventually(t, func() bool {
		b := make([]byte, 4<<20)
		stacks := string(b[:runtime.Stack(b, true)])
		for _, name := range names {
			if strings.Contains(stacks, "demoshop."+name) || strings.Contains(stacks, "demoshop.(*"+name) {
				return false
			}
		}
		return true
	}, time.Minute, 10*time.Millisecond)
}

// listenAt puts a shop on a socket, and closes both.
func listenAt(t *testing.T, shop *demoshop.Shop) string {
	t.Helper()
	base, done, err := shop.Serve(t.Context(), "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, <-done) }) // the test's context has ended by then
	return base
}
