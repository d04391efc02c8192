package scenarios_test

import (
	"strings"
	"testing"
	"time"

	"crosstalk/scenarios"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const provoking = `
name: s
lifetimes: [5s, 1m]
journeys:
  shopper:
    client: browser
    customer: one
    steps:
      - visit: /sign-in
      - shows: [first]
      - network: offline
      - reload:
      - network: normal
      - cookie: {name: consent, value: all}
      - cookie: {name: consent, remove: true}
      - remember: {order: {css: "#no"}}
    provoke:
      - visit: /no/such/page
      - fill: {label: Postcode, with: "not a {{postcode}}"}
      - cookie: {name: filler, size: 9000}
        timeout: 2s
      - visit: /account
  app:
    client: api
    customer: one
    steps:
      - request: /api/login
      - shows: [first]
      - remember: {token: {json: $.token}, csrf: {header: X-Csrf}}
      - request: /api/basket
      - remember: {basket: {json: $.id}}
      - remember: {token: {json: $.renewed}}
    provoke:
      - network: slow
      - cookie: {name: who, value: "{{name}}-${API_KEY}"}
      - request: {url: /api/orders/0, bearer: "{{token}}", headers: {X-Csrf: "{{csrf}}"}}
      - listen: {url: /api/events, as: news}
      - hang_up: news
`

func provokingJourneys(t *testing.T) *scenarios.Scenario {
	t.Helper()
	sc, err := scenarios.Parse("s.yaml", []byte(provoking), environment)
	require.NoError(t, err)
	return sc
}

func TestProvocationsAreStepsOfTheirOwnThatUseWhatTheStepsRemembered(t *testing.T) {
	sc := provokingJourneys(t)
	assert.Equal(t, []time.Duration{5 * time.Second, time.Minute}, sc.Lifetimes)
	shopper, app := sc.Journey("shopper"), sc.Journey("app")
	require.Len(t, shopper.Provoke, 4)
	assert.Equal(t, 0, shopper.Provoke[0].Index)
	assert.Equal(t, 2*time.Second, shopper.Provoke[2].Timeout)
	assert.Zero(t, shopper.ProvokeFrom, "it needs nothing remembered")
	assert.Equal(t, 3, app.ProvokeFrom, "the token and the CSRF token are remembered by the third step")
	assert.Len(t, app.Steps, 6)
}

func TestNetworksAndCookiesAreReadForBothClients(t *testing.T) {
	sc := provokingJourneys(t)
	shopper, app := sc.Journey("shopper"), sc.Journey("app")
	assert.Equal(t, scenarios.NetworkOffline, shopper.Steps[2].Network)
	assert.Equal(t, scenarios.NetworkNormal, shopper.Steps[4].Network)
	assert.Equal(t, scenarios.NetworkSlow, app.Provoke[0].Network)
	assert.Equal(t, scenarios.Jarred{Name: "consent", Value: "all"}, *shopper.Steps[5].Cookie)
	assert.Equal(t, scenarios.Jarred{Name: "consent"}, *shopper.Steps[6].Cookie)
	assert.Equal(t, scenarios.Jarred{Name: "filler", Size: 9000}, *shopper.Provoke[2].Cookie)
}

func TestStepsThatDisturbReadAsAPersonWouldSayThemAndKeepSecrets(t *testing.T) {
	sc := provokingJourneys(t)
	var got []string
	for _, part := range [][]scenarios.Step{sc.Journeys[0].Steps[2:7], sc.Journeys[0].Provoke[1:3], sc.Journeys[1].Provoke[:2]} {
		for _, st := range part {
			got = append(got, st.String())
		}
	}
	assert.Equal(t, []string{
		"network offline",
		"reload",
		"network normal",
		`cookie consent = "all"`,
		"cookie consent removed",
		`fill "Postcode" with "not a {{postcode}}"`,
		"cookie filler of 9000 bytes",
		"network slow",
		`cookie who = "{{name}}-$API_KEY"`,
	}, got)
}

func TestACookieHoldsAFieldAsItIsUnlessNoCookieCan(t *testing.T) {
	who := *provokingJourneys(t).Journey("app").Provoke[1].Cookie
	got, err := zoe().Cookie(who)
	require.NoError(t, err)
	assert.Equal(t, "Zo%C3%AB+%C3%85ker%C3%B6-s3cret-key", got.Value)
	got, err = zoe().Cookie(scenarios.Jarred{Name: "mail", Value: "{{email}}"})
	require.NoError(t, err)
	assert.Equal(t, "zoe+1@shop.example", got.Value)
	_, err = scenarios.Fields{}.Cookie(who)
	require.Error(t, err)
}

func TestAnOldRunsProvocationsParseWithoutTheirEnvironment(t *testing.T) {
	src := strings.NewReplacer("slow", `"${A}"`, "9000", `"${B}"`, "consent", `"${C}"`, "true", `"${D}"`, "1m", `"${E}"`, "/no/such/page", `"${F}"`).Replace(provoking)
	nothing := func(string) (string, bool) { return "", false }
	sc, err := scenarios.ParseRecorded("s.yaml", []byte(src), nothing)
	require.NoError(t, err)
	assert.Equal(t, []time.Duration{5 * time.Second}, sc.Lifetimes)
}
