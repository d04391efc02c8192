package demoshop_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"crosstalk/scenarios/demoshop"
)

// The faults of this file leave something behind in what serves many, one
// after another. Which of the workers a client meets is up to its connection,
// so each of these tests comes again, on new connections, until it has met them.

// owned is a customer in a shop of the zoo: who they are, and their parts.
type owned struct {
	person
	token                   string // of their app
	masked, encoded, member string
}

// shows lists what of a customer's is in a text.
func (o owned) shows(text string) []demoshop.Variant {
	var found []demoshop.Variant
	for _, one := range []struct {
		variant demoshop.Variant
		value   string
	}{
		{demoshop.Plain, o.email},
		{demoshop.Plain, o.first},
		{demoshop.Plain, o.street},
		{demoshop.Masked, o.masked},
		{demoshop.Encoded, o.encoded},
		{demoshop.Token, o.member},
	} {
		if strings.Contains(text, one.value) && (len(found) == 0 || found[len(found)-1] != one.variant) {
			found = append(found, one.variant)
		}
	}
	return found
}

// wakeWith opens a shop with two customers, and the fault once they are known.
func wakeWith(t *testing.T, f demoshop.Fault, latency time.Duration) (base string, a, b owned) {
	o := demoshop.Options{Seed: 7, Asleep: true, Latency: latency}
	if f.Name != "" {
		o.Faults = []demoshop.Fault{f}
	}
	shop, err := demoshop.New(o)
	require.NoError(t, err)
	server := httptest.NewServer(shop)
	t.Cleanup(server.Close)
	a, b = own(t, server.URL, zoe()), own(t, server.URL, jan())
	require.Equal(t, http.StatusNoContent, newClient(t, server.URL).api("POST", "/flush", "", "").status)
	shop.Wake()
	return server.URL, a, b
}

func own(t *testing.T, base string, p person) owned {
	c := newClient(t, base)
	c.signUp(p, nil)
	o := owned{person: p, token: login(c, p)}
	var me struct {
		Passport, Member string
		Wallet           struct{ Receipts string }
	}
	require.NoError(t, json.Unmarshal([]byte(c.api("GET", "/api/me", o.token, "").body), &me))
	o.masked, o.encoded, o.member = me.Wallet.Receipts, me.Passport, me.Member
	require.NotEmpty(t, o.masked+o.encoded+o.member)
	c.api("POST", "/api/basket", o.token, `{"product": 101, "quantity": 1}`)
	require.Equal(t, http.StatusCreated, c.api("POST", "/api/orders", o.token, "{}").status)
	return o
}

// calls are what an app is shown of its customer.
func calls() []string {
	return []string{"/api/me", "/api/wallet", "/api/passport", "/api/member", "/api/orders"}
}

// asks is all that the calls of one app show, on a new connection.
func (o owned) asks(t *testing.T, base string) string {
	c := newClient(t, base)
	var all strings.Builder
	for _, path := range calls() {
		all.WriteString(c.api("GET", path, o.token, "").body)
	}
	return all.String()
}

// looks is what somebody without an account is shown, on a new connection.
func looks(t *testing.T, base string) string {
	c := newClient(t, base)
	return c.get("/basket").body + c.get("/sign-in").body + c.get("/api/me").body + c.get("/account").body
}

// residue are the faults that need two customers one after another: walk is
// one meeting, after which another is shown what it answers.
var residue = []struct {
	fault  string
	nobody bool // is whom it is shown to
	walk   func(t *testing.T, base string, a, b owned) string
}{
	{demoshop.WorkerSingleton, true, func(t *testing.T, base string, a, _ owned) string {
		newClient(t, base).signIn(a.person)
		return looks(t, base)
	}},
	{demoshop.ThreadIdentity, true, func(t *testing.T, base string, a, _ owned) string {
		c := newClient(t, base)
		c.signIn(a.person)
		c.get("/orders/none-of-yours")
		return looks(t, base)
	}},
	{demoshop.PooledTenant, false, func(t *testing.T, base string, a, b owned) string {
		newClient(t, base).api("GET", "/api/me", a.token, "")
		return b.asks(t, base)
	}},
	{demoshop.ProcessLoader, false, func(t *testing.T, base string, a, b owned) string {
		// Else b's own answers of earlier rounds may be what all workers hold.
		require.Equal(t, http.StatusNoContent, newClient(t, base).api("POST", "/flush", "", "").status)
		a.asks(t, base)
		return b.asks(t, base)
	}},
}

func TestWhatAWorkerKeepsIsShownToTheNextOneAndNothingElse(t *testing.T) {
	for _, r := range residue {
		for _, v := range demoshop.Variants() {
			t.Run(r.fault+"/"+string(v), func(t *testing.T) {
				base, a, b := wakeWith(t, demoshop.Fault{Name: r.fault, Variant: v, Rate: 1}, -1)
				var shown []demoshop.Variant
				for i := 0; i < 200 && len(shown) == 0; i++ {
					shown = a.shows(r.walk(t, base, a, b))
				}
				assert.Contains(t, shown, v)
				if v != demoshop.Plain {
					assert.Len(t, shown, 1, "one part, and nothing else")
				}
			})
		}
	}
}

func TestAtRateZeroAndOffWorkersKeepNothing(t *testing.T) {
	for _, r := range residue {
		for _, f := range []demoshop.Fault{{Name: r.fault}, {}} {
			t.Run(r.fault+" as "+f.String(), func(t *testing.T) {
				base, a, b := wakeWith(t, f, -1)
				for range 20 {
					assert.Empty(t, a.shows(r.walk(t, base, a, b)))
				}
				assert.Empty(t, b.shows(a.asks(t, base)))
			})
		}
	}
}

func TestTheResidueOfAWorkerIsShownToPassersByToo(t *testing.T) {
	base, a, _ := wakeWith(t, demoshop.Fault{Name: demoshop.ProcessLoader, Rate: 1}, -1)
	shown := false
	for i := 0; i < 200 && !shown; i++ {
		a.asks(t, base)
		shown = len(a.shows(newClient(t, base).get("/api/me").body)) > 0
	}
	assert.True(t, shown, "who is remembered is not asked who asks")
}

func TestAWorkersStateIsWrittenOverBySomebodySignedIn(t *testing.T) {
	for _, r := range residue[:2] {
		base, a, b := wakeWith(t, demoshop.Fault{Name: r.fault, Rate: 1}, -1)
		for range 20 {
			r.walk(t, base, a, b)
			assert.Empty(t, a.shows(newClient(t, base).signIn(b.person).body), r.fault)
			assert.Empty(t, a.shows(b.asks(t, base)), r.fault)
		}
	}
}

func TestAThreadKeepsTheIdentityOfWhatFailedAndOfNothingElse(t *testing.T) {
	base, a, _ := wakeWith(t, demoshop.Fault{Name: demoshop.ThreadIdentity, Rate: 1}, -1)
	for range 20 {
		a.asks(t, base)
		newClient(t, base).signIn(a.person)
		assert.Empty(t, a.shows(looks(t, base)))
	}
}

func TestAThreadKeepsTheIdentityOfARequestThatWasGivenUp(t *testing.T) {
	base, a, _ := wakeWith(t, demoshop.Fault{Name: demoshop.ThreadIdentity, Rate: 1}, 20*time.Millisecond)
	shown := false
	for i := 0; i < 200 && !shown; i++ { // the cut must fall between question and answer
		newClient(t, base).giveUp("/api/me", a.token, 10*time.Millisecond)
		shown = len(a.shows(newClient(t, base).get("/api/me").body)) > 0
	}
	assert.True(t, shown)
}

func TestColdStartMixesUpOnlyWhatItsVariantSays(t *testing.T) {
	for _, v := range demoshop.Variants() {
		t.Run(string(v), func(t *testing.T) {
			base, a, b := wakeWith(t, demoshop.Fault{Name: demoshop.ColdStart, Variant: v, Rate: 1}, -1)
			var shown []demoshop.Variant
			for i := 0; i < 50 && len(shown) == 0; i++ {
				require.Equal(t, http.StatusNoContent, newClient(t, base).api("POST", "/flush", "", "").status)
				var mine, theirs string
				var both sync.WaitGroup
				both.Go(func() { mine = a.asks(t, base) })
				both.Go(func() { theirs = b.asks(t, base) })
				both.Wait()
				shown = append(b.shows(mine), a.shows(theirs)...)
			}
			assert.Contains(t, shown, v)
			if v != demoshop.Plain {
				for _, one := range shown {
					assert.Equal(t, v, one, "one part, and nothing else")
				}
			}
		})
	}
}

func TestFaultsOfWorkersCountOnlyWhatCouldGoAstray(t *testing.T) {
	for _, name := range []string{demoshop.WorkerSingleton, demoshop.ThreadIdentity, demoshop.PooledTenant, demoshop.ProcessLoader} {
		shop, err := demoshop.New(demoshop.Options{Latency: -1, Faults: []demoshop.Fault{{Name: name}}})
		require.NoError(t, err)
		server := httptest.NewServer(shop)
		t.Cleanup(server.Close)
		looks(t, server.URL)
		a := own(t, server.URL, zoe())
		for range 5 {
			a.asks(t, server.URL)
		}
		assert.Zero(t, shop.Counts()[name].Opportunities, "%s: there is nobody but one customer signed in", name)
	}
}

func TestConnectionsOfNeighboringPortsAreServedByAllWorkers(t *testing.T) {
	for first := 32768; first < 60000; first += 997 {
		met := make([]int, demoshop.Workers)
		for port := first; port < first+200; port += 2 {
			met[demoshop.WorkerOf(fmt.Sprintf("127.0.0.1:%d", port))]++
		}
		for worker, n := range met {
			assert.InDelta(t, 25, n, 20, "worker %d from port %d on: %v of 100", worker, first, met)
		}
	}
}
