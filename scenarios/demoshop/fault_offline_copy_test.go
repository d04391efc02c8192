package demoshop_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"crosstalk/scenarios/demoshop"
)

// kept are what the worker of each variant keeps.
func kept() map[demoshop.Variant]string {
	return map[demoshop.Variant]string{
		demoshop.Plain: "/account", demoshop.Masked: "/api/wallet", demoshop.Encoded: "/api/passport", demoshop.Token: "/api/member",
	}
}

// copies asks for an address as the worker does.
func (c *client) copies(path string) *screen {
	c.t.Helper()
	r, err := http.NewRequest(http.MethodGet, c.base+path, nil)
	require.NoError(c.t, err)
	r.Header.Set("X-Copies", "keep")
	return c.do(r)
}

// dropped signs somebody in and says whether the browser was told to drop what
// it keeps.
func (c *client) dropped(p person) bool {
	c.t.Helper()
	told := false
	c.seen = func(r *http.Response, _ []byte) { told = told || r.Header.Get("Clear-Site-Data") == `"storage"` }
	defer func() { c.seen = nil }()
	require.Contains(c.t, c.signIn(p).text(), p.email)
	return told
}

func TestTheShopForgetsToHaveTheNextCustomersBrowserDropTheCopies(t *testing.T) {
	for v, path := range kept() {
		for _, rate := range []float64{1, 0} {
			shop, err := demoshop.New(demoshop.Options{Latency: -1, Faults: []demoshop.Fault{{Name: demoshop.OfflineCopy, Variant: v, Rate: rate}}})
			require.NoError(t, err)
			base := serve(t, shop)
			newClient(t, base).signUp(zoe(), nil)
			newClient(t, base).signUp(jan(), nil)
			device := newClient(t, base)
			assert.False(t, device.dropped(zoe()), "nothing is kept yet")
			require.Equal(t, http.StatusOK, device.copies(path).status)
			device.get("/account").press("Sign out", nil)
			assert.False(t, device.dropped(zoe()), "it is their own")
			device.get("/account").press("Sign out", nil)
			assert.Equal(t, rate == 0, device.dropped(jan()), "%s at rate %v", v, rate)
			assert.Equal(t, demoshop.Count{Opportunities: 1, Strikes: int(rate)}, shop.Counts()[demoshop.OfflineCopy])
			other := newClient(t, base)
			other.signIn(zoe())
			other.get("/account").press("Sign out", nil)
			assert.False(t, other.dropped(jan()), "a device without a worker has no copies")
		}
	}
}

func TestTheWorkerKeepsWhatItsVariantSaysAndNothingElse(t *testing.T) {
	for v, path := range kept() {
		base := open(t, demoshop.Options{Faults: []demoshop.Fault{{Name: demoshop.OfflineCopy, Variant: v, Rate: 1}}})
		c := newClient(t, base)
		account := c.signUp(zoe(), nil)
		assert.Contains(t, account.body, "navigator.serviceWorker.register('/offline.js', { scope: '/account' })")
		assert.Equal(t, v != demoshop.Plain, strings.Contains(account.body, "fetch('"+path+"')"), "only then the page asks for it")
		worker := c.get("/offline.js")
		assert.Equal(t, "text/javascript; charset=utf-8", worker.header.Get("Content-Type"))
		assert.Contains(t, worker.body, "const paths = ['"+path+"'];")
		assert.NotContains(t, worker.body, "~")
	}
}

func TestAHealthyShopHasNoWorker(t *testing.T) {
	base := open(t, demoshop.Options{})
	c := newClient(t, base)
	assert.NotContains(t, c.signUp(zoe(), nil).body, "serviceWorker")
	assert.Equal(t, http.StatusNotFound, c.get("/offline.js").status)
	c.copies("/account")
	c.get("/account").press("Sign out", nil)
	newClient(t, base).signUp(jan(), nil)
	assert.False(t, c.dropped(jan()))
	at, err := url.Parse(base)
	require.NoError(t, err)
	for _, cookie := range c.http.Jar.Cookies(at) {
		assert.NotEqual(t, "device", cookie.Name)
	}
}
