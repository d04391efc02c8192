package harness

import (
	"context"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"crosstalk/harness/history"
	"crosstalk/harness/plan"
	"crosstalk/scenarios"
)

// restFor is that of a round in which n customers rest after their first step.
func restFor(n int, pause time.Duration, change ...func(*plan.Round)) *rest {
	r := plan.Round{Schedule: "herd", Pause: pause, Parallel: n}
	for i := range n {
		r.Walks = append(r.Walks, plan.Walk{Customer: fmt.Sprint(i), Journey: "j", Part: plan.PartSteps, Follow: plan.Alone, Rest: 1})
	}
	for _, f := range change {
		f(&r)
	}
	return newRest(&conductor{scenario: oneJourney(visits("/1", "/2")...)}, r)
}

// resting has a walk come after so long and answers when it went on, counted
// from the beginning.
func resting(ctx context.Context, group *sync.WaitGroup, r *rest, i int, after time.Duration) *time.Duration {
	begun, went := time.Now(), new(time.Duration)
	group.Go(func() {
		time.Sleep(after)
		r.wait(ctx, i)
		*went = time.Since(begun)
	})
	return went
}

func TestAHerdRestsWhenTheLastHasComeAndGoesOnAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := restFor(3, 2*time.Second)
		var group sync.WaitGroup
		var went []*time.Duration
		for i := range 3 {
			went = append(went, resting(t.Context(), &group, r, i, time.Duration(i)*time.Second))
		}
		group.Wait()
		for _, d := range went {
			require.Equal(t, 4*time.Second, *d, "the last came after two seconds, and the pause is two")
		}
	})
}

func TestAHerdDoesNotWaitForOneThatHasEnded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := restFor(2, time.Second)
		var group sync.WaitGroup
		went := resting(t.Context(), &group, r, 0, 0)
		time.Sleep(3 * time.Second)
		r.leave(1)
		r.leave(1)
		group.Wait()
		require.Equal(t, 4*time.Second, *went)
		r.leave(0) // as every walk does in the end
	})
}

func TestAHerdWaitsForTheLateNoLongerThanItsDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := restFor(3, 2*time.Second)
		var group sync.WaitGroup
		first := resting(t.Context(), &group, r, 0, 0)
		second := resting(t.Context(), &group, r, 1, restDeadline+time.Second) // while the first rests
		third := resting(t.Context(), &group, r, 2, restDeadline+time.Minute)
		group.Wait()
		require.Equal(t, restDeadline+2*time.Second, *first)
		require.Equal(t, *first, *second, "it goes on with the others")
		require.Equal(t, restDeadline+time.Minute, *third, "the rest is over")
	})
}

func TestAHerdWaitsForNobodyWhoHasNoSession(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := restFor(4, time.Second, func(round *plan.Round) { round.Parallel = 2 })
		var group sync.WaitGroup
		went := []*time.Duration{resting(t.Context(), &group, r, 0, 0), resting(t.Context(), &group, r, 1, 0)}
		group.Wait()
		require.Equal(t, time.Second, *went[0])
		require.Equal(t, time.Second, *went[1])
	})
}

func TestTheEndOfARunEndsItsRest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, coming := range []int{1, 2} { // while others are waited for, and in the pause
			r := restFor(2, time.Hour)
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			var group sync.WaitGroup
			for i := range coming {
				resting(ctx, &group, r, i, 0)
			}
			begun := time.Now()
			group.Wait()
			require.Equal(t, time.Second, time.Since(begun))
			cancel()
			r.leave(0)
			r.leave(1)
		}
	})
}

func TestNobodyRestsWhereThePlanHasNoRest(t *testing.T) {
	r := restFor(2, time.Hour, func(round *plan.Round) { round.Walks[0].Rest, round.Walks[1].Rest = 0, 0 })
	require.Nil(t, r)
	r.wait(t.Context(), 0)
	r.leave(0)
}

// herdOf walks a round in which everybody rests before the second of three
// steps, and answers what was done, in order.
func herdOf(t *testing.T, c *conductor, d *script) []string {
	t.Helper()
	var walks []plan.Walk
	for _, id := range []string{"A", "B", "C"} {
		walks = append(walks, plan.Walk{Customer: id, Journey: "j", Part: plan.PartSteps, Follow: plan.Alone, Rest: 1})
	}
	walks[1].Think = []time.Duration{50 * time.Millisecond}
	results, err := c.round(t.Context(), plan.Round{Schedule: "herd", Number: 7, Hold: true, Parallel: 3, Pause: time.Millisecond, Walks: walks})
	require.NoError(t, err)
	for _, w := range results {
		require.True(t, w.Whole)
	}
	return d.log
}

func TestTheHookRunsOnceWhileEverybodyRests(t *testing.T) {
	d := &script{}
	c, dir := conducted(t, d, oneJourney(visits("/1", "/2", "/3")...))
	l := listener(t)
	c.target = "http://" + l.Addr().String()
	c.onHerd = `echo "round $CROSSTALK_ROUND of $CROSSTALK_TARGET"`
	log := herdOf(t, c, d)
	require.ElementsMatch(t, []string{"A /1", "B /1", "C /1"}, log[:3], "nobody goes on before all have come")
	var hooks, before, after int
	for _, e := range events(t, dir) {
		switch {
		case e.Hook != nil:
			hooks++
			require.Equal(t, history.Hook{Schedule: "herd", Round: 7, Command: c.onHerd, Start: e.Hook.Start, End: e.Hook.End, Output: "round 7 of " + c.target}, *e.Hook)
		case e.Step != nil && hooks == 0:
			before++
			require.Zero(t, e.Step.Index)
		case e.Step != nil:
			after++
		}
	}
	require.Equal(t, []int{1, 3, 6}, []int{hooks, before, after})
}

func TestAHookThatFailsEndsNoRun(t *testing.T) {
	d := &script{}
	c, dir := conducted(t, d, oneJourney(visits("/1", "/2", "/3")...))
	c.onHerd = `echo no such cache >&2; exit 3`
	require.Len(t, herdOf(t, c, d), 9)
	all := events(t, dir)
	n := slices.IndexFunc(all, func(e history.Event) bool { return e.Hook != nil })
	require.GreaterOrEqual(t, n, 0)
	require.Equal(t, "no such cache", all[n].Hook.Output)
	require.Equal(t, "it failed: exit status 3", all[n].Hook.Failed)
}

func TestAHookAfterWhichNothingListensHasFailed(t *testing.T) {
	c, dir := conducted(t, &script{}, oneJourney(visits("/1")...))
	l := listener(t)
	require.NoError(t, l.Close())
	c.target, c.onHerd = "http://"+l.Addr().String(), "echo stopped it"
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	c.hook(ctx, plan.Round{Schedule: "herd", Number: 1})
	all := events(t, dir)
	require.NotEmpty(t, all)
	require.NotNil(t, all[len(all)-1].Hook)
	require.NotEmpty(t, all[len(all)-1].Hook.Failed)
}

func TestWhoRestsLetsGoOfItsConnections(t *testing.T) {
	d := &restful{}
	c, _ := conducted(t, &d.script, oneJourney(visits("/1", "/2", "/3")...))
	c.drivers[scenarios.API] = d
	require.Len(t, herdOf(t, c, &d.script), 9)
	require.Equal(t, 3, d.rests)
}

// restful is a driver whose clients can rest.
type restful struct {
	script
	rests int
}

func (d *restful) Open(ctx context.Context, s history.SessionSpec) (client, error) {
	inner, err := d.script.Open(ctx, s)
	return restfulClient{inner, d}, err
}

type restfulClient struct {
	client
	driver *restful
}

func (c restfulClient) Rest() {
	c.driver.mu.Lock()
	defer c.driver.mu.Unlock()
	c.driver.rests++
}

func listener(t *testing.T) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = l.Close() })
	return l
}

func TestAfterTheHookATargetIsWaitedForUntilItListensAgain(t *testing.T) {
	l := listener(t)
	c := &conductor{target: "http://" + l.Addr().String()}
	require.NoError(t, c.listens(t.Context()))
	conn, err := l.Accept()
	require.NoError(t, err)
	n, err := conn.Read(make([]byte, 1))
	require.Zero(t, n, "nothing is sent")
	require.Error(t, err)

	require.NoError(t, l.Close())
	heard := make(chan error, 1)
	go func() { heard <- c.listens(t.Context()) }()
	again, err := net.Listen("tcp", l.Addr().String())
	require.NoError(t, err)
	defer again.Close()
	require.NoError(t, <-heard)
}

func TestATargetThatNeverListensAgainIsGivenUp(t *testing.T) {
	l := listener(t)
	require.NoError(t, l.Close())
	ctx, cancel := context.WithTimeout(t.Context(), 3*knockPause)
	defer cancel()
	err := (&conductor{target: "http://" + l.Addr().String()}).listens(ctx)
	require.ErrorContains(t, err, "the target took no connection within 30s")
}

func TestTheTargetIsKnockedAtWhereItsConnectionsGo(t *testing.T) {
	for name, test := range map[string]struct {
		road   road
		target string
		want   string // "": nowhere
	}{
		"its port":                       {road{}, "http://127.0.0.1:8080/shop", "127.0.0.1:8080"},
		"the port of its scheme":         {road{}, "https://localhost", "localhost:443"},
		"the other scheme's":             {road{}, "http://[::1]", "[::1]:80"},
		"an address that was given":      {road{resolved: map[string]string{"shop.test": "127.0.0.2"}}, "http://shop.test:81", "127.0.0.2:81"},
		"an IPv6 address that was given": {road{resolved: map[string]string{"shop.test": "::1"}}, "http://shop.test", "[::1]:80"},
		"nothing behind a proxy":         {road{proxy: "http://127.0.0.1:3128"}, "http://shop.test", ""},
		"nothing without a host":         {road{}, "shop", ""},
	} {
		t.Run(name, func(t *testing.T) {
			got, ok := test.road.address(test.target)
			require.Equal(t, test.want, got)
			require.Equal(t, test.want != "", ok)
		})
	}
}

func TestOfWhatAHookSaysTheLastLinesAreKept(t *testing.T) {
	words := &lastWords{}
	for n := range 10_000 {
		_, err := fmt.Fprintf(words, "line %d\n", n)
		require.NoError(t, err)
	}
	text := words.text()
	require.LessOrEqual(t, len(text), mostWords+len("…\n"))
	require.True(t, strings.HasPrefix(text, "…\nline "), "it begins with a whole line: half of a secret would not be hidden")
	require.True(t, strings.HasSuffix(text, "\nline 9999"))

	_, err := words.Write([]byte(strings.Repeat("x", 3*mostWords)))
	require.NoError(t, err)
	require.Equal(t, "…", words.text(), "there is no whole line")
	assert.LessOrEqual(t, cap(words.kept), 8*mostWords)
}
