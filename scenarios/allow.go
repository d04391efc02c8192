package scenarios

import (
	"slices"
	"strings"

	"crosstalk/harness/customer"

	"github.com/goccy/go-yaml/ast"
)

func (r *reader) allowances(n ast.Node, journeys []Journey) []Allowance {
	var all []Allowance
	for _, item := range r.items(n, "allow") {
		keys, sound := r.keys(item, "an allowance", "place", "kind", "reason")
		a := Allowance{Pos: posOf(item)}
		for _, key := range []string{"place", "kind", "reason"} {
			if sound && keys[key] == nil {
				r.fail(a.Pos, "", "an allowance has no %s", key)
			}
		}
		if v := keys["place"]; v != nil {
			a.Place = r.place(v)
		}
		if v := keys["kind"]; v != nil {
			a.Kind = r.allowedKind(v, journeys)
		}
		if v := keys["reason"]; v != nil {
			a.Reason = r.text(v, "the reason of an allowance")
		}
		all = append(all, a)
	}
	return all
}

func (r *reader) place(n ast.Node) string {
	s, whole := r.scalar(n, "the place of an allowance")
	method, rest, ok := strings.Cut(s, " ")
	if s != "" && s != "*" && whole && (!ok || strings.ToUpper(method) != method || rest == "") {
		r.fail(posOf(n), `such as "GET /reviews/*"`, "a place is a method and a path: %q", s)
	}
	return s
}

func (r *reader) allowedKind(n ast.Node, journeys []Journey) customer.Kind {
	s, whole := r.scalar(n, "the kind of an allowance")
	known := append(append(plantedNames(), allowable()...), remembered(journeys)...)
	if s != "" && s != "*" && whole && !slices.Contains(known, s) {
		r.fail(r.inside(n, s), hintKind(s, known), "there is no kind %q", s)
	}
	return customer.Kind(s)
}

// allowable are the kinds of findings that are no field's.
func allowable() []string {
	return []string{string(customer.Token), string(customer.Order), NonceField, MailKind}
}

func hintKind(s string, known []string) string {
	if hint := didYouMean(s, known); hint != "" {
		return hint
	}
	return `"*" is every kind`
}

// remembered are the kinds that any journey remembers.
func remembered(journeys []Journey) []string {
	var all []string
	for _, j := range journeys {
		for _, part := range [][]Step{j.Setup, j.Steps, j.Cleanup} {
			for _, st := range part {
				for _, m := range st.Remember {
					all = append(all, string(m.Kind))
				}
			}
		}
	}
	return all
}
