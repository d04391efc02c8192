package scenarios

import (
	"regexp"
	"slices"

	"crosstalk/harness/customer"

	"github.com/goccy/go-yaml/ast"
)

// shows reads the positive control. Kinds that cannot tell one customer from
// the next would make it a vacuous one.
func (r *reader) shows(s *scope, n ast.Node, st *Step) {
	items := r.items(n, "shows")
	if _, isList := n.(*ast.SequenceNode); isList && len(items) == 0 {
		r.fail(posOf(n), exampleOf("shows"), "shows is empty")
	}
	if s.role == None {
		r.fail(st.Pos, "say customer: one or guest", "shows in a journey of nobody")
		return
	}
	for _, item := range items {
		name, whole := r.scalar(item, "an element of shows")
		if name != "" && whole {
			r.checkShown(s, posOf(item), name)
			st.Fields = append(st.Fields, customer.Kind(name))
		}
	}
}

func (r *reader) checkShown(s *scope, at Pos, name string) {
	_, isLearned := s.learned[name]
	switch {
	case isLearned:
	case name == "card" || name == "card_cvc":
		r.fail(at, "choose a value of the customer's own", "every customer has the same %s, so showing it proves nothing", name)
	case name == "password":
		r.fail(at, "choose a value of the customer's own that is shown to them", "no shop shows a password")
	case name == NonceField:
		r.fail(at, "name what the customer owns", "{{nonce}} is another in every step, so no page can show it")
	case name == "avatar" && s.client == API:
		r.fail(at, "", "an API client cannot see a picture")
	case !isPlanted(name):
		s.unknown = append(s.unknown, use{at, s.part, name})
	}
}

func (r *reader) remember(s *scope, n ast.Node, st *Step) {
	all, ok := r.entries(n, "remember")
	if ok && len(all) == 0 {
		r.fail(posOf(n), exampleOf("remember"), "remember is empty")
	}
	for _, e := range all {
		m := r.memory(s, e)
		st.Remember = append(st.Remember, m)
		s.learn(e.key, e.at)
	}
}

var apiMemory = []string{"json", "header", "match", "marker"}

func (r *reader) memory(s *scope, e entry) Memory {
	m := Memory{Kind: r.newKind(e)}
	what := "remember." + e.key
	known := append([]string{"match", "marker"}, locatorKeys...)
	if s.client == API {
		known = apiMemory
	}
	keys, sound := r.keys(e.value, what, known...)
	if keys == nil {
		return m
	}
	if v := keys["match"]; v != nil {
		m.Match = r.regexp(v, what+".match")
	}
	if v := keys["marker"]; v != nil {
		m.Hold = !r.boolean(v, what+".marker")
	}
	if s.client == API {
		r.fromAnswer(e, what, keys, sound, &m)
	} else {
		m.From = r.locatorOf(s, e.value, what, keys, sound)
	}
	return m
}

func (r *reader) regexp(n ast.Node, what string) string {
	s, whole := r.scalar(n, what)
	if _, err := regexp.Compile(s); err != nil && whole {
		r.fail(posOf(n), "", "%s is no regular expression: %s", what, err)
	}
	return s
}

func (r *reader) pointer(n ast.Node, what string) string {
	text, whole := r.scalar(n, what)
	if _, err := ParsePath(text); err != nil && whole && text != "" {
		r.fail(posOf(n), "such as $.order.number or $.items[0].id", "%s is no pointer: %q", what, text)
	}
	return text
}

// fromAnswer reads where in the last response a value stands.
func (r *reader) fromAnswer(e entry, what string, keys map[string]ast.Node, sound bool, m *Memory) {
	if v := keys["json"]; v != nil {
		m.JSON = r.pointer(v, what+".json")
	}
	if v := keys["header"]; v != nil {
		m.Header = r.text(v, what+".header")
	}
	given := slices.DeleteFunc([]string{"json", "header", "match"}, func(k string) bool { return keys[k] == nil })
	switch {
	case len(given) == 0 && sound:
		r.fail(e.at, "give json: $.pointer, header: Name, or match: expression", "%s is read from nowhere", what)
	case keys["json"] != nil && keys["header"] != nil:
		r.fail(posOf(keys["header"]), "choose one", "%s has both json and header", what)
	}
}
