package reports

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"crosstalk/harness"
	"crosstalk/harness/history"
	"crosstalk/harness/leak"
)

// TestEveryReasonThatADriverWritesHasARemedy reads the drivers' sources for
// what they write into Unseen.
func TestEveryReasonThatADriverWritesHasARemedy(t *testing.T) {
	reasons := map[string]string{}
	for _, dir := range []string{"../harness", "../harness/browser", "../harness/api", "../harness/mailbox", "../harness/history"} {
		files, err := filepath.Glob(dir + "/*.go")
		require.NoError(t, err)
		for _, file := range files {
			if !strings.HasSuffix(file, "_test.go") {
				reasonsIn(t, file, reasons)
			}
		}
	}
	require.Greater(t, len(reasons), 10, "the sources say it in another way now")
	for reason, file := range reasons {
		require.NotEqual(t, defaultUnseenRemedy, explained(reason).remedy, "%s (%s): give it a row in unseenRemedies", reason, file)
	}
}

var unseenName = regexp.MustCompile(`(?i)^unseen`)

var unseenAnswer = regexp.MustCompile(`(?i)^unseen|^tooMany|^lost`)

// answersIn collects the texts that a function can return.
func answersIn(f *ast.FuncDecl, file string, reasons map[string]string) {
	ast.Inspect(f, func(n ast.Node) bool {
		if r, ok := n.(*ast.ReturnStmt); ok {
			for _, value := range r.Results {
				for _, text := range texts(value) {
					reasons[text] = file
				}
			}
		}
		return true
	})
}

// reasonsIn collects the texts that a file gives to what is called unseen.
func reasonsIn(t *testing.T, file string, reasons map[string]string) {
	source, err := os.ReadFile(file)
	require.NoError(t, err)
	parsed, err := parser.ParseFile(token.NewFileSet(), file, source, 0)
	require.NoError(t, err)
	found := func(name, value ast.Expr) {
		id, ok := name.(*ast.Ident)
		if sel, is := name.(*ast.SelectorExpr); is {
			id, ok = sel.Sel, true
		}
		if ok && unseenName.MatchString(id.Name) {
			for _, text := range texts(value) {
				reasons[text] = file
			}
		}
	}
	ast.Inspect(parsed, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ValueSpec:
			for i, name := range n.Names[:min(len(n.Names), len(n.Values))] {
				found(name, n.Values[i])
			}
		case *ast.AssignStmt:
			for i, name := range n.Lhs[:min(len(n.Lhs), len(n.Rhs))] {
				found(name, n.Rhs[i])
			}
		case *ast.KeyValueExpr:
			found(n.Key, n.Value)
		case *ast.CallExpr: // s.unseen(…, "why")
			if len(n.Args) > 0 {
				found(n.Fun, n.Args[len(n.Args)-1])
			}
		case *ast.FuncDecl: // func unseen… or tooMany…, which answer why
			if unseenAnswer.MatchString(n.Name.Name) {
				answersIn(n, file, reasons)
			}
		}
		return true
	})
}

// texts are a text as it stands, or the pattern of one that is put together.
func texts(value ast.Expr) []string {
	switch v := value.(type) {
	case *ast.BasicLit:
		if text, err := strconv.Unquote(v.Value); err == nil && text != "" {
			return []string{text}
		}
	case *ast.CallExpr:
		if len(v.Args) > 0 {
			return texts(v.Args[0])
		}
	case *ast.BinaryExpr:
		return append(texts(v.X), texts(v.Y)...)
	}
	return nil
}

func TestReasonsThatCountComeFirstAndNameThePlacesOfMost(t *testing.T) {
	d := digested(harness.Result{
		Unseen: map[string]int{"redirect": 90, "too large": 7, "a judge of old counted no places": 1},
		UnseenPlaces: []leak.Unseen{
			{Place: "GET /a", Surface: history.SurfaceResponse, Reason: "too large", Count: 4},
			{Place: "GET /b", Surface: history.SurfaceResponse, Reason: "too large", Count: 1},
			{Place: "GET /c", Surface: history.SurfaceResponse, Reason: "too large", Count: 1},
			{Place: "GET /d", Surface: history.SurfaceResponse, Reason: "too large", Count: 1},
			{Place: "POST /in", Surface: history.SurfaceResponse, Reason: "redirect", Count: 90, Expected: true},
		},
	})
	lines := d.unseenLines(false)
	require.Len(t, lines, 3)
	require.Contains(t, lines[0], "7 × too large, at GET /a (response body, 4), GET /b (response body, 1), GET /c (response body, 1) and 1 place more → use smaller files")
	require.Contains(t, lines[1], "1 × a judge of old counted no places → "+defaultUnseenRemedy)
	require.Contains(t, lines[2], "90 × bodies of redirects")
	require.Contains(t, lines[2], "[counted apart]")
}
