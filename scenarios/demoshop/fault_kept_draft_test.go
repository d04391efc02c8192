package demoshop_test

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"crosstalk/scenarios/demoshop"
)

// secrets are what the shop knows of somebody: in plain words, masked, encoded
// and as a key.
type secrets struct {
	email, receipts, passport, member string
}

// secretsOf asks the shop what it knows of somebody.
func secretsOf(t *testing.T, base string, p person) secrets {
	t.Helper()
	c := newClient(t, base)
	var me struct {
		Wallet           struct{ Receipts string }
		Passport, Member string
	}
	require.NoError(t, json.Unmarshal([]byte(c.api("GET", "/api/me", login(c, p), "").body), &me))
	require.NotEmpty(t, me.Member)
	decoded, err := base64.RawURLEncoding.DecodeString(me.Passport)
	require.NoError(t, err)
	require.Contains(t, string(decoded), p.email)
	return secrets{p.email, me.Wallet.Receipts, me.Passport, me.Member}
}

// in says which of them a text shows.
func (s secrets) in(text string) []demoshop.Variant {
	var out []demoshop.Variant
	for _, part := range []struct {
		v    demoshop.Variant
		text string
	}{
		{demoshop.Plain, s.email}, {demoshop.Masked, s.receipts},
		{demoshop.Encoded, s.passport}, {demoshop.Token, s.member},
	} {
		if strings.Contains(text, part.text) {
			out = append(out, part.v)
		}
	}
	return out
}

// astray are the parts that a variant lets go astray.
func astray(v demoshop.Variant) []demoshop.Variant {
	if v == demoshop.Plain {
		return demoshop.Variants()
	}
	return []demoshop.Variant{v}
}

// everyVariant runs a test for each variant of a fault, in a shop that has two
// customers and is given its options by change.
func everyVariant(t *testing.T, fault string, change func(*demoshop.Options), test func(t *testing.T, base string, shop *demoshop.Shop, v demoshop.Variant)) {
	for _, v := range demoshop.Variants() {
		t.Run(string(v), func(t *testing.T) {
			o := demoshop.Options{Seed: 7, Latency: -1, Faults: []demoshop.Fault{{Name: fault, Variant: v, Rate: 1}}}
			change(&o)
			shop, err := demoshop.New(o)
			require.NoError(t, err)
			base := serve(t, shop)
			newClient(t, base).signUp(zoe(), portrait(t, 10))
			newClient(t, base).signUp(jan(), portrait(t, 20))
			test(t, base, shop, v)
		})
	}
}

func TestEachVariantOfKeptDraftKeepsItsPartOnTheDeviceAndNothingElse(t *testing.T) {
	everyVariant(t, demoshop.KeptDraft, func(*demoshop.Options) {}, func(t *testing.T, base string, shop *demoshop.Shop, v demoshop.Variant) {
		zoes, jans := secretsOf(t, base, zoe()), secretsOf(t, base, jan())
		device := newClient(t, base)
		checkout := func(p person) string {
			device.signIn(p)
			device.get("/products/101").press("Add to basket", nil)
			page := device.get("/checkout").body
			return page + device.get("/api/checkout").body
		}
		own := checkout(zoe())
		assert.ElementsMatch(t, demoshop.Variants(), zoes.in(own), "their own checkout shows each part")
		device.get("/account").press("Sign out", nil)
		next := checkout(jan())
		assert.ElementsMatch(t, astray(v), zoes.in(next))
		if v != demoshop.Plain {
			assert.Contains(t, jans.in(next), demoshop.Plain, "the rest is the next customer's own")
		}
		assert.Equal(t, demoshop.Count{Opportunities: 2, Strikes: 2}, shop.Counts()[demoshop.KeptDraft], "the page and the call")
	})
}
