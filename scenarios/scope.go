package scenarios

import (
	"fmt"
	"strings"

	"crosstalk/harness/customer"

	"github.com/goccy/go-yaml/ast"
)

// scope knows which fields the steps of one journey can name. A remembered
// field belongs to its session, so to one part, and only after its step.
type scope struct {
	role    Role
	client  Client
	part    string
	learned map[string]Pos    // in this part, so far
	later   map[string]origin // in the whole journey
	unknown []use             // to be explained once the journey is read
	streams []opened          // in this part, so far
	used    map[string]bool   // remembered fields that the provocations name
}

// origin is where a field is remembered.
type origin struct {
	line int
	part string
}

// use is a field's name where it was used.
type use struct {
	at   Pos
	part string
	name string
}

func (s *scope) begin(part string) {
	s.part, s.learned, s.streams = part, map[string]Pos{}, nil
}

func (s *scope) learn(name string, at Pos) {
	s.learned[name] = at
	if _, known := s.later[name]; !known || s.later[name].part != s.part {
		s.later[name] = origin{at.Line, s.part}
	}
}

func (o origin) hint(part string) string {
	if o.part == part {
		return fmt.Sprintf("line %d does so, after it", o.line)
	}
	return fmt.Sprintf("line %d does so, but %s is another session", o.line, o.part)
}

// template is a scalar's text whose {{fields}} this session can resolve.
func (r *reader) template(s *scope, n ast.Node, what string) string {
	text := r.text(n, what)
	r.checkTemplate(s, n, text)
	return text
}

func (r *reader) checkTemplate(s *scope, n ast.Node, text string) {
	all, err := pieces(text)
	if err != nil {
		r.fail(r.inside(n, "{{"), `a field is written "{{email}}"`, "%s", err)
		return
	}
	for _, p := range all {
		if p.field == "" && p.text == "" {
			r.fail(r.inside(n, "{{}}"), `a field is written "{{email}}"`, "a field without a name")
		}
		if p.field != "" {
			r.checkField(s, r.within(r.inside(n, "{{"+p.raw+"}}"), p.field), p.field)
		}
	}
}

func (r *reader) checkField(s *scope, at Pos, name string) {
	if _, ok := s.learned[name]; ok {
		if s.part == partProvoke {
			s.used[name] = true
		}
		return
	}
	_, _, inBasket := basketField(name)
	switch {
	case !inBasket && !isPlanted(name) && name != NonceField:
		s.unknown = append(s.unknown, use{at, s.part, name})
	case s.role == None:
		r.fail(at, "say customer: one or guest", "{{%s}} in a journey of nobody", name)
	case name == "avatar":
		r.fail(at, avatarHint(s.client), "{{avatar}} is a picture and can only be uploaded")
	}
}

func avatarHint(c Client) string {
	if c == API {
		return `write multipart: {picture: "{{avatar}}"}`
	}
	return `write - upload: {label: …, with: "{{avatar}}"}`
}

// explain turns the uses of unknown fields into mistakes.
func (r *reader) explain(s *scope) {
	for _, u := range s.unknown {
		if from, ok := s.later[u.name]; ok {
			r.fail(u.at, from.hint(u.part), "{{%s}} is not remembered before this step", u.name)
			continue
		}
		known := append(plantedNames(), NonceField)
		for name := range s.later {
			known = append(known, name)
		}
		hint := didYouMean(u.name, known)
		if strings.HasPrefix(u.name, "basket") {
			hint = "a basket has basket.0.product and basket.0.quantity"
		}
		r.fail(u.at, hint, "there is no field {{%s}}", u.name)
	}
}

// kind is a name for what a `remember` step reads.
func (r *reader) newKind(e entry) customer.Kind {
	switch {
	case !isKindName(e.key):
		r.fail(e.at, "use small letters, digits and _", "%q is no name for what is remembered", e.key)
	case e.key == NonceField:
		r.fail(e.at, "choose another name", "{{nonce}} is another in every step and cannot be remembered")
	case isPlanted(e.key):
		r.fail(e.at, "choose another name", "{{%s}} is the customer's own and cannot be remembered", e.key)
	}
	return customer.Kind(e.key)
}
