package harness

import (
	"context"
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/history"
	"crosstalk/harness/plan"
	"crosstalk/scenarios"
)

const pacedShop = "http://shop.test:8080"

// pacedRun is a pace with what it said, at a journal's clock of the test's own.
type pacedRun struct {
	*pace
	said []history.Pace
	now  history.Moment
}

func newPaced(parallel int) *pacedRun {
	p := &pacedRun{}
	p.pace = newPace(parallel, pacedShop, &recorder{}, func(said history.Pace, _ bool) { p.said = append(p.said, said) })
	p.moment = func() history.Moment { return p.now }
	return p
}

// answer is a request that began now and was answered at once.
func (p *pacedRun) answer(change func(x *history.Exchange)) {
	p.now += 1000
	x := &history.Exchange{Session: "s1", URL: pacedShop + "/me", Place: "GET /me", Status: http.StatusOK, Start: p.now, Response: p.now + 10_000, End: p.now + 10_000}
	change(x)
	p.saw(x, history.PhaseRelay)
}

func status(code int) func(x *history.Exchange) {
	return func(x *history.Exchange) { x.Status = code }
}

func failing(why string) func(x *history.Exchange) {
	return func(x *history.Exchange) { x.Status, x.Response, x.Failed = 0, 0, why }
}

func restless(retryAfter string) func(x *history.Exchange) {
	return func(x *history.Exchange) {
		x.Status, x.Headers = http.StatusTooManyRequests, []history.Header{{Name: "retry-after", Value: retryAfter}}
	}
}

func slowly(x *history.Exchange) { x.Response, x.End = x.Start+3_000_000, x.Start+3_000_000 }

func TestTroubleHalvesTheSessionsAtOnce(t *testing.T) {
	for name, row := range map[string]struct {
		change func(x *history.Exchange)
		why    string
	}{
		"503":      {status(503), "4 of the last 4 answers were 503"},
		"429":      {status(429), "4 of the last 4 answers were 429"},
		"reset":    {failing("read: connection reset by peer"), "reset or refused"},
		"refused":  {failing("net::ERR_CONNECTION_REFUSED"), "reset or refused"},
		"slow":     {slowly, "took over 2s"},
		"no word":  {restless("soon"), "429"},
		"too late": {failing("no whole answer within the step's timeout"), "reset or refused"},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPaced(8)
			for range 8 {
				require.True(t, p.begin(t.Context()))
			}
			for range troubleMost {
				require.Empty(t, p.said)
				p.answer(row.change)
			}
			require.Len(t, p.said, 1)
			require.Equal(t, 4, p.said[0].Parallel)
			require.Contains(t, p.said[0].Why, row.why)
			require.Positive(t, p.said[0].Pause)
			require.False(t, p.said[0].Asked)
		})
	}
}

func TestWhatThePlanOrThePageDidSlowsNothingDown(t *testing.T) {
	for name, row := range map[string]struct {
		walk   plan.Walk
		step   scenarios.Op
		change func(x *history.Exchange)
	}{
		"an error of the shop's":          {change: status(500)},
		"a missing page":                  {change: status(404)},
		"a provoked 503":                  {walk: plan.Walk{Provoke: 2}, change: status(503)},
		"a provoked reset":                {walk: plan.Walk{Provoke: 2}, change: failing("read: connection reset by peer")},
		"a cut":                           {walk: plan.Walk{Cuts: []plan.Cut{{}}}, change: failing("stopped by plan")},
		"what a cut connection says":      {walk: plan.Walk{Cuts: []plan.Cut{{}}}, change: failing("read: connection reset by peer")},
		"a slow network, by plan":         {walk: plan.Walk{Moves: []plan.Move{{What: plan.MoveSlow}}}, change: slowly},
		"a slow network, by the scenario": {step: scenarios.Network, change: slowly},
		"no network, by plan":             {change: failing("net::ERR_INTERNET_DISCONNECTED")},
		"a page that gave up":             {change: failing("net::ERR_ABORTED")},
		"the end of the run":              {change: failing("context canceled")},
		"another host":                    {change: func(x *history.Exchange) { x.URL, x.Status = "http://cdn.test/x", 503 }},
		"the client's own cache":          {change: func(x *history.Exchange) { x.From, x.Status = "disk", 503 }},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPaced(8)
			defer p.exempt("s1", row.walk, scenarios.Journey{Steps: []scenarios.Step{{Op: row.step}}})()
			for range 3 * recentKept {
				p.answer(row.change)
			}
			require.Empty(t, p.said)
		})
	}
}

func TestAPlaceThatAloneRefusesWhoeverComesTooOftenSlowsNothingDown(t *testing.T) {
	at := func(p *pacedRun, place history.Place, code int, phase string) {
		p.now += 1000
		p.saw(&history.Exchange{Session: "s1", URL: pacedShop + "/x", Place: place, Status: code, Start: p.now, Response: p.now + 10, End: p.now + 10}, phase)
	}
	for name, elsewhere := range map[string]int{"all others answer": http.StatusOK, "another refuses, too": http.StatusTooManyRequests} {
		t.Run(name, func(t *testing.T) {
			p := newPaced(8)
			at(p, "GET /tip", http.StatusTooManyRequests, history.PhaseSolo)
			for range limitShown {
				at(p, "GET /me", http.StatusOK, history.PhaseSolo)
			}
			at(p, "GET /other", elsewhere, history.PhaseRelay)
			for range recentKept {
				at(p, "GET /tip", http.StatusTooManyRequests, history.PhaseRelay)
			}
			require.Equal(t, elsewhere == http.StatusOK, len(p.said) == 0, "%v", p.said)
		})
	}
}

func TestAPlaceThatIsSlowAloneIsNotCalledSlow(t *testing.T) {
	p := newPaced(8)
	p.saw(&history.Exchange{URL: pacedShop + "/me", Place: "GET /me", Status: 200, Response: 1_000_000}, history.PhaseSolo)
	for range recentKept {
		p.answer(slowly)
	}
	require.Empty(t, p.said)
	p.saw(&history.Exchange{URL: pacedShop + "/other", Place: "GET /other", Status: 200, Response: 1000}, history.PhaseSolo)
	for range recentKept {
		p.answer(func(x *history.Exchange) { x.Place = "GET /other"; slowly(x) })
	}
	require.NotEmpty(t, p.said)
}

func TestAnAnswerToWhatWasSentBeforeAChangeChangesNothing(t *testing.T) {
	p := newPaced(8)
	for range 2 * recentKept {
		p.answer(func(x *history.Exchange) { x.Start = 1; status(503)(x) })
	}
	require.Len(t, p.said, 1)
}

func TestSessionsComeBackOneByOne(t *testing.T) {
	p := newPaced(4)
	for range 4 {
		require.True(t, p.begin(t.Context()))
	}
	for range troubleMost {
		p.answer(status(503))
	}
	p.hurry() // without a pause
	require.Equal(t, 2, p.limit)
	var at []int
	for range 3 * goodNeeded {
		before := len(p.said)
		p.answer(status(200))
		for _, said := range p.said[before:] {
			at = append(at, said.Parallel)
		}
	}
	require.Equal(t, []int{3, 4}, at)
	require.Equal(t, p.most, p.limit, "nothing is held up any more")
}

func TestNobodyBeginsBeforeThereIsRoom(t *testing.T) {
	p := newPaced(4)
	for range 4 {
		require.True(t, p.begin(t.Context()))
	}
	for range troubleMost {
		p.answer(status(503))
	}
	p.hurry()
	in := make(chan bool)
	go func() { in <- p.begin(context.WithoutCancel(t.Context())) }()
	for range 2 {
		p.end()
		select {
		case <-in:
			t.Fatal("let in beside 2 who are still there")
		default:
		}
	}
	p.end()
	require.True(t, <-in)
}

func TestARestThatIsAskedForIsGiven(t *testing.T) {
	for name, row := range map[string]struct {
		header string
		least  time.Duration
		most   time.Duration
	}{
		"in seconds":      {"7", 6 * time.Second, 7 * time.Second},
		"for too long":    {"86400", 59 * time.Second, longestPause},
		"beyond counting": {"9223372036854775807", 59 * time.Second, longestPause},
		"until a time":    {time.Now().Add(30 * time.Second).UTC().Format(http.TimeFormat), 25 * time.Second, 30 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPaced(8)
			p.answer(restless(row.header))
			require.Len(t, p.said, 1)
			require.True(t, p.said[0].Asked)
			require.LessOrEqual(t, time.Until(p.until), row.most)
			p.answer(restless(strconv.Itoa(1)))
			require.Greater(t, time.Until(p.until), row.least-10*time.Second, "a shorter wish ends a longer one")
			p.hurry()
			require.True(t, p.until.After(time.Now()), "the clean-up waits too")
		})
	}
}

func TestADateIsReckonedByTheTargetsClock(t *testing.T) {
	wrong := time.Now().Add(-3 * time.Hour).UTC()
	pause, _ := retryAfter(&history.Exchange{Headers: []history.Header{
		{Name: "Date", Value: wrong.Format(http.TimeFormat)},
		{Name: "Retry-After", Value: wrong.Add(5 * time.Second).Format(http.TimeFormat)},
	}})
	require.Equal(t, 5*time.Second, pause)
	for _, text := range []string{"", "-5", "0", "whenever", wrong.Format(http.TimeFormat)} {
		pause, _ = retryAfter(&history.Exchange{Headers: []history.Header{{Name: "Retry-After", Value: text}}})
		require.Zero(t, pause, text)
	}
}

func TestNobodyWaitsForAMomentBehindTheEnd(t *testing.T) {
	p := newPaced(8)
	p.answer(restless("50"))
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	require.True(t, p.outlasts(ctx))
	require.False(t, p.wait(ctx))
	require.False(t, p.begin(ctx))
	require.NoError(t, ctx.Err(), "it waited all the same")
}

func TestATargetIsGoneWhenNobodyIsThereForRequestsInARow(t *testing.T) {
	p := newPaced(8)
	gone := 0
	p.heed.whenGone(goneAfter, func() { gone++ })
	refused := failing("dial tcp 127.0.0.1:1: connect: connection refused")
	for range goneAfter - 1 {
		p.answer(refused)
	}
	p.answer(status(503)) // somebody is there
	for range goneAfter - 1 {
		p.answer(refused)
	}
	p.answer(failing("read: connection reset by peer")) // neither
	require.Zero(t, gone)
	p.answer(refused)
	require.Equal(t, 1, gone)
	p.answer(refused)
	require.Equal(t, 1, gone)
}

func TestAPaceThatIsNoneLetsEverythingPass(t *testing.T) {
	var p *pace
	require.True(t, p.begin(t.Context()))
	require.True(t, p.wait(t.Context()))
	p.end()
	p.hurry()
	p.saw(&history.Exchange{}, "")
	p.exempt("s", plan.Walk{}, scenarios.Journey{})()
	require.False(t, p.outlasts(t.Context()))
	require.Zero(t, p.troubled())
}
