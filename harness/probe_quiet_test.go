package harness

import (
	"context"
	"maps"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/history"
	"crosstalk/harness/plan"
	"crosstalk/scenarios"
)

const quietJourney = `
name: quiet
step_timeout: 12s
public: [/]
journeys:
  everything:
    client: browser
    customer: none
    steps:
      - visit: /q/
      - see: {text: first done}
      - click: Send
      - see: {text: form done}
      - back:
      - see: {text: all done}
`

// quietWalks is how often the page is walked with observation off, and as
// often with it on, in turns; mostQuietWalks, where something differs that should
// not. A browser opens six or seven connections as its machine is busy, and three
// of each can come in a row; what observation does shows however often one looks.
const (
	quietWalks     = 3
	mostQuietWalks = 12
)

// noticeable is what a page is known to be able to notice of being observed,
// with the reason. What is not in it must not differ.
var noticeable = map[string]string{
	noticed + "callers of fillText's argument":     hooked,
	noticed + "callers of strokeText's argument":   hooked,
	noticed + "callers of Notification's argument": hooked,
	noticed + "an error of fillText":               hooked,
	noticed + "an error of fillText elsewhere":     hooked,
}

const (
	noticed = "what the page notices: "
	hooked  = "a hook is called in the native function's place, and stands in the stack of an error that is made below it"
)

// TestThePageIsNotDisturbed walks a page that does everything with observation
// off and on, and compares what the server saw and what the page noticed.
func TestThePageIsNotDisturbed(t *testing.T) {
	if testing.Short() {
		t.Skip("it walks in a browser for half a minute")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 8*time.Minute)
	defer cancel()
	q := serveQuiet(t)
	walks := map[bool][]quietWalk{}
	walk := q.walker(ctx, t)
	walk(false) // the first walk in a browser pays for what later ones find done
	var off, on []quietWalk
	var found map[string]string
	for n := 0; n < quietWalks || n < mostQuietWalks && !onlyNoticeable(found); n++ {
		for _, observe := range []bool{false, true} {
			walks[observe] = append(walks[observe], walk(observe))
		}
		off, on = walks[false], walks[true]
		found = differences(off, on)
	}
	t.Logf("the page made %d requests over %d connections\n", len(off[0].asked), off[0].connections())
	t.Logf("what differs between two walks without observation:\n%s", listed(varying(off)))
	t.Logf("what differs between two walks with it:\n%s", listed(varying(on)))
	t.Logf("what differs between walks with and without:\n%s", listed(found))
	for what, difference := range found {
		if noticeable[what] == "" {
			t.Errorf("observation shows in %s: %s", what, difference)
		}
	}
	for what := range noticeable {
		require.Contains(t, found, what, "the table of what can be noticed says more than is true")
	}
}

// onlyNoticeable says that walks differ in nothing but what is known to show.
func onlyNoticeable(found map[string]string) bool {
	for what := range found {
		if noticeable[what] == "" {
			return false
		}
	}
	return true
}

// quietWalk is what one walk left behind at the server.
type quietWalk struct {
	asked []asked
	told  told
}

func (w quietWalk) connections() int {
	n := 0
	for _, a := range w.asked {
		n = max(n, a.connection)
	}
	return n
}

// walker makes walks in one browser, each in a context of its own.
func (q *quietSite) walker(ctx context.Context, t *testing.T) func(observe bool) quietWalk {
	sc, err := scenarios.Parse("quiet.yaml", []byte(quietJourney), os.LookupEnv)
	require.NoError(t, err)
	c, err := Config{Scenario: sc, Target: q.plain.URL, Customers: 2, Seed: 11, Rounds: 1, Parallel: 1, Out: t.TempDir(), trustedKeys: []string{keyOf(q.secure)}}.settle()
	require.NoError(t, err)
	cl, err := openClients(ctx, c)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, cl.close()) })
	r, err := begin(c, newGuard(c), cl)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, r.finish(history.End{Reason: endWalked})) })
	return func(observe bool) quietWalk {
		r.conduct.blind = !observe
		walk := plan.Walk{Customer: history.Nobody, Journey: "everything", Part: plan.PartSteps, Follow: plan.Alone}
		results, err := r.conduct.round(ctx, plan.Round{Schedule: history.PhaseMingle, Number: 1, Parallel: 1, Walks: []plan.Walk{walk}})
		require.NoError(t, err)
		require.True(t, results[0].Whole, "observed %t: %s", observe, results[0].Failed)
		return quietWalk{q.settled(t), q.last(t)}
	}
}

// differences are what no walk of the one kind has in common with any of the
// other, by what it is: what differs between two walks of one kind as well is
// the browser's own doing, and is told by varying.
func differences(off, on []quietWalk) map[string]string {
	out := map[string]string{}
	for _, aspect := range quietAspects {
		without, with := aspect.all(off), aspect.all(on)
		for what := range joined(without, with) {
			if !disjoint(without[what], with[what]) {
				continue
			}
			is, was := apart(with[what], without[what])
			out[aspect.name+what] = is + " instead of " + was
		}
	}
	if d := reordered(off, on); d != "" {
		out["the order of requests"] = d
	}
	if d := reconnected(off, on); d != "" {
		out["which requests share a connection"] = d
	}
	return out
}

// varying is what differs between walks of one kind.
func varying(walks []quietWalk) map[string]string {
	out := map[string]string{}
	for _, aspect := range quietAspects {
		for what, values := range aspect.all(walks) {
			if all := slices.Sorted(maps.Keys(values)); len(all) > 1 {
				is, was := apart(map[string]bool{all[1]: true}, map[string]bool{all[0]: true})
				out[aspect.name+what] = is + " or " + was
			}
		}
	}
	return out
}
