package harness

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"crosstalk/harness/customer"
	"crosstalk/harness/history"
	"crosstalk/scenarios"
)

// probe is one row of the table of surfaces: an address that shows a marker on
// one surface alone.
type probe struct {
	name    string          // its journey's, and its path's last part: words without digits
	what    string          // for people: what shows the marker
	surface history.Surface // on which it must be found
	place   string          // where: "@@" is the probe's path; empty: GET @@
	where   string          // of the finding; empty: it says none, or not always the same
	client  string          // "browser" when empty, "api" or "mailbox"

	body   string            // of the page at the probe's path
	script string            // of that page; M is the marker
	more   map[string]answer // addresses below the probe's path, by what follows it
	steps  []string          // in the language of scenarios; none: visit the page, see "all done"
	mail   letter            // that reaches the viewer, for the client "mailbox"
	as     string            // its journey's customer; empty: none

	also  []string      // other surfaces and places on which it cannot but be seen, as "surface" or "surface PLACE"
	kind  customer.Kind // of the finding; empty: the gift word
	stops bool          // its last step fails, as it must
	least int           // how many sightings there must be; 0: one
	blind string        // why it can't be seen: then it must not be
}

func (p probe) at() string { return "/p/" + p.name }

func (p probe) of() string {
	if p.client == "" {
		return "browser"
	}
	return p.client
}

// answers are all addresses of a probe.
func (p probe) answers() map[string]answer {
	all := map[string]answer{}
	for path, a := range p.more {
		all[path] = a
	}
	if _, own := all[""]; !own {
		all[""] = page(p.body, p.script)
	}
	return all
}

// journey is the probe as a journey of a scenario.
func (p probe) journey(t testing.TB, s *probeSite) string {
	steps := p.steps
	if len(steps) == 0 {
		steps = []string{`visit: "@@"`, `see: {text: all done}`}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "  %s:\n    client: %s\n    customer: %s\n    steps:\n", p.name, p.of(), first(p.as, "none"))
	for _, st := range steps {
		fmt.Fprintf(&b, "      - %s\n", s.fill(t, p, st))
	}
	return b.String()
}

// probes are all rows.
func probes() []probe {
	return slices.Concat(renderedProbes(), hiddenProbes(), frameProbes(), saidProbes(), deliveredProbes(), codedProbes(), workerProbes(), pushedProbes(),
		headerProbes(), keptProbes(), downloadProbes(), apiProbes(), mailProbes())
}

const probeHead = "name: probes\nstep_timeout: 6s\npublic: [/]\njourneys:\n"

// parseProbes makes a scenario of the rows, and answers beside it the rows
// that the language cannot say, with what it says of them.
func parseProbes(t testing.TB, s *probeSite, all []probe) (*scenarios.Scenario, map[string]string) {
	text, wrong := probeHead, map[string]string{}
	for _, p := range all {
		if p.of() == "mailbox" {
			continue
		}
		j := p.journey(t, s)
		if _, err := scenarios.Parse(p.name+".yaml", []byte(probeHead+j), os.LookupEnv); err != nil {
			wrong[p.name] = err.Error()
			continue
		}
		text += j
	}
	sc, err := scenarios.Parse("probes.yaml", []byte(text), os.LookupEnv)
	if err != nil {
		t.Fatal(err)
	}
	return sc, wrong
}

type siteKey struct{}

func withSite(ctx context.Context, s *probeSite) context.Context {
	return context.WithValue(ctx, siteKey{}, s)
}

func siteOf(ctx context.Context) *probeSite {
	s, _ := ctx.Value(siteKey{}).(*probeSite)
	return s
}

// probePath is the path of the probe that a request belongs to.
func probePath(r *http.Request) string {
	parts := strings.SplitN(r.URL.Path, "/", 4)
	return strings.Join(parts[:min(3, len(parts))], "/")
}
