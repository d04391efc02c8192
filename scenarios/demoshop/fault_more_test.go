package demoshop_test

import (
	"context"
	"encoding/json"
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

func TestShiftedRepliesGiveEveryoneTheAnswerToTheOneBefore(t *testing.T) {
	for _, l := range levels {
		t.Run(l.name, func(t *testing.T) {
			base := twoCustomers(t, named(demoshop.ShiftedReplies, l.fault), l.rate)
			a, b := newClient(t, base), newClient(t, base)
			ta, tb := login(a, zoe()), login(b, jan())
			assert.Contains(t, b.api("GET", "/api/me", tb, "").body, jan().email, "as long as nobody gives up, all is well")
			leaked, most := false, 10
			if l.leaks {
				most = 50
			}
			// The cut must fall between question and reply: it is tried again
			// where a busy machine let it fall elsewhere.
			for range most {
				a.giveUp("/api/me", ta, 10*time.Millisecond)
				if leaked = strings.Contains(b.api("GET", "/api/me", tb, "").body, zoe().email); leaked {
					break
				}
			}
			assert.Equal(t, l.leaks, leaked)
			goesOn := false
			for range most { // as many as may have been given up
				goesOn = goesOn || strings.Contains(a.api("GET", "/api/me", ta, "").body, jan().email)
			}
			assert.Equal(t, l.leaks, goesOn, "whoever asks next is given the answer to the one before")
		})
	}
}

// giveUp asks and hangs up before the answer is there, if it can.
func (c *client) giveUp(path, token string, after time.Duration) {
	ctx, cancel := context.WithTimeout(context.Background(), after)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, c.base+path, nil)
	require.NoError(c.t, err)
	r.Header.Set("Authorization", "Bearer "+token)
	if resp, err := c.http.Do(r); err == nil {
		_ = resp.Body.Close()
	}
}

func TestKeptDraftShowsTheNextCustomerOfADeviceTheLastOnesAddress(t *testing.T) {
	for _, l := range levels {
		t.Run(l.name, func(t *testing.T) {
			base := twoCustomers(t, named(demoshop.KeptDraft, l.fault), l.rate)
			device, other := newClient(t, base), newClient(t, base)
			device.signIn(zoe())
			assert.Contains(t, device.get("/api/checkout").body, zoe().email)
			device.get("/account").press("Sign out", nil)
			device.signIn(jan())
			device.get("/products/101").press("Add to basket", nil)
			checkout := device.get("/checkout")
			want := jan().email
			if l.leaks {
				want = zoe().email
			}
			assert.Equal(t, want, checkout.value("E-mail"))
			other.signIn(jan())
			assert.Contains(t, other.get("/api/checkout").body, jan().email, "another device has no draft")
		})
	}
}

func TestColdStartMixesUpThoseWhoComeBackTogether(t *testing.T) {
	for _, l := range levels {
		t.Run(l.name, func(t *testing.T) {
			base := twoCustomers(t, named(demoshop.ColdStart, l.fault), l.rate)
			a, b := newClient(t, base), newClient(t, base)
			ta, tb := login(a, zoe()), login(b, jan())
			assert.Contains(t, a.api("GET", "/api/me", ta, "").body, zoe().email, "one alone is right, cold or not")
			leaked := false
			for range 50 {
				require.Equal(t, http.StatusNoContent, a.api("POST", "/flush", "", "").status)
				var sa, sb string
				var both sync.WaitGroup
				both.Go(func() { sa = a.api("GET", "/api/me", ta, "").body })
				both.Go(func() { sb = b.api("GET", "/api/me", tb, "").body })
				both.Wait()
				if leaked = strings.Contains(sa, jan().email) || strings.Contains(sb, zoe().email); leaked {
					break
				}
			}
			assert.Equal(t, l.leaks, leaked)
		})
	}
}

func TestAFlushEmptiesTheCacheAndLeavesAccountsAlone(t *testing.T) {
	base := twoCustomers(t, "", 0)
	c := newClient(t, base)
	c.get("/products")
	assert.Equal(t, "HIT", c.get("/products").header.Get("X-Cache"))
	require.Equal(t, http.StatusNoContent, c.api("POST", "/flush", "", "").status)
	assert.Equal(t, "MISS", c.get("/products").header.Get("X-Cache"))
	assert.Contains(t, c.signIn(zoe()).text(), zoe().email)
}

func TestAShopThatIsAsleepIsHealthyUntilItWakes(t *testing.T) {
	shop, err := demoshop.New(demoshop.Options{Latency: -1, Asleep: true, Faults: []demoshop.Fault{{Name: demoshop.EdgeCache, Rate: 1}}})
	require.NoError(t, err)
	server := httptest.NewServer(shop)
	t.Cleanup(server.Close)
	base := server.URL
	c, nobody := newClient(t, base), newClient(t, base)
	c.signUp(zoe(), nil)
	c.get("/api/me")
	assert.NotContains(t, nobody.get("/api/me").body, zoe().email)
	shop.Wake()
	c.get("/api/me")
	assert.Contains(t, nobody.get("/api/me").body, zoe().email)
}

func TestAnAppSignsUpByTheRulesOfTheFormAndLeavesAgain(t *testing.T) {
	c := newClient(t, open(t, demoshop.Options{}))
	const whole = `{"first":"Zoë","last":"Åkerö","email":"zoe@shop.example","password":"long enough","phone":"070","street":"Storgatan","house":"1","postcode":"111 22","city":"Umeå","country":"SE","birthday":"1990-02-03","company":"X"}`
	made := c.api("POST", "/api/sign-up", "", whole)
	require.Equal(t, http.StatusCreated, made.status, made.body)
	var out struct{ Token string }
	require.NoError(t, json.Unmarshal([]byte(made.body), &out))
	token := out.Token
	assert.Contains(t, c.api("GET", "/api/me", token, "").body, `"address":"Storgatan 1"`)
	assert.Equal(t, http.StatusConflict, c.api("POST", "/api/sign-up", "", whole).status)
	for _, wrong := range []string{`{}`, strings.Replace(whole, "long enough", "short", 1), strings.Replace(whole, `"SE"`, `"XX"`, 1), strings.Replace(whole, "1990-02-03", "3.2.90", 1)} {
		assert.Equal(t, http.StatusUnprocessableEntity, c.api("POST", "/api/sign-up", "", strings.Replace(wrong, "zoe@", "jan@", 1)).status, wrong)
	}
	assert.Equal(t, http.StatusBadRequest, c.api("POST", "/api/sign-up", "", "no json").status)
	assert.Equal(t, http.StatusUnauthorized, c.api("DELETE", "/api/me", "", "").status)
	assert.Equal(t, http.StatusOK, c.api("DELETE", "/api/me", token, "").status)
	assert.Equal(t, http.StatusUnauthorized, c.api("GET", "/api/me", token, "").status)
	assert.Equal(t, http.StatusCreated, c.api("POST", "/api/sign-up", "", whole).status, "the address is free again")
}
