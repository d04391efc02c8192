package demoshop_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"crosstalk/scenarios/demoshop"
)

func TestTheShopRefusesADecoyThatItDoesNotHave(t *testing.T) {
	_, err := demoshop.New(demoshop.Options{Decoys: []string{"mermaid"}})
	require.ErrorContains(t, err, `unknown decoy "mermaid"`)
	assert.ErrorContains(t, err, demoshop.GiftCircle, "it says which there are")
}

func TestAllStandsForEveryDecoy(t *testing.T) {
	all, err := demoshop.ExpandDecoys([]string{demoshop.Echoes, demoshop.AllDecoys})
	require.NoError(t, err)
	assert.Len(t, all, demoshop.DecoyRows)
	one, err := demoshop.ExpandDecoys([]string{demoshop.Echoes, demoshop.Echoes})
	require.NoError(t, err)
	assert.Equal(t, []string{demoshop.Echoes}, one)
}

// party is a shop with some decoys and two customers who have bought something,
// Zoë at last; what each of them is shown is asked for by how.
type party struct {
	shop          *demoshop.Shop
	zoe, jan, app *client
	zoeDone       *screen
	token         string
}

func newParty(t *testing.T, decoys ...string) party {
	shop, err := demoshop.New(demoshop.Options{Decoys: decoys, Latency: -1})
	require.NoError(t, err)
	base := listenAt(t, shop)
	p := party{shop: shop, zoe: newClient(t, base), jan: newClient(t, base), app: newClient(t, base)}
	p.jan.signUp(jan(), portrait(t, 5))
	p.jan.buy(jan(), nil)
	p.zoe.signUp(zoe(), portrait(t, 9))
	p.zoeDone = p.zoe.buy(zoe(), nil)
	p.token = login(p.app, zoe())
	return p
}

func TestEachDecoyShowsWhatItSaysAndOnlyWhereItIsOn(t *testing.T) {
	call := func(path string) func(party) string {
		return func(p party) string { return p.app.api("GET", path, p.token, "").body }
	}
	page := func(path string) func(party) string {
		return func(p party) string { return p.zoe.get(path).body }
	}
	for _, l := range []struct {
		name, decoy string
		look        func(party) string
		shows       string
	}{
		{"a review by another", demoshop.Reviews, page("/products/103"), "Łukasz from Gdańsk"},
		{"who came by", demoshop.Reviews, page("/"), "Łukasz"},
		{"the family on the letterbox", demoshop.Namesakes, page("/account"), "Family Lindqvist, Umeå"},
		{"the household", demoshop.Namesakes, call("/api/me"), `"household":`},
		{"whom one has drawn", demoshop.GiftCircle, page("/account"), "Łukasz Żółkiewski"},
		{"the same with the orders", demoshop.GiftCircle, page("/orders"), "Wiśniowa 7b"},
		{"the same in the app", demoshop.GiftCircle, call("/api/orders"), `"name":"Łukasz Żółkiewski"`},
		{"the order before", demoshop.OrderQueue, func(p party) string { return p.zoeDone.text() }, "Before it: 10001"},
		{"the same in the app", demoshop.OrderQueue, call("/api/orders"), `"before":"10001"`},
		{"recommendations", demoshop.Noise, page("/account"), "Picked for you"},
		{"a hidden address", demoshop.Noise, page("/"), "data-cfemail"},
		{"times and traces", demoshop.Noise, call("/api/me"), `"trace":`},
		{"a missing page", demoshop.StaticPages, page("/help/season"), "There is no such page"},
		{"an echo", demoshop.Echoes, page("/api/reach?zip=114+55&town=Ume%C3%A5"), "114 55 Umeå"},
		{"an agent on every page", demoshop.HelpDesk, page("/"), "Terpstra-Voskuil"},
		{"an agent in the app", demoshop.HelpDesk, call("/api/orders"), `@northlight.example`},
		{"an adviser", demoshop.HelpDesk, page("/account"), "Your adviser"},
		{"common names", demoshop.NameList, page("/api/names?begun=zo"), `"Zoe","Zofia","Zoë"`},
		{"a key for all", demoshop.PublicKeys, page("/"), "pk_live_"},
		{"the same in the app", demoshop.PublicKeys, call("/api/orders"), `"payment_session":"pub_`},
		{"a key of the moment", demoshop.PublicKeys, page("/"), `name="window-token"`},
		{"the same in the app", demoshop.PublicKeys, call("/api/orders"), `"window_token":"`},
		{"one's devices", demoshop.Devices, page("/account"), "App"},
		{"the same in the app", demoshop.Devices, call("/api/me"), `"kind":"Browser"`},
	} {
		t.Run(l.decoy+" "+l.name, func(t *testing.T) {
			assert.Contains(t, l.look(newParty(t, l.decoy)), l.shows)
			assert.NotContains(t, l.look(newParty(t)), l.shows, "without it")
		})
	}
}

func TestTheDeviceKeyOfAnAppIsShownInItsOwnersBrowserAlone(t *testing.T) {
	p := newParty(t, demoshop.Devices)
	var got struct {
		Key string `json:"device_key"`
	}
	body := p.app.api("POST", "/api/login", "", `{"email": "zoe@one.example", "password": "`+password+`"}`).body
	require.NoError(t, json.Unmarshal([]byte(body), &got))
	require.NotEmpty(t, got.Key)
	assert.Contains(t, p.zoe.get("/account").body, got.Key)
	assert.NotContains(t, p.jan.get("/account").body, got.Key)
}

func TestAfterTheSignOutTheBrowserRemembersItsOwnCustomerAlone(t *testing.T) {
	p := newParty(t, demoshop.RememberedYou)
	bye := p.zoe.get("/account").press("Sign out", nil)
	assert.Contains(t, bye.text(), "See you, Zoë.")
	assert.Equal(t, zoe().email, bye.value("E-mail"))
	assert.Empty(t, newClient(t, p.zoe.base).get("/sign-in").value("E-mail"))
}

func TestHelpPagesComeFromTheCacheForWhoIsSignedInToo(t *testing.T) {
	p := newParty(t, demoshop.StaticPages)
	for _, path := range []string{"/help/delivery", "/help/season"} {
		first, second := p.zoe.get(path), p.jan.get(path)
		assert.Equal(t, "HIT", second.header.Get("X-Cache"), path)
		assert.NotEmpty(t, second.header.Get("Age"), path)
		assert.Equal(t, first.body, second.body, path)
		assert.Equal(t, first.status, second.status, path)
	}
}

func TestWhoAsksTooOftenIsToldTheSameAsEverybody(t *testing.T) {
	p := newParty(t, demoshop.Echoes)
	assert.Equal(t, http.StatusOK, p.zoe.get("/api/tip").status)
	assert.Equal(t, http.StatusOK, p.jan.get("/api/tip").status, "each client has a limit of its own")
	a, b := p.zoe.get("/api/tip"), p.jan.get("/api/tip")
	assert.Equal(t, http.StatusTooManyRequests, a.status)
	assert.Equal(t, a.body, b.body)
}

func TestWhoOpensARenamedShopWithEveryDecoyFindsNoneOfTheirNames(t *testing.T) {
	shop, err := demoshop.New(demoshop.Options{Decoys: []string{demoshop.AllDecoys}, Rename: 7, Latency: -1})
	require.NoError(t, err)
	srv := httptest.NewServer(shop)
	t.Cleanup(srv.Close)
	said := sightings{}
	c := newClient(t, srv.URL)
	c.seen = func(r *http.Response, body []byte) { said.response(t, r, body) }
	c.signUp(zoe(), portrait(t, 1))
	newClient(t, srv.URL).signUp(jan(), portrait(t, 2))
	c.buy(zoe(), nil)
	for _, path := range []string{"/", "/account", "/orders", "/basket", "/products/103", "/sign-in", "/api/me", "/api/orders"} {
		for n := range c.get(path).doc.Descendants() {
			if src := attr(n, "src"); n.Data == "script" && src != "" {
				c.get(src)
			}
		}
	}
	for _, name := range []string{"gift_for", "queue", "packer", "adviser", "device_key", "client_token", "arm", "trace", "letterbox", "reviews", "last_here", "tip", "help"} {
		assert.NotContains(t, said, name, "first in %s", said[name])
	}
}
