package scenarios_test

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"crosstalk/harness/customer"
	"crosstalk/scenarios"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestEveryEmbeddedScenarioParses(t *testing.T) {
	names := scenarios.Builtin()
	require.Contains(t, names, "checkout")
	for _, name := range names {
		sc, err := scenarios.Load(name, environment)
		require.NoError(t, err)
		assert.Equal(t, name, sc.Name)
		assert.Equal(t, "builtin:"+name, sc.File)
		assert.NotEmpty(t, sc.Source)
		assert.Empty(t, sc.Secrets)
	}
}

const whole = `
name: whole
title: All there is
target: https://${HOST}
guard:
  hosts: [staging.example, "*.staging.example", 10.0.0.1, "::1"]
  proof: {header: X-Environment, value: staging}
step_timeout: 3s
customers: {locales: [sv-SE, pl-PL], email_domain: shop-test.example, ascii: true, max_name: 12, products: 4, avoid: [Basket]}
public: [/, /products?page=2]
allow:
  - {place: "GET /reviews/*", kind: order, reason: "reviews are signed"}
minima: {own_seen: 0.9, pairs: 6, unseen: 0.1, strong_kinds: 3}
journeys:
  shopper:
    client: browser
    customer: one
    setup:
      - upload: {label: Picture, with: pictures/cat.png}
    exists: {text: already registered}
    steps:
      - click: Sign in
      - check: {label: Remember me, off: true}
      - press: {key: Enter, placeholder: Search}
      - click: {testid: pay, nth: 2}
        timeout: 2s
      - fill: {xpath: "//input", with: 007}
      - see: {url: /account}
      - remember: {order: {css: "#no", match: "[0-9]+"}}
      - shows: [first, order, avatar]
      - back:
      - reload:
      - wait: 250ms
      - download: {role: link, name: Invoice}
      - meet: pay
      - sign_out: Sign out
    cleanup:
      - visit: /gone
  app:
    client: api
    customer: guest
    steps:
      - request:
          method: POST
          url: /api/login
          headers: {X-Key: "${API_KEY}"}
          json: {email: "{{email}}", n: 3, deep: [true, null, 1.5, "", "{{basket.0.quantity}}"]}
          expect: 201
      - remember: {token: {json: "$.token", marker: false}, csrf: {header: X-Csrf}}
      - shows: [email]
      - sign_out: {url: "/out?k=${API_KEY}", bearer: "{{token}}"}
`

func TestAWholeScenarioIsReadAsWritten(t *testing.T) {
	sc, err := scenarios.Parse("dir/whole.yaml", []byte(whole), environment)
	require.NoError(t, err)
	assert.Equal(t, "https://staging.example", sc.Target)
	assert.Equal(t, []string{"staging.example", "*.staging.example", "10.0.0.1", "::1"}, sc.Guard.Hosts)
	assert.Equal(t, &scenarios.Proof{Path: "/", Header: "X-Environment", Value: "staging"}, sc.Guard.Proof)
	assert.Equal(t, 3*time.Second, sc.StepTimeout)
	assert.Equal(t, customer.Constraints{Locales: []string{"sv-SE", "pl-PL"}, EmailDomain: "shop-test.example", ASCII: true,
		MaxName: 12, Products: 4, Avoid: []string{"Basket"}}, sc.Customers)
	assert.Equal(t, scenarios.Minima{OwnSeen: 0.9, Pairs: 6, Unseen: 0.1, StrongKinds: 3}, sc.Minima)
	assert.Equal(t, customer.Kind("order"), sc.Allow[0].Kind)
	assert.Equal(t, map[string]string{"HOST": "staging.example", "API_KEY": "s3cret-key"}, sc.Secrets)
	assert.Equal(t, whole, string(sc.Source), "the source keeps its ${NAME}s")
	assert.Nil(t, sc.Journey("nobody"))

	j := sc.Journey("shopper")
	assert.Equal(t, "dir/pictures/cat.png", j.Setup[0].With)
	assert.Equal(t, scenarios.Locator{Name: "Sign in", Nth: -1}, *j.Steps[0].Target)
	assert.Equal(t, 3, j.Steps[3].Index)
	assert.Equal(t, 0, j.Cleanup[0].Index)
	assert.Equal(t, 2, j.Steps[3].Target.Nth)
	assert.Equal(t, 2*time.Second, j.Steps[3].Timeout)
	assert.Equal(t, "007", j.Steps[4].With, "digits stay as they were typed")

	app := sc.Journey("app")
	assert.Equal(t, map[string]any{"email": "{{email}}", "n": uint64(3),
		"deep": []any{true, nil, 1.5, "", "{{basket.0.quantity}}"}}, app.Steps[0].Request.JSON)
	assert.Equal(t, "s3cret-key", app.Steps[0].Request.Headers["X-Key"])
	assert.True(t, app.Steps[1].Remember[0].Hold)
	assert.False(t, app.Steps[1].Remember[1].Hold)
}

func TestEchoesAreReadByTheirCanonicalNames(t *testing.T) {
	sc, err := scenarios.Parse("s.yaml", []byte("name: s\necho: [x-request-id, X-Nonce]\n"+
		"journeys: {j: {client: api, customer: one, steps: [shows: [first]]}}\n"), environment)
	require.NoError(t, err)
	assert.Equal(t, []string{"X-Request-Id", "X-Nonce"}, sc.Echo)
}

func TestANonceIsResolvedAsOftenAsItIsAskedForAndOnlyWhereThereIsOne(t *testing.T) {
	fields := scenarios.Fields{Target: "http://shop.test", Nonce: func() string { return "tavi4mule7naso2" }}
	got, err := fields.Resolve("/search?q={{nonce}}")
	require.NoError(t, err)
	assert.Equal(t, "http://shop.test/search?q=tavi4mule7naso2", got)
	_, err = scenarios.Fields{}.Expand("{{nonce}}")
	require.Error(t, err)
}

func TestStepsReadAsAPersonWouldSayThemAndKeepSecrets(t *testing.T) {
	sc, err := scenarios.Parse("whole.yaml", []byte(whole), environment)
	require.NoError(t, err)
	var got []string
	for _, j := range sc.Journeys {
		for _, part := range [][]scenarios.Step{j.Setup, j.Steps, j.Cleanup} {
			for _, st := range part {
				got = append(got, st.String())
			}
		}
	}
	assert.Equal(t, []string{
		`upload "pictures/cat.png" to "Picture"`,
		`click "Sign in"`,
		`uncheck "Remember me"`,
		`press Enter in placeholder "Search"`,
		`click test id "pay" (number 3)`,
		`fill xpath //input with "007"`,
		`see url /account`,
		`remember order from css #no`,
		`shows first, order, avatar`,
		`back`,
		`reload`,
		`wait 250ms`,
		`download link "Invoice"`,
		`meet pay`,
		`sign out with "Sign out"`,
		`visit /gone`,
		`request POST /api/login`,
		`remember token from $.token, csrf from header X-Csrf`,
		`shows email`,
		`sign out with GET /out?k=$API_KEY`,
	}, got)
}

func TestAnOldRunsScenarioParsesWithoutItsEnvironment(t *testing.T) {
	nothing := func(string) (string, bool) { return "", false }
	src := []byte(`
name: ${A}
target: https://${B}
step_timeout: "${C}"
minima: {pairs: "${D}", own_seen: "${E}"}
allow: [{place: "${F}", kind: "${G}", reason: "${H}"}]
journeys:
  j:
    client: api
    customer: none
    steps:
      - request: {method: "${I}", url: "${J}", expect: "${K}"}
      - meet: ${L}
      - wait: ${M}
`)
	_, err := scenarios.Parse("old.yaml", src, nothing)
	require.Len(t, scenarios.Errors(err), 13)
	sc, err := scenarios.ParseRecorded("old.yaml", src, nothing)
	require.NoError(t, err)
	assert.Equal(t, "$A", sc.Name)
	assert.Equal(t, "https://$B", sc.Target)
	assert.Equal(t, scenarios.DefaultStepTimeout, sc.StepTimeout)
	assert.Equal(t, "$L", sc.Journeys[0].Steps[1].Name)
	assert.Empty(t, sc.Secrets)
}

func TestTheEnvironmentCanNeitherAddFieldsNorStructure(t *testing.T) {
	env := func(string) (string, bool) { return "{{email}}\n- visit: /x", true }
	sc, err := scenarios.Parse("s.yaml", []byte("name: s\ntitle: $${NOT} ${A}\njourneys: {j: {client: browser, customer: none, steps: [visit: '/${A}']}}"), env)
	require.NoError(t, err)
	assert.Contains(t, sc.Title, "${NOT} ")
	require.Len(t, sc.Journeys[0].Steps, 1)
	got, err := scenarios.Fields{}.Expand(sc.Journeys[0].Steps[0].URL)
	require.NoError(t, err)
	assert.Equal(t, "/{{email}}\n- visit: /x", got)
}

func TestMistakesAreErrorsOfTheirOwnType(t *testing.T) {
	_, err := scenarios.Parse("s.yaml", []byte("name: s\njourneys: []\ntitel: x"), environment)
	all := scenarios.Errors(err)
	require.Len(t, all, 2)
	assert.Equal(t, scenarios.Error{File: "s.yaml", Line: 3, Col: 1, Msg: `unknown key "titel" in the scenario`, Hint: `did you mean "title"?`}, *all[1])
	assert.Nil(t, scenarios.Errors(errors.New("else")))
}

func TestASecondDocumentIsRefused(t *testing.T) {
	_, err := scenarios.Parse("s.yaml", []byte("name: a\n---\nname: b\n"), environment)
	assert.EqualError(t, err, "s.yaml:3:1: a second document; one file is one scenario")
}

func TestWindowsFilesHaveTheSamePositions(t *testing.T) {
	src := "\ufeffname: s\njourneys:\n  j:\n    client: api\n    customer: none\n    steps:\n      - visit: \"/{{emial}}\"\n"
	for _, s := range []string{src, strings.ReplaceAll(src, "\n", "\r\n")} {
		_, err := scenarios.Parse("s.yaml", []byte(s), environment)
		assert.EqualError(t, err, `s.yaml:7:20: there is no field {{emial}}; did you mean "email"?`)
	}
}

func TestHostileFilesAreRefusedInTime(t *testing.T) {
	for name, src := range map[string]string{
		"brackets": strings.Repeat("[{a: ", 5000),
		"dashes":   strings.Repeat("- ", 50000),
		"keys":     strings.Repeat("? ", 50000),
		"indents":  strings.Repeat(" ", 1001) + "a: 1",
		"large":    strings.Repeat("# a comment\n", 20000),
	} {
		begun := time.Now()
		_, err := scenarios.Parse("s.yaml", []byte(src), environment)
		require.Len(t, scenarios.Errors(err), 1, name)
		assert.Regexp(t, "nested deeper than 64 levels|larger than 128 KiB", err.Error(), name)
		assert.Less(t, time.Since(begun), 5*time.Second, name)
	}
}

func TestMistakesDoNotQuoteSecrets(t *testing.T) {
	_, err := scenarios.Parse("s.yaml", []byte("name: s\ntarget: ${API_KEY}\nstep_timeout: ${API_KEY}\njourneys: {${API_KEY}: 1}"), environment)
	require.Error(t, err)
	assert.NotContains(t, err.Error(), "s3cret-key")
}

func TestFilesAreLoadedByPathAndMissingOnesSaySo(t *testing.T) {
	path := t.TempDir() + "/own.yaml"
	require.NoError(t, os.WriteFile(path, []byte(whole), 0o600))
	sc, err := scenarios.Load(path, environment)
	require.NoError(t, err)
	assert.Equal(t, path, sc.File)
	_, err = scenarios.Load("chekout", environment)
	assert.EqualError(t, err, `load scenario: no file and no built-in scenario "chekout"; did you mean "checkout"?`)
	_, err = scenarios.Load(t.TempDir(), environment)
	assert.ErrorContains(t, err, "load scenario: ")
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(whole))
	f.Add([]byte("name: s\njourneys: {j: {client: api, customer: one, steps: [shows: [first]]}}"))
	f.Add([]byte(listening))
	f.Add([]byte(provoking))
	f.Add([]byte("a: &x [*x]\n? {}\n: !!map {<<: *x}\n"))
	f.Fuzz(func(t *testing.T, src []byte) {
		sc, err := scenarios.Parse("f.yaml", src, environment)
		for _, e := range scenarios.Errors(err) {
			if e.Line < 1 || e.Col < 1 || e.Msg == "" {
				t.Fatalf("a mistake without a place: %#v", e)
			}
		}
		if (sc == nil) != (err != nil) {
			t.Fatalf("scenario %v, error %v", sc, err)
		}
		if sc == nil {
			return
		}
		if _, err := scenarios.ParseRecorded("f.yaml", src, environment); err != nil {
			t.Fatalf("what parsed does not parse as recorded: %v", err)
		}
		for _, j := range sc.Journeys {
			for _, st := range slices.Concat(j.Steps, j.Provoke) {
				_ = st.String()
			}
			if j.ProvokeFrom > len(j.Steps) {
				t.Fatalf("provocations after step %d of %d", j.ProvokeFrom, len(j.Steps))
			}
		}
	})
}
