package harness

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/customer"
	"crosstalk/harness/history"
	"crosstalk/harness/leak"
	"crosstalk/harness/plan"
	"crosstalk/scenarios"
)

const (
	probeViewer, probeVictim = "c02", "c01"
	// probesAtOnce is how many sessions walk side by side: as many as two
	// cores can serve without making pages wait for each other.
	probesAtOnce = 4
)

var onlyProbes = flag.String("probes", "", "walk only the probes with this in their name")

// probed is what became of all probes in one run.
type probed struct {
	run      *run
	site     *probeSite
	lost     map[string]string          // probe → why its session was lost
	wrong    map[string]string          // probes that the language cannot say
	walked   map[string]walked          // by probe
	findings map[string][]leak.Finding  // by probe
	unseen   map[string]map[string]bool // probe → places' unseen bodies, as "PLACE: REASON"
	strays   []leak.Finding             // of no probe
}

// walkProbes lets the viewer walk through all probes, which show what belongs
// to the owner, and judges what was recorded: with the real drivers, recorder,
// journal and judge.
func walkProbes(t *testing.T, all []probe, owner string) probed {
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	site := serveProbes(t, all)
	sc, wrong := parseProbes(t, site, all)
	r, end := openProbes(ctx, t, sc, site)
	defer end()
	whose := r.conduct.customers[owner]
	site.shows(whose)
	out := probed{run: r, site: site, wrong: wrong}
	out.walk(ctx, t, sc)
	postLetters(t, r.config.MailListener, all, r.conduct.customers[probeViewer], *site.shown.Load())
	r.post.close(ctx)
	require.NoError(t, r.finish(history.End{Reason: endWalked}))
	_, judgement, err := judge(ctx, r.folder)
	require.NoError(t, err)
	out.sort(t, judgement)
	return out
}

// openProbes begins a run as Run does, and goes as far as the customers.
func openProbes(ctx context.Context, t *testing.T, sc *scenarios.Scenario, site *probeSite) (*run, func()) {
	c, err := Config{
		Scenario: sc, Target: site.plain.URL, Customers: 2, Seed: 11, Rounds: 1, Parallel: probesAtOnce, Out: t.TempDir(),
		MailListener: listen(ctx, t), trustedKeys: []string{keyOf(site.secure)},
	}.settle()
	require.NoError(t, err)
	post, err := openPost(ctx, c)
	require.NoError(t, err)
	cl, err := openClients(ctx, c)
	require.NoError(t, err)
	r, err := begin(c, newGuard(c), cl)
	require.NoError(t, err)
	r.post = post
	post.deliverTo(r.record)
	why, err := r.baseline(ctx)
	require.NoError(t, err)
	require.Empty(t, why)
	require.NoError(t, r.allocate())
	return r, func() { require.NoError(t, cl.close()) }
}

func (s *probeSite) shows(c *customer.Customer) {
	s.shown.Store(&mark{value: c.Gift, avatar: c.Avatar})
}

// walk performs one walk for each probe.
func (p *probed) walk(ctx context.Context, t *testing.T, sc *scenarios.Scenario) {
	round := plan.Round{Schedule: history.PhaseRelay, Number: 1, Parallel: probesAtOnce}
	for _, j := range sc.Journeys {
		round.Walks = append(round.Walks, plan.Walk{Customer: probeViewer, Journey: j.Name, Part: plan.PartSteps, Follow: plan.Alone})
	}
	results, err := p.run.conduct.round(ctx, round)
	require.NoError(t, err)
	p.walked = map[string]walked{}
	for i, w := range round.Walks {
		p.walked[w.Journey] = results[i]
	}
}

// sort gives each probe its findings: by the session that met them first.
func (p *probed) sort(t *testing.T, j leak.Judgement) {
	h, err := history.Open(p.run.folder)
	require.NoError(t, err)
	names := map[string]string{} // session → probe
	p.lost = map[string]string{}
	p.findings, p.unseen = map[string][]leak.Finding{}, map[string]map[string]bool{}
	for e, err := range h.Events() {
		require.NoError(t, err)
		switch {
		case e.Lost != nil:
			p.lost[names[e.Lost.Session]] = e.Lost.Reason
		case e.Session != nil:
			names[e.Session.ID] = e.Session.Journey
		case e.Exchange != nil && e.Exchange.Body.Unseen != "":
			name := names[e.Exchange.Session]
			if p.unseen[name] == nil {
				p.unseen[name] = map[string]bool{}
			}
			p.unseen[name][string(e.Exchange.Place)+": "+e.Exchange.Body.Unseen] = true
		}
	}
	for _, f := range j.Findings {
		name := names[f.Session]
		if letter, ok := letterAt(f.Place); ok {
			name = letter
		}
		if _, ok := p.walked[name]; !ok && f.Surface != history.SurfaceMail {
			p.strays = append(p.strays, f)
			continue
		}
		p.findings[name] = append(p.findings[name], f)
	}
}

// complaints says what is wrong with a probe's findings; nil when nothing is.
func (p *probed) complaints(t *testing.T, row probe) []string {
	if wrong := p.wrong[row.name]; wrong != "" {
		return []string{"the scenario cannot say it: " + firstLineOf(wrong)}
	}
	var all []string
	if w := p.walked[row.name]; w.Whole == row.stops && row.of() != "mailbox" {
		all = append(all, "the walk did not end: "+first(w.Failed, p.lost[row.name]))
	}
	seen, elsewhere, other := p.weigh(t, row)
	switch {
	case row.blind != "" && seen > 0:
		all = append(all, "it is seen: correct the table")
	case row.blind == "" && seen < max(1, row.least):
		all = append(all, fmt.Sprintf("seen %d times on its surface at its place, not %d", seen, max(1, row.least)))
	}
	if len(elsewhere) > 0 {
		all = append(all, "seen elsewhere: "+strings.Join(slices.Sorted(maps.Keys(elsewhere)), ", "))
	}
	return append(all, other...)
}

// weigh counts a probe's findings: where they must be, where they may be, and
// anywhere else.
func (p *probed) weigh(t *testing.T, row probe) (seen int, elsewhere map[string]bool, other []string) {
	elsewhere = map[string]bool{}
	may := map[string]bool{}
	for _, a := range row.also {
		surface, place, ok := strings.Cut(a, " ")
		if !ok {
			place = "GET @@"
		}
		may[surface+" "+string(p.site.place(t, row, place))] = true
	}
	home := p.site.place(t, row, first(row.place, "GET @@"))
	kind := customer.Kind(first(string(row.kind), string(customer.Gift)))
	for _, f := range p.findings[row.name] {
		at := string(f.Surface) + " " + string(f.Place)
		switch {
		case f.Rule != leak.RuleForeignMarker || f.Strength != leak.Proof || f.Viewer != probeViewer || f.Victim != probeVictim || customer.Kind(f.Kind) != kind:
			other = append(other, fmt.Sprintf("%s (%s) of %s's %s for %s: %s, %s", f.Rule, f.Strength, f.Victim, f.Kind, f.Viewer, at, f.Where))
		case f.Surface == row.surface && f.Place == home && (row.where == "" || strings.EqualFold(f.Where, row.where)):
			seen += f.Count
		case !may[at]:
			elsewhere[at+", "+f.Where] = true
		}
	}
	return seen, elsewhere, other
}

func firstLineOf(text string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	return line
}

// TestEverySurfaceIsSeenAndOnesOwnIsSilent is the proof of the table in
// README.md: the viewer walks past every probe twice, in two runs.
func TestEverySurfaceIsSeenAndOnesOwnIsSilent(t *testing.T) {
	if testing.Short() {
		t.Skip("it walks some hundred sessions in a browser")
	}
	all := slices.DeleteFunc(probes(), func(p probe) bool { return !strings.Contains(p.name, *onlyProbes) })
	names := map[string]bool{}
	for _, row := range all {
		require.False(t, names[row.name], "two probes are called %s", row.name)
		names[row.name] = true
	}
	begun := time.Now()
	t.Run("another's", func(t *testing.T) {
		got := walkProbes(t, all, probeVictim)
		for _, row := range all {
			t.Run(row.name, func(t *testing.T) {
				for _, f := range got.findings[row.name] {
					t.Logf("%s at %s, %s %v (%d times)", f.Surface, f.Place, first(f.Where, "-"), f.Decoded, f.Count)
				}
				for _, c := range got.complaints(t, row) {
					t.Errorf("%s, on %s at %s: %s", row.what, row.surface, first(row.place, "GET @@"), c)
				}
			})
		}
		require.Empty(t, got.strays)
		if *onlyProbes != "" {
			return
		}
		require.Contains(t, got.unseen["redirect-body"], "GET /p/redirect-body/away: "+history.UnseenRedirect)
	})
	t.Run("one's own", func(t *testing.T) {
		got := walkProbes(t, all, probeViewer)
		for name, found := range got.findings {
			for _, f := range found {
				t.Errorf("%s: %s (%s) on %s at %s, %s: %v", name, f.Rule, f.Strength, f.Surface, f.Place, f.Where, f.Evidence)
			}
		}
		require.Empty(t, got.strays)
	})
	t.Logf("%d probes, walked twice in %s\n\n%s", len(all), time.Since(begun).Round(time.Second), surfacesTable(all))
}
