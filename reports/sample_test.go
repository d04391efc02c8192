package reports_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"crosstalk/harness"
	"crosstalk/harness/history"
	"crosstalk/harness/leak"
)

// base is what all samples share: a run of the embedded checkout.
func base() harness.Result {
	r := harness.Result{
		Schema: harness.ResultSchema, Seed: 42, Scenario: "checkout", Target: "http://127.0.0.1:8471",
		Started: "2026-11-22T10:51:00Z", Duration: 92400, Customers: 8, Sessions: 44, Label: "build 812",
		Exposures: 5120, Bound: 3.0 / 5120, ID: "20261122-105100-k3fq", Version: "0.1.0", Profile: "smoke",
		Browser: "HeadlessChrome/156.0.7204.0", Exchanges: 3180, Sightings: 9120, Bodies: 1430,
		PairsMet: 38, PairsNeeded: 12, Folder: "crosstalk-runs/20261122-105100-k3fq",
		Rounds: map[string]int{"relay": 6, "burst": 5, "mingle": 4, "abort": 4, "swap": 3, "herd": 2},
	}
	r.People = people()
	r.SelfChecks = selfChecks()
	r.Coverage = coverage()
	return r
}

func people() []harness.Person {
	names := []string{"Åsa Lindqvist", "Jonas Brandt", "Imogen Hartley", "Walter Greene", "Zofia Wójcik", "Elin Sjöberg", "Mareike Vogt", "Rupert Ainsley"}
	locales := []string{"sv-SE", "de-DE", "en-GB", "en-US", "pl-PL", "sv-SE", "de-DE", "en-GB"}
	var out []harness.Person
	for i, n := range names {
		out = append(out, harness.Person{ID: fmt.Sprintf("c%02d", i+1), Name: n, Email: fmt.Sprintf("shopper%02d@q%d.example.net", i+1, 3*i+1), Locale: locales[i]})
	}
	return out
}

func selfChecks() []harness.Check {
	var out []harness.Check
	for _, n := range []string{"cookies", "localStorage", "sessionStorage", "IndexedDB", "BroadcastChannel", "SharedWorker", "http-cache"} {
		out = append(out, harness.Check{Name: n, OK: true, Detail: "two contexts of one browser share nothing"})
	}
	return out
}

func coverage() []leak.Coverage {
	rows := []struct {
		place   history.Place
		surface history.Surface
		kinds   []string
		exposed int
	}{
		{"GET /account", history.SurfacePage, []string{"name", "email", "phone", "address"}, 640},
		{"GET /account", history.SurfaceResponse, []string{"name", "email", "phone", "address"}, 640},
		{"GET /api/me", history.SurfaceResponse, []string{"email", "first"}, 1480},
		{"GET /checkout/address", history.SurfaceField, []string{"name", "address", "postcode"}, 420},
		{"GET /orders/{}", history.SurfacePage, []string{"order", "address"}, 380},
		{"POST /api/login", history.SurfaceResponse, []string{"token"}, 1560},
	}
	var out []leak.Coverage
	for _, c := range rows {
		out = append(out, leak.Coverage{
			Place: c.place, Surface: c.surface, OwnSeen: 24, Sessions: 24, OwnVisits: c.exposed / 4, Visits: c.exposed / 4,
			Pairs: 38, Exposures: c.exposed, Kinds: c.kinds, Bound: 3 / float64(c.exposed), Connections: c.exposed / 10,
			Schedules: map[string]leak.Met{
				"relay": {Exposures: c.exposed / 4, Pairs: 20}, "burst": {Exposures: c.exposed / 2, Pairs: 31}, "swap": {Exposures: c.exposed / 20, Pairs: 3},
			},
			Edges: map[string]int{"cache-ams21": c.exposed / 8, "cache-fra3": c.exposed / 9}, SharedEdge: 21,
			Cache: map[string]int{"hit": c.exposed / 40, "miss": c.exposed / 6},
		})
	}
	return out
}

// isolated is a healthy run.
func isolated() harness.Result {
	r := base()
	r.Verdict, r.Exit = leak.Isolated, harness.ExitIsolated
	r.Unseen = map[string]int{"redirect": 96, "too large": 4}
	r.UnseenPlaces = []leak.Unseen{
		{Place: "GET /catalog.pdf", Surface: history.SurfaceDownload, Reason: "too large", Count: 4},
		{Place: "POST /login", Surface: history.SurfaceResponse, Reason: "redirect", Count: 80, Expected: true},
		{Place: "POST /cart", Surface: history.SurfaceResponse, Reason: "redirect", Count: 16, Expected: true},
	}
	r.Bystanders, r.Mail = 1, harness.Mail{Watched: true, Received: 71, Strays: []leak.Stray{
		{To: "orders@shop.example", Subject: "New order {}", Count: 12},
		{To: "old@c02.example", Subject: "We miss you", Count: 1, Earlier: "c02 of 20261121-105100-x1x1"},
	}}
	r.ThirdParty = []string{"fonts.example.com"}
	r.NeverOwn = []leak.NeverOwn{{Place: "GET /products/{}", Surface: history.SurfacePage, Visits: 112}, {Place: "GET /api/stock", Surface: history.SurfaceResponse, Visits: 40}}
	r.Hooks = []harness.Hook{{Schedule: "herd", Round: 1, Command: "docker restart edge", At: 41200, Took: 2300}, {Schedule: "herd", Round: 2, Command: "docker restart edge", At: 83000, Took: 1900}}
	return r
}

// leaking is a run against the shop with its cache fault.
func leaking() harness.Result {
	r := base()
	r.Verdict, r.Exit = leak.Leak, harness.ExitLeak
	r.Reasons = []string{"c07 was shown c03's e-mail address at GET /account, and 5 more like it"}
	r.Remedies = []string{"look at what the cache in front of /account stores"}
	r.Findings = findings()
	r.Lost = []string{"browser 2 of 2 ended at 41.2 s: 3 sessions with it"}
	r.Unseen = map[string]int{"redirect": 96}
	r.Failures = map[string]int{`click button "Place order": no such button`: 2}
	return r
}

func findings() []leak.Finding {
	cached := []string{
		"answered 212 ms after c03's own request for the same URL, with the same bytes",
		"Date: Sun, 22 Nov 2026 10:51:19 GMT lies 1.8 s before the request; Age: 1; X-Cache: HIT",
	}
	out := []leak.Finding{
		{Viewer: "c07", Victim: "c03", Rule: leak.RuleForeignMarker, Kind: "email", Surface: history.SurfaceResponse, Place: "GET /api/me", Where: "$.email", Count: 12, Fingerprint: "9f31ac02", Evidence: cached, Exchange: "x01234",
			Value: "shopper03@q7.example.net", Snippet: `…"id":"c_8831","email":"shopper03@q7.example.net","first":"Imogen"…`},
		{Viewer: "c07", Victim: "c03", Rule: leak.RuleForeignMarker, Kind: "address", Surface: history.SurfacePage, Place: "GET /account", Where: "main>section.card>p.address", Decoded: []string{"fold"}, Count: 3, Fingerprint: "1c77e0b4", Evidence: cached[:1],
			Value: "14 Harrowgate Mews", Snippet: "Delivery address: Imogen Hartley, 14 HARROWGATE MEWS, Leeds", Shot: "history/shots/s031-1.png"},
		{Viewer: history.Nobody, Victim: "c05", Rule: leak.RuleForeignMarker, Kind: "email", Surface: history.SurfaceResponse, Place: "GET /api/me", Where: "$.email", Count: 2, Fingerprint: "9f31ac02", Evidence: cached, Exchange: "x01410",
			Value: "shopper05@q13.example.net", Snippet: `{"email":"shopper05@q13.example.net","first":"Zofia"…`},
		{Viewer: "c02", Victim: "c01", Rule: leak.RuleSharedToken, Kind: "token", Surface: history.SurfaceCookie, Place: "GET /", Where: "sid", Count: 1, Fingerprint: "77aa01de", Cause: leak.CauseCachedSetCookie,
			Evidence: []string{"the same Set-Cookie line was delivered to c01 1.1 s before, by the same URL"}, Value: "s%3Av9Qk1TzB6mE", Snippet: "sid=s%3Av9Qk1TzB6mE; Path=/; HttpOnly", Exchange: "x00871"},
		{Viewer: "c01", Victim: "c06", Rule: leak.RuleOwnPlace, Kind: "first", Surface: history.SurfacePage, Place: "GET /account", Where: "header>a.greeting", Count: 1, Fingerprint: "5b0d9921", Cause: leak.CauseRace,
			Evidence: []string{"c06's GET /account (x02001) and c01's (x02002) overlapped by 84 ms", "no sign of a stored copy"}, Value: "Elin", Snippet: "Hi, Elin", Shot: "history/shots/s040-1.png"},
		{Viewer: "c04", Victim: "c08", Rule: "masked marker", Strength: leak.Suspicion, Kind: "phone", Surface: history.SurfacePage, Place: "GET /orders/{}", Where: "td.phone", Count: 1, Fingerprint: "e0e0e011", Cause: leak.CauseUnknown,
			Evidence: []string{"the mask fits c08's number and no other"}, Value: "•••• 6482", Snippet: "Phone •••• 6482"},
	}
	for i := range out {
		f := &out[i]
		f.ID, f.FirstSeen, f.Schedule, f.Session = fmt.Sprintf("F%d", i+1), int64(8123+4210*i), "relay", fmt.Sprintf("s%03d", 31+i)
		f.Reproduce = "crosstalk replay crosstalk-runs/20261122-105100-k3fq " + f.ID
		if f.Cause == "" {
			f.Cause = leak.CauseSharedCache
		}
		if f.Strength == "" {
			f.Strength = leak.Proof
		}
	}
	return out
}

// inconclusive is a run whose sign-in was broken half way.
func inconclusive() harness.Result {
	r := base()
	r.Verdict, r.Exit = leak.Inconclusive, harness.ExitInconclusive
	r.Reasons = []string{
		`journey shopper was never walked to its end: step 4 click button "Sign in": the page says "Service unavailable"`,
		"GET /account (page text) showed customers their own data in 3 of 24 visits; 95 % are needed",
		"2 of 12 needed pairs of customers met at GET /account (page text)",
	}
	r.Remedies = []string{"open the target by hand and sign in as c01; its password is in run.json's folder", "", "run longer, or with more customers: --for 5m --customers 12"}
	r.Coverage = r.Coverage[:2]
	for i := range r.Coverage {
		c := &r.Coverage[i]
		c.OwnSeen, c.OwnVisits, c.Visits, c.Pairs, c.Exposures, c.Unseen, c.Bound = 3, 3, 24, 2, 9, 4, 3.0/9
	}
	r.Exposures, r.Bound, r.PairsMet, r.Sessions = 18, 3.0/18, 2, 24
	r.SelfChecks[6] = harness.Check{Name: "http-cache", Detail: "a copy made in one context was served in another"}
	r.Failures = map[string]int{`click button "Sign in": the page says "Service unavailable"`: 21, "see text \"Welcome\": not there after 10 s": 3}
	r.Lost = []string{"browser 1 of 1 ended at 12.0 s: killed", "session s019: the tab crashed"}
	r.Allowances = []string{"GET /reviews/* · first"}
	r.Paces = []harness.Pace{{At: 43100, Parallel: 4, Pause: 500, Why: "7 of 20 answers were 503"}, {At: 51800, Parallel: 2, Pause: 30000, Why: "the target asked for it (Retry-After: 30)"}}
	r.Hooks = []harness.Hook{{Schedule: "herd", Round: 1, Command: "flush-cache", At: 61200, Took: 10000, Failed: "it took longer than 10 s"}}
	r.Accounts = []string{"c05 (journey shopper): clean-up failed at step 2", "c06 (journey shopper): clean-up failed at step 2"}
	return r
}

// suspicious is a healthy run but for one thing to look at.
func suspicious() harness.Result {
	r := isolated()
	r.Findings = findings()[5:]
	r.Findings[0].ID = "F1"
	return r
}

// narrowed is a healthy run of a developer with a report of a leak.
func narrowed() harness.Result {
	r := isolated()
	r.Journeys, r.Places = []string{"shopper"}, []string{"GET /account", "GET /orders/*"}
	r.Reasons = []string{"no session was shown another customer's data in 1280 exposures at 2 own places; at least 38 ordered pairs of customers met at each (12 asked for); this run covers journey shopper at GET /account, GET /orders/* only: nothing else was looked at"}
	r.Remedies = nil
	return r
}

// interrupted is a run that Ctrl-C ended before it could say anything.
func interrupted() harness.Result {
	r := inconclusive()
	r.Interrupted, r.Exit, r.Duration = true, harness.ExitInterrupted, 21300
	r.Reasons, r.Remedies = []string{"interrupted"}, nil
	r.Coverage, r.Findings, r.Exposures, r.Bound, r.PairsMet = nil, nil, 0, 0, 0
	return r
}

// hostile is a run whose every text tries to get out of the report.
func hostile() harness.Result {
	evil := "</script><script>alert(1)</script>]]><!--|`**x**`|@everyone\x1b[31m\x00\u202egnp.exe\n\n# h [l](javascript:alert(1)) 'q' \"q\" \xff"
	r := leaking()
	r.Label, r.Target, r.Scenario, r.Browser = evil, "javascript:alert(1)//"+evil, evil, evil
	r.Reasons, r.Remedies = []string{evil}, []string{evil}
	for i := range r.Findings {
		f := &r.Findings[i]
		f.Value, f.Snippet, f.Where, f.Place, f.Kind = evil, evil+evil, evil, history.Place("GET /"+evil), evil
		f.Evidence, f.Cause, f.Rule, f.Reproduce, f.Shot = []string{evil}, evil, evil, evil, "javascript:alert(1)"
	}
	for i := range r.Coverage {
		r.Coverage[i].Place, r.Coverage[i].Kinds = history.Place(evil), []string{evil}
		r.Coverage[i].Edges, r.Coverage[i].Cache = map[string]int{evil: 3}, map[string]int{evil: 1}
		r.Coverage[i].Schedules = map[string]leak.Met{evil: {Exposures: 1, Pairs: 1}}
	}
	r.People[0].Name, r.Lost, r.Accounts, r.ThirdParty = evil, []string{evil}, []string{evil}, []string{evil}
	r.UnseenPlaces = []leak.Unseen{{Place: history.Place(evil), Surface: history.Surface(evil), Reason: evil, Count: 1}}
	r.NeverOwn, r.Journeys, r.Places = []leak.NeverOwn{{Place: history.Place(evil), Surface: history.Surface(evil), Visits: 1}}, []string{evil}, []string{evil}
	r.Paces, r.Hooks = []harness.Pace{{Why: evil}}, []harness.Hook{{Schedule: evil, Command: evil, Failed: evil}}
	r.Mail.Strays = []leak.Stray{{To: evil, Subject: evil, Count: 1, Earlier: evil}}
	r.Failures, r.SelfChecks[0] = map[string]int{evil: 1}, harness.Check{Name: evil, OK: true, Detail: evil}
	return r
}

// blank has one of everything, with nothing in it.
func blank() harness.Result {
	return harness.Result{
		Schema: harness.ResultSchema, Verdict: leak.Leak, Reasons: []string{""}, Findings: []leak.Finding{{}}, Coverage: []leak.Coverage{{}},
		People: []harness.Person{{}}, SelfChecks: []harness.Check{{}}, Lost: []string{""}, Accounts: []string{""}, Allowances: []string{""},
		ThirdParty: []string{""}, Failures: map[string]int{"": 1}, Unseen: map[string]int{"": 1}, UnseenPlaces: []leak.Unseen{{}}, Mail: harness.Mail{Strays: []leak.Stray{{}}}, Rounds: map[string]int{"": 1},
	}
}

// long says everything in words too long for a line.
func long() harness.Result {
	r := leaking()
	word := strings.Repeat("longwörd", 60)
	r.Label, r.Target, r.Scenario, r.Folder = word, word, word, word
	r.Reasons, r.Remedies, r.Rounds, r.Failures = []string{word}, []string{word}, map[string]int{word: 3}, map[string]int{word: 3}
	for i := range r.Findings {
		f := &r.Findings[i]
		f.ID, f.Victim, f.Viewer, f.Kind, f.Cause, f.Rule = fmt.Sprint("F", i, word), word, "v"+word, word, word, word
		f.Place, f.Where, f.Snippet, f.Value, f.Reproduce = history.Place(word), word, word, word, word
	}
	for i := range r.Coverage {
		c := &r.Coverage[i]
		c.Place, c.Surface, c.Sessions, c.Exposures = history.Place(word), history.Surface(word), 9_000_000, 2_000_000_000
	}
	return r
}

// crowd is a leak that hit very many: 40 customers, 300 findings.
func crowd() harness.Result {
	r := leaking()
	r.Customers, r.People, r.Findings = 40, nil, nil
	for i := range 40 {
		r.People = append(r.People, harness.Person{ID: fmt.Sprintf("c%02d", i+1), Name: fmt.Sprintf("Customer Number%d", i+1)})
	}
	for i := range 300 {
		f := findings()[i%6]
		f.ID, f.Victim, f.Viewer = fmt.Sprintf("F%d", i+1), fmt.Sprintf("c%02d", 1+i%5), fmt.Sprintf("c%02d", 6+i%11)
		r.Findings = append(r.Findings, f)
	}
	return r
}

// samples are all results that every format must render.
func samples() map[string]harness.Result {
	return map[string]harness.Result{
		"leak": leaking(), "isolated": isolated(), "inconclusive": inconclusive(),
		"suspicious": suspicious(), "interrupted": interrupted(), "hostile": hostile(), "empty": {}, "narrowed": narrowed(), "crowd": crowd(), "blank": blank(), "long": long(),
	}
}

// folder is a run folder with the screenshots of the leaking sample.
func folder(t *testing.T) fstest.MapFS {
	t.Helper()
	shot := &fstest.MapFile{Data: screenshot(t)}
	return fstest.MapFS{"history/shots/s031-1.png": shot, "history/shots/s040-1.png": {Data: append(screenshot(t), 0)}}
}

// screenshot draws something with the shape of a page.
func screenshot(t *testing.T) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 960, 600))
	fill := func(r image.Rectangle, c color.Color) {
		draw.Draw(img, r, image.NewUniform(c), image.Point{}, draw.Src)
	}
	fill(img.Bounds(), color.White)
	fill(image.Rect(0, 0, 960, 70), color.RGBA{40, 60, 90, 255})
	for i := range 5 {
		fill(image.Rect(60, 120+i*70, 500+i*60, 150+i*70), color.RGBA{210, 214, 220, 255})
	}
	var b bytes.Buffer
	require.NoError(t, png.Encode(&b, img))
	return b.Bytes()
}
