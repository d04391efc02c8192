package leak_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/history"
	"crosstalk/harness/leak"
)

// soloMe shows three customers their own data, so that /api/me is an own place.
const soloMe = "customers 4\nsolo each GET /api/me response {\"email\":\"{email}\"}\n"

func coverageOf(t *testing.T, text string, on history.Surface) leak.Coverage {
	j := judge(t, readTranscript(t, text), nil)
	for _, cov := range j.Coverage {
		if cov.Surface == on {
			return cov
		}
	}
	require.Fail(t, "no coverage", render(j))
	return leak.Coverage{}
}

func visit(who, phase, more string) string {
	return phase + " " + who + " GET /api/me response {\"email\":\"{email}\"} | " + more + "\n"
}

func TestAnExposureCountsByTheWindowOfTheRoundItHappenedIn(t *testing.T) {
	later := visit("c01", "relay", "") + "wait 15s\n" + visit("c02", "relay", "")
	for _, c := range []struct {
		name, window string
		exposures    int
	}{
		{"an old journal names none: ten seconds", "", 0},
		{"this round's is shorter", "window relay 0 5s\n", 0},
		{"this round's is longer", "window relay 0 40s\n", 1},
		{"another round's is longer", "window relay 7 40s\n", 0},
		{"another schedule's is longer", "window herd 0 40s\n", 0},
	} {
		cov := coverageOf(t, soloMe+c.window+later, history.SurfaceResponse)
		require.Equal(t, c.exposures, cov.Exposures, c.name)
		require.Equal(t, c.exposures, cov.Pairs, c.name)
	}
}

func TestExposuresAndPairsAreCountedByTheScheduleThatMadeThem(t *testing.T) {
	cov := coverageOf(t, soloMe+visit("c01", "relay", "")+visit("c02", "relay", "")+visit("c01", "burst", "")+visit("c02", "burst", "")+visit("nobody", "burst", ""), history.SurfaceResponse)
	require.Equal(t, 4, cov.Exposures)
	require.Equal(t, 2, cov.Pairs, "c01 before c02, and the other way round")
	require.Equal(t, map[string]leak.Met{"relay": {Exposures: 1, Pairs: 1}, "burst": {Exposures: 3, Pairs: 2}}, cov.Schedules)
}

func TestInASwapTheHeirIsExposedToWhoHadTheClientBefore(t *testing.T) {
	text := soloMe + visit("c01", "swap", "") + "swap c01 sign-out\nswap c01 becomes c02\nswap c02 signs-in\n" + visit("c02", "swap", "")
	cov := coverageOf(t, text, history.SurfaceResponse)
	require.Equal(t, map[string]leak.Met{"swap": {Exposures: 1, Pairs: 1}}, cov.Schedules)
	require.Equal(t, 6, cov.OwnVisits, "both saw their own, in one session")
}

func TestAHeldRequestIsThereWhenItIsLetGo(t *testing.T) {
	// c02 asked 11 s before it was let go: at the shop it came a second after c01.
	text := soloMe + visit("c02", "burst", "held=11s start=-10s took=12s") + visit("c01", "burst", "start=-1s") + visit("c03", "burst", "")
	require.Equal(t, 2, coverageOf(t, text, history.SurfaceResponse).Exposures)
}

func TestEdgesAndCachesAreCountedAsCoverage(t *testing.T) {
	text := soloMe +
		visit("c01", "relay", "X-Served-By=cache-ams1,cache-AMS21 Age=7 connection=k1") +
		visit("c02", "relay", "X-Served-By=cache-fra9,cache-ams21 X-Cache=MISS connection=k2") +
		visit("c03", "relay", "X-Served-By=cache-fra3 X-Cache=MISS connection=k2") +
		visit("c04", "relay", "X-Cache=gibberish connection=k3")
	cov := coverageOf(t, text, history.SurfaceResponse)
	require.Equal(t, map[string]int{"cache-ams21": 2, "cache-fra3": 1}, cov.Edges)
	require.Equal(t, map[string]int{"hit": 1, "miss": 2, "unknown": 1}, cov.Cache)
	require.Equal(t, 3, cov.Connections)
	require.Equal(t, 6, cov.Pairs)
	require.Equal(t, 1, cov.SharedEdge, "c01 before c02")
}

func TestAPageCameTheWayItsDocumentDid(t *testing.T) {
	page := func(who, phase, more string) string {
		return phase + " " + who + " GET /account response <p>{email}</p> | resource=document " + more + "\n" + phase + " " + who + " GET /account page main \"{email}\"\n"
	}
	text := "customers 4\n" + page("c01", "solo", "") + page("c02", "solo", "") + page("c03", "solo", "") +
		page("c01", "relay", "CF-RAY=8f3a11-AMS CF-Cache-Status=DYNAMIC connection=k1") +
		page("c02", "relay", "CF-RAY=8f3a12-AMS CF-Cache-Status=HIT connection=k2 from=disk")
	cov := coverageOf(t, text, history.SurfacePage)
	require.Equal(t, map[string]int{"ams": 1}, cov.Edges, "what the client had itself came from nobody")
	require.Equal(t, map[string]int{"pass": 1}, cov.Cache)
	require.Equal(t, 1, cov.Connections)
}

func TestWhatServersCallThemselvesIsBounded(t *testing.T) {
	var text strings.Builder
	text.WriteString(soloMe)
	for i := range 200 {
		text.WriteString(visit(fmt.Sprintf("c%02d", 1+i%2), "relay", fmt.Sprintf("X-Served-By=%d-%s", i, strings.Repeat("x", 200))))
	}
	cov := coverageOf(t, text.String(), history.SurfaceResponse)
	require.LessOrEqual(t, len(cov.Edges), 33)
	require.Greater(t, cov.Edges["(others)"], 100)
	require.Zero(t, cov.SharedEdge)
	for name := range cov.Edges {
		require.LessOrEqual(t, len(name), 48)
	}
}

func TestCoverageWithoutAnythingIsNotNull(t *testing.T) {
	cov := coverageOf(t, soloMe, history.SurfaceResponse)
	require.NotNil(t, cov.Schedules)
	require.NotNil(t, cov.Edges)
	require.NotNil(t, cov.Cache)
	require.NotNil(t, judge(t, readTranscript(t, soloMe), nil).NeverOwn)
}

func TestPlacesThatNeverShowedOwnDataAreNamed(t *testing.T) {
	j := judge(t, readTranscript(t, soloMe+`
solo c01 GET / response <p>Shop</p> | resource=document
solo c01 GET / page main "Welcome"
solo c01 GET / page main "Welcome again"
solo c01 GET /app.js response var_x | resource=script
solo c01 GET /spa response <div></div> | resource=document
solo c01 GET /spa page main "{email}"
solo c02 GET /gone response {"error":"gone"} | status=404
relay c01 GET /api/news response {"news":1}
relay c02 GET /api/news response {"news":2}
relay nobody GET /api/faq response {}
relay c03 GET /late response {"mail":"{email}"}
`), nil)
	require.Equal(t, []leak.NeverOwn{
		{Place: "GET /api/news", Surface: history.SurfaceResponse, Visits: 2},
		{Place: "GET /", Surface: history.SurfacePage, Visits: 1},
	}, j.NeverOwn)
}

func TestPlacesOfOwnKeysAndMasksAreNotNamedAsShowingNothing(t *testing.T) {
	j := judge(t, readTranscript(t, `customers 4
solo each GET /api/me response {"email":"{email}","ref":"{key:K}"}
walk
relay each GET /api/me response {"email":"{email}","ref":"{key:K}"}
relay each GET /club response {"ref":"{key:K}"}
walk
relay each GET /club response {"ref":"{key:K}"}
relay c01 GET /api/wallet response {"email":"z***********t@c01.shop-test.example"}
relay c01 GET /api/walls response {"email":"z***********t@c02.shop-test.example"}
`), nil)
	require.Equal(t, []leak.NeverOwn{{Place: "GET /api/walls", Surface: history.SurfaceResponse, Visits: 1}}, j.NeverOwn)
}
