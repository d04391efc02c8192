package main

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// room is what one package may import of ours, and why not more.
type room struct {
	may []string
	why string
}

// house is the import graph as a statement of policy: arrows point down only.
// Don't change it to make a build pass; change where the code stands.
var house = map[string]room{
	"cmd/crosstalk":      {[]string{"harness", "harness/browser", "harness/leak", "harness/zoo", "reports", "scenarios", "scenarios/demoshop"}, "wiring: it may know everybody, and nobody knows it"},
	"harness/zoo":        {[]string{"harness", "harness/customer", "harness/history", "harness/leak", "scenarios", "scenarios/demoshop"}, "it opens the shop and holds a run against what the shop was told; a run must not know it. Kinds of values it names for what a decoy is allowed"},
	"reports":            {[]string{"harness", "harness/leak", "harness/history"}, "a report renders a result; it asks nobody for more"},
	"harness":            {[]string{"harness/api", "harness/browser", "harness/customer", "harness/history", "harness/leak", "harness/mailbox", "harness/match", "harness/plan", "scenarios"}, "the order of a run; it prints nothing"},
	"harness/browser":    {[]string{"harness/history", "harness/match", "harness/customer", "scenarios"}, "drives and observes; it must not judge"},
	"harness/api":        {[]string{"harness/history", "harness/match", "harness/customer", "scenarios"}, "drives and observes; it must not judge"},
	"harness/mailbox":    {[]string{"harness/history"}, "hands on what came as it came; it must not know whose values are in it"},
	"harness/plan":       {[]string{"harness/history", "scenarios"}, "pure: names of phases, journeys, and a seed"},
	"harness/leak":       {[]string{"harness/customer", "harness/history", "harness/match", "scenarios"}, "the judge knows records and owners, not how they came about"},
	"harness/history":    {nil, "records pass through it as they are"},
	"harness/customer":   {[]string{"harness/match"}, "its projections are match's own folding"},
	"harness/match":      {nil, "bytes in, hits out"},
	"scenarios":          {[]string{"harness/customer"}, "the language names fields and constraints of customers"},
	"scenarios/demoshop": {nil, "the shop is a stranger: a judge that knew it would prove nothing"},
}

// only says who alone may import a library.
var only = map[string]struct{ room, why string }{
	"github.com/go-rod/rod":         {"harness/browser", "rod is frozen and has sharp edges; they are hidden in one place"},
	"github.com/brianvoe/gofakeit/": {"harness/customer", "values are made in one place, or they are not unique"},
}

type listed struct {
	ImportPath                                  string
	Imports, TestImports, XTestImports, GoFiles []string
}

func TestImportsPointDownOnly(t *testing.T) {
	packages := list(t)
	require.Len(t, packages, len(house), "each package has its place in the house, and each place its package")
	for _, p := range packages {
		name := strings.TrimPrefix(p.ImportPath, "crosstalk/")
		rule, ok := house[name]
		require.True(t, ok, "%s has no place in the house", name)
		for _, imported := range p.Imports {
			if own, ours := strings.CutPrefix(imported, "crosstalk/"); ours && !slices.Contains(rule.may, own) {
				t.Errorf("%s must not import %s: %s", name, own, rule.why)
			}
			for library, owner := range only {
				if strings.HasPrefix(imported, library) && owner.room != name {
					t.Errorf("%s must not import %s: %s", name, imported, owner.why)
				}
			}
		}
	}
}

func list(t *testing.T) []listed {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "list", "-json", "crosstalk/...")
	out, err := cmd.Output()
	require.NoError(t, err)
	var packages []listed
	for decoder := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		err := decoder.Decode(&p)
		if errors.Is(err, io.EOF) {
			return packages
		}
		require.NoError(t, err)
		packages = append(packages, p)
	}
}
