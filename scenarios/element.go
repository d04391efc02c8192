package scenarios

import (
	"path/filepath"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// locatorKeys are the keys of an element; role and name go together.
var locatorKeys = []string{"label", "role", "name", "text", "placeholder", "testid", "css", "xpath", "nth"}

// element reads a step that is an element and some keys more, as keys does.
func (r *reader) element(s *scope, n ast.Node, st *Step, more ...string) (keys map[string]ast.Node, sound bool) {
	keys, sound = r.keys(n, string(st.Op), append(more, locatorKeys...)...)
	if keys != nil {
		st.Target = r.locatorOf(s, n, string(st.Op), keys, sound)
	}
	return keys, sound
}

// clickable is an element, or a bare string: the link or button of that name.
func (r *reader) clickable(s *scope, n ast.Node, what string) *Locator {
	if _, bare := n.(*ast.StringNode); bare {
		return &Locator{Name: r.template(s, n, what), Nth: -1}
	}
	return r.locator(s, n, what)
}

func (r *reader) locator(s *scope, n ast.Node, what string) *Locator {
	keys, sound := r.keys(n, what, locatorKeys...)
	if keys == nil {
		return nil
	}
	return r.locatorOf(s, n, what, keys, sound)
}

// locatorOf reads the keys of a locator and leaves the others alone.
func (r *reader) locatorOf(s *scope, n ast.Node, what string, keys map[string]ast.Node, sound bool) *Locator {
	l := &Locator{Nth: -1}
	to := map[string]*string{"label": &l.Label, "role": &l.Role, "name": &l.Name, "text": &l.Text,
		"placeholder": &l.Placeholder, "testid": &l.TestID, "css": &l.CSS, "xpath": &l.XPath}
	var ways []string
	for _, key := range locatorKeys {
		v := keys[key]
		switch {
		case v == nil:
		case key == "nth":
			l.Nth = r.integer(v, what+".nth", 0, 10000)
		default:
			*to[key] = r.template(s, v, what+"."+key)
			if key != "name" {
				ways = append(ways, key)
			}
		}
	}
	if sound || len(ways) > 0 {
		r.checkWays(s, n, what, ways, keys)
	}
	return l
}

func (r *reader) checkWays(s *scope, n ast.Node, what string, ways []string, keys map[string]ast.Node) {
	switch {
	case len(ways) == 0 && keys["name"] != nil:
		r.fail(posOf(keys["name"]), `such as {role: button, name: …}`, "%s has a name but no role", what)
	case len(ways) == 0:
		r.fail(posOf(n), "give label, role and name, text, placeholder, testid, css or xpath", "%s names no element", what)
	case len(ways) > 1:
		r.fail(posOf(keys[ways[1]]), "choose one", "%s finds its element in several ways: %s", what, strings.Join(ways, ", "))
	case keys["name"] != nil && ways[0] != "role":
		r.fail(posOf(keys["name"]), "name goes with role", "%s has both %s and name", what, ways[0])
	}
	if s.client == API && len(ways) > 0 && !slices.Equal(ways, []string{"text"}) {
		r.fail(posOf(keys[ways[0]]), "it has text", "an API client has no element to find by %s", ways[0])
	}
	if s.client == API && keys["nth"] != nil {
		r.fail(posOf(keys["nth"]), "", "an API client has no elements to count")
	}
}

// beside makes a relative path one beside the scenario file.
func (r *reader) beside(path string) string {
	if path == "" || strings.HasPrefix(path, "{{") || filepath.IsAbs(path) || r.mode == display {
		return path
	}
	return filepath.Join(filepath.Dir(r.file), filepath.FromSlash(path))
}
