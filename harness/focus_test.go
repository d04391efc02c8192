package harness

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"crosstalk/harness/history"
	"crosstalk/harness/plan"
	"crosstalk/scenarios"
)

const focusedShop = `
name: focused
target: https://shop.test
minima: {pairs: 2} # in two rounds
journeys:
  app:
    client: api
    customer: one
    setup:
      - request: {method: POST, url: /accounts, json: {email: "{{email}}"}}
    steps:
      - request: {method: POST, url: /login, json: {email: "{{email}}"}}
      - shows: [email]
      - request: {url: /me}
      - request: {method: POST, url: /orders}
      - remember: {order: {json: $.order}}
      - request: {url: "/orders/{{order}}"}
      - see: {text: "@"}
      - request: {url: /note}
      - sign_out: {method: POST, url: /logout}
  till:
    client: api
    customer: one
    steps:
      - request: {method: POST, url: /login, json: {email: "{{email}}"}}
      - shows: [email]
      - request: {url: /note}
      - request: {url: /desk}
  passer-by:
    client: api
    customer: none
    steps:
      - visit: /
      - visit: /me
      - visit: /orders
`

func focused(t *testing.T) *scenarios.Scenario {
	t.Helper()
	sc, err := scenarios.Parse("focused.yaml", []byte(focusedShop), func(string) (string, bool) { return "", false })
	require.NoError(t, err)
	return sc
}

func TestAFocusThatCannotBeIsRefusedWithWhatThereIs(t *testing.T) {
	for name, c := range map[string]struct {
		change func(c *Config)
		want   string
	}{
		"an unknown journey":             {func(c *Config) { c.Journeys = []string{"app", "shoper"} }, `no journey "shoper" in scenario focused; there are app, till, passer-by`},
		"journeys of nobody":             {func(c *Config) { c.Journeys = []string{"passer-by"} }, "journey passer-by is nobody's, so no session would be shown own data; name one with a customer beside it (--journey)"},
		"a place without a method":       {func(c *Config) { c.Places = []string{"/account"} }, `--place "/account" is no place; write a method and a path, with * for any characters, such as "GET /account" or "* /api/*"`},
		"a place in small letters":       {func(c *Config) { c.Places = []string{"get /account"} }, `--place "get /account" is no place; write a method and a path, with * for any characters, such as "GET /account" or "* /api/*"`},
		"a place without a path":         {func(c *Config) { c.Places = []string{"GET "} }, `--place "GET " is no place; write a method and a path, with * for any characters, such as "GET /account" or "* /api/*"`},
		"a herd's hook without a herd":   {func(c *Config) { c.OnHerd, c.Schedules = "true", []string{"relay"} }, "--on-herd is run by the schedule herd, which is not among those asked for; add it: --schedule relay,herd"},
		"a schedule that does not exist": {func(c *Config) { c.Schedules = []string{"sprint"} }, `no schedule "sprint"; there are ` + strings.Join(Schedules(), ", ")},
	} {
		t.Run(name, func(t *testing.T) {
			config := Config{Scenario: focused(t)}
			c.change(&config)
			_, err := config.settle()
			var refusal *ConfigError
			require.ErrorAs(t, err, &refusal)
			assert.Equal(t, c.want, err.Error())
		})
	}
	_, err := Config{Scenario: focused(t), Journeys: []string{"app", "passer-by"}, Places: []string{"* /api/*", "GET /me"}}.settle()
	require.NoError(t, err)
}

func TestAnAddressOutOfALeakReportIsAPlace(t *testing.T) {
	given := []string{"GET https://shop.test/orders/1024", "GET /orders/10243/invoice", "GET https://cdn.test/a.js", "GET /orders/{}", "GET /orders/*", "GET cdn.test/a.js", "* /me"}
	c, err := Config{Scenario: focused(t), Places: given}.settle()
	require.NoError(t, err)
	assert.Equal(t, []string{"GET /orders/{}", "GET /orders/{}/invoice", "GET cdn.test/a.js", "GET /orders/{}", "GET /orders/*", "GET cdn.test/a.js", "* /me"}, c.Places)
	assert.Equal(t, "GET https://shop.test/orders/1024", given[0], "the caller's list stays as it is")
}

// seen is one thing that a session of a journal asked for or stood at.
type seen struct {
	session string
	step    int
	place   history.Place
	page    bool
}

// reachIn writes a journal of sessions and what they saw, and reads it back.
func reachIn(t *testing.T, patterns []string, sessions []history.Session, all []seen) *reach {
	t.Helper()
	dir := t.TempDir()
	journal, err := history.Create(dir, nil)
	require.NoError(t, err)
	record := newRecorder(journal, dir)
	for _, s := range sessions {
		record.write(history.Event{Session: &s})
	}
	for _, s := range all {
		if s.page {
			record.Sighting(history.Sighting{Session: s.session, Step: s.step, Place: s.place, Surface: history.SurfacePage}, []byte("x"))
		} else {
			record.Exchange(history.Exchange{Session: s.session, Step: s.step, Place: s.place}, nil, nil)
		}
	}
	require.NoError(t, journal.Close())
	r, err := reachOf(dir, patterns)
	require.NoError(t, err)
	return r
}

var soloists = []history.Session{
	{ID: "s1", Journey: "app", Phase: history.PhaseSolo}, {ID: "s2", Journey: "till", Phase: history.PhaseSolo},
	{ID: "s3", Journey: "passer-by", Phase: history.PhaseSolo}, {ID: "s4", Journey: "till", Phase: history.PhaseSignUp},
}

func TestTheFocusIsWhereJourneysCameWhenTheyWereAlone(t *testing.T) {
	r := reachIn(t, []string{"GET /orders*", "GET /desk"}, soloists, []seen{
		{"s1", 5, "GET /orders/{}", false}, {"s1", 3, "POST /orders", false}, {"s1", 4, "GET /orders", true},
		{"s2", 2, "GET /note", false}, {"s3", 2, "GET /orders", false},
		{"s4", 7, "GET /orders", false}, // not alone: no step of a walk
	})
	got, reached := r.narrow(plan.Setting{Scenario: focused(t), Seed: 3})
	assert.True(t, reached)
	assert.Equal(t, []string{"app", "passer-by"}, got.Journeys)
	assert.Equal(t, map[string]int{"app": 7, "passer-by": 3}, got.Until, "the step behind looks at what the order's page brought")
	assert.Equal(t, uint64(3), got.Seed)
}

func TestAWalkToAPlaceBeforeTheSignInGoesOnUntilOwnDataIsShown(t *testing.T) {
	r := reachIn(t, []string{"POST /login"}, soloists, []seen{{"s1", 0, "POST /login", false}, {"s2", 0, "POST /login", false}})
	got, reached := r.narrow(plan.Setting{Scenario: focused(t)})
	assert.True(t, reached)
	assert.Equal(t, map[string]int{"app": 2, "till": 2}, got.Until)
}

func TestAPlaceWhereOnlyPassersByComeIsNotReached(t *testing.T) {
	r := reachIn(t, []string{"GET /"}, soloists, []seen{{"s3", 0, "GET /", false}})
	_, reached := r.narrow(plan.Setting{Scenario: focused(t)})
	assert.False(t, reached)
}

func TestAMisspelledPlaceIsAnsweredWithThoseThatLookLikeIt(t *testing.T) {
	all := []seen{{"s1", 0, "GET /account", false}, {"s1", 0, "GET /basket", false}, {"s1", 0, "GET /api/me", true}, {"s1", 0, "POST /login", false}}
	for i := range 2 * mostComeTo {
		all = append(all, seen{"s1", 1, history.Place(fmt.Sprintf("GET /assets/very/deep/%d", i)), false})
	}
	all = append(all, seen{"s1", 1, history.Place("GET /acount" + strings.Repeat("/x", longestComeTo)), false})
	r := reachIn(t, []string{"GET /acount"}, soloists, all)
	assert.LessOrEqual(t, len(r.comeTo), mostComeTo)
	assert.Equal(t, "no customer's journey came to GET /acount; they came to GET /account, GET /api/me, GET /basket", r.missed())
	assert.Equal(t, "no customer's journey came to GET /x or GET /y", reachIn(t, []string{"GET /x", "GET /y"}, soloists, nil).missed())
}
