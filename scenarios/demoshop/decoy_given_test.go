package demoshop_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"crosstalk/scenarios/demoshop"
)

// sister is somebody whose family name and city are Zoë's.
func sister() person {
	s := zoe()
	s.first, s.email, s.phone = "Signe", "signe@three.example", "070-174 06 55"
	return s
}

// alike are ways to be given what looks like a leak, by decoy.
func alike() map[string]map[string]func(party) {
	page := func(path string) func(party) { return func(p party) { p.zoe.get(path) } }
	call := func(path string) func(party) { return func(p party) { p.app.api("GET", path, p.token, "") } }
	withSister := func(how func(party)) func(party) {
		return func(p party) {
			newClient(p.zoe.t, p.zoe.base).signUp(sister(), nil)
			how(p)
		}
	}
	fromCache := func(path string) func(party) {
		return func(p party) {
			p.jan.get(path)
			p.zoe.get(path)
		}
	}
	return map[string]map[string]func(party){
		demoshop.Reviews:     {"of an article": page("/products/103"), "who came by": page("/")},
		demoshop.Namesakes:   {"page": withSister(page("/account")), "basket": withSister(page("/basket")), "call": withSister(call("/api/me"))},
		demoshop.GiftCircle:  {"page": page("/account"), "orders": page("/orders"), "call": call("/api/orders")},
		demoshop.OrderQueue:  {"page": page("/orders"), "call": call("/api/orders")},
		demoshop.Noise:       {"picks": page("/account"), "an arm": call("/api/me")},
		demoshop.StaticPages: {"a page": fromCache("/help/delivery"), "a missing one": fromCache("/help/season")},
		demoshop.Echoes: {"an echo": page("/api/reach?zip=114+55"), "asked too often": func(p party) {
			p.zoe.get("/api/tip")
			p.zoe.get("/api/tip")
		}},
		demoshop.HelpDesk:      {"foot": page("/"), "adviser": call("/api/me"), "packer": call("/api/orders")},
		demoshop.NameList:      {"names": page("/api/names?begun=z")},
		demoshop.RememberedYou: {"good-bye": func(p party) { p.zoe.get("/account").press("Sign out", nil) }},
		demoshop.PublicKeys: {"page": page("/"), "call": call("/api/me"), "cookie": func(p party) {
			newClient(p.zoe.t, p.zoe.base).get("/fragments/header")
		}},
		demoshop.Devices: {"page": page("/account"), "call": call("/api/me"), "basket": func(p party) {
			p.app.api("POST", "/api/basket", p.token, `{"product": "103", "quantity": "1"}`)
			p.zoe.get("/basket")
		}},
	}
}

func TestTheShopCountsWhatEachDecoyGaveOutAndNothingWhereItIsOff(t *testing.T) {
	for _, d := range demoshop.Decoys() {
		ways := alike()[d.Name]
		require.NotEmpty(t, ways, d.Name)
		for way, how := range ways {
			t.Run(d.Name+" "+way, func(t *testing.T) {
				on, off := newParty(t, d.Name), newParty(t)
				before := on.shop.Served()
				assert.Len(t, before, 1, "of others nothing is counted")
				how(on)
				assert.Greater(t, on.shop.Served()[d.Name], before[d.Name])
				how(off)
				assert.Empty(t, off.shop.Served())
			})
		}
	}
}

func TestADecoyThatResemblesNobodyElseGivesNothingOut(t *testing.T) {
	for _, name := range []string{demoshop.Reviews, demoshop.Namesakes, demoshop.GiftCircle, demoshop.OrderQueue, demoshop.StaticPages, demoshop.Devices} {
		t.Run(name, func(t *testing.T) {
			shop, err := demoshop.New(demoshop.Options{Decoys: []string{name}, Latency: -1})
			require.NoError(t, err)
			c := newClient(t, listenAt(t, shop))
			c.signUp(zoe(), nil)
			c.buy(zoe(), nil)
			c.buy(zoe(), nil)
			for _, path := range []string{"/", "/products/103", "/account", "/orders", "/basket", "/help/delivery", "/help/delivery", "/api/me"} {
				c.get(path)
			}
			assert.Equal(t, map[string]int{name: 0}, shop.Served())
		})
	}
}

func TestADecoyThatResemblesNobodyWhoIsThereGivesNothingOut(t *testing.T) {
	p := newParty(t, demoshop.Namesakes, demoshop.StaticPages)
	p.zoe.get("/account")
	p.zoe.get("/help/delivery")
	newClient(t, p.zoe.base).get("/help/delivery")
	want := map[string]int{demoshop.Namesakes: 0, demoshop.StaticPages: 0}
	assert.Equal(t, want, p.shop.Served(), "Łukasz is called otherwise, and who is nobody expects no page of their own")
	p.jan.get("/help/delivery")
	assert.Equal(t, 1, p.shop.Served()[demoshop.StaticPages])
}

func TestEveryFileOfADecoyBearsTheNameOfOne(t *testing.T) {
	var known []string
	for _, d := range demoshop.Decoys() {
		known = append(known, d.Name)
	}
	files, err := os.ReadDir("decoys")
	require.NoError(t, err)
	for _, f := range files {
		name, _, _ := strings.Cut(f.Name(), ".")
		assert.True(t, slices.Contains(known, name), "%s would never be read", f.Name())
	}
}
