package scenarios

import (
	"fmt"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// rule is what the language knows of one step.
type rule struct {
	op      Op
	browser bool // a browser can do it
	api     bool // an API client can do it
	read    func(r *reader, s *scope, n ast.Node, st *Step)
}

// rules is the language's one list of steps.
var rules = []rule{
	{Visit, true, true, (*reader).visit},
	{Fill, true, false, (*reader).fill},
	{Click, true, false, (*reader).act},
	{Select, true, false, (*reader).fill},
	{Check, true, false, (*reader).check},
	{Press, true, false, (*reader).press},
	{Upload, true, false, (*reader).upload},
	{See, true, true, (*reader).see},
	{Shows, true, true, (*reader).shows},
	{Remember, true, true, (*reader).remember},
	{Request, false, true, (*reader).request},
	{Listen, false, true, (*reader).listen},
	{Send, false, true, (*reader).send},
	{Hear, false, true, (*reader).hear},
	{HangUp, false, true, (*reader).hangUp},
	{Wait, true, true, (*reader).wait},
	{Reload, true, true, (*reader).nothing},
	{Back, true, false, (*reader).nothing},
	{Download, true, true, (*reader).download},
	{SignOut, true, true, (*reader).download},
	{Meet, true, true, (*reader).meet},
	{Network, true, true, (*reader).network},
	{Cookie, true, true, (*reader).cookie},
}

// examples show how each step is written, for hints.
var examples = map[Op]string{
	Visit:    "- visit: /account",
	Fill:     `- fill: {label: E-mail, with: "{{email}}"}`,
	Click:    "- click: {role: button, name: Sign in}",
	Select:   `- select: {label: Country, with: "{{country_name}}"}`,
	Check:    "- check: {label: Remember me}",
	Press:    "- press: Enter",
	Upload:   `- upload: {label: Picture, with: "{{avatar}}"}`,
	See:      "- see: {text: Welcome}",
	Shows:    "- shows: [first, email]",
	Remember: `- remember: {order: {css: "#order-number"}}`,
	Request:  "- request: {url: /api/me}",
	Listen:   "- listen: {url: /api/events}",
	Send:     `- send: {json: {subscribe: orders}}`,
	Hear:     "- hear: {text: paid}",
	HangUp:   "- hang_up:",
	Wait:     "- wait: 500ms",
	Reload:   "- reload:",
	Back:     "- back:",
	Download: "- download: {role: link, name: Invoice}",
	SignOut:  "- sign_out: {role: button, name: Sign out}",
	Meet:     "- meet: checkout",
	Network:  "- network: offline",
	Cookie:   "- cookie: {name: filler, size: 9000}",
}

func findRule(key string) *rule {
	for i := range rules {
		if string(rules[i].op) == key {
			return &rules[i]
		}
	}
	return nil
}

func (r *reader) steps(s *scope, n ast.Node) []Step {
	items := r.items(n, s.part)
	if _, isList := n.(*ast.SequenceNode); isList && len(items) == 0 {
		r.fail(posOf(n), "", "%s is empty", s.part)
	}
	var all []Step
	for _, item := range items {
		if st, ok := r.step(s, item); ok {
			st.Index = len(all)
			all = append(all, st)
		}
	}
	return all
}

// step reads one step, and once more for the text that people read, in which
// the environment's values must not stand.
func (r *reader) step(s *scope, n ast.Node) (Step, bool) {
	rule, e, timeout, ok := r.operation(n)
	if !ok {
		return Step{}, false
	}
	st := Step{Pos: e.at, Op: rule.op}
	r.checkClient(s, rule, e.at)
	rule.read(r, s, e.value, &st)
	r.checkProvocation(s, e, &st)
	if timeout != nil {
		st.Timeout = r.duration(timeout, "timeout")
	}
	shown := Step{Op: rule.op}
	silent := &reader{file: r.file, lines: r.lines, mode: display, secrets: map[string]string{}}
	rule.read(silent, &scope{client: s.client, learned: map[string]Pos{}, later: map[string]origin{}}, e.value, &shown)
	st.text = shown.describe()
	return st, true
}

// operation finds the one key of a step that says what it does.
func (r *reader) operation(n ast.Node) (found *rule, e entry, timeout ast.Node, ok bool) {
	if word, isText := n.(*ast.StringNode); isText {
		first, _, _ := strings.Cut(word.Value, " ")
		r.fail(posOf(n), exampleOf(first), "a step is text, %q", word.Value)
		return nil, e, nil, false
	}
	all, isMap := r.entries(n, "a step")
	for _, one := range all {
		next := findRule(one.key)
		switch {
		case one.key == "timeout":
			timeout = one.value
		case next == nil:
			r.fail(one.at, hintKey(one.key, append(opNames(), "timeout")), "there is no step %q", one.key)
			isMap = false
		case found != nil:
			r.fail(one.at, fmt.Sprintf("begin a step of its own: \"- %s: …\"", one.key), "a step does one thing, this is %s and %s", found.op, one.key)
		default:
			found, e = next, one
		}
	}
	if found == nil && isMap {
		r.fail(posOf(n), "it can be "+strings.Join(opNames(), ", "), "the step does nothing")
	}
	return found, e, timeout, found != nil
}

func exampleOf(word string) string {
	if example := examples[Op(strings.TrimSuffix(word, ":"))]; example != "" {
		return "write it as " + example
	}
	return "a step is written as - visit: /account"
}

// mappingHint says how something is written that is no mapping: a step by its
// example.
func mappingHint(what string) string {
	if examples[Op(what)] != "" {
		return exampleOf(what)
	}
	return "it must be a mapping, \"key: value\""
}

func opNames() []string {
	names := make([]string, len(rules))
	for i, rule := range rules {
		names[i] = string(rule.op)
	}
	return names
}

func (r *reader) checkClient(s *scope, rule *rule, at Pos) {
	switch {
	case s.client == API && !rule.api:
		r.fail(at, "use request, or client: browser", "an API client has no step %q", rule.op)
	case s.client == Browser && !rule.browser:
		r.fail(at, "use visit, or client: api", "a browser has no step %q", rule.op)
	}
}

func (r *reader) visit(s *scope, n ast.Node, st *Step) {
	st.URL = r.address(s, n, "visit")
}

// address is a path of the target, a whole http address, or a field that was
// remembered as one.
func (r *reader) address(s *scope, n ast.Node, what string) string {
	text := r.template(s, n, what)
	for _, prefix := range []string{"/", "http://", "https://", "{{", "$", "?"} {
		if text == "" || strings.HasPrefix(text, prefix) {
			return text
		}
	}
	r.fail(posOf(n), "begin it with / or http", "%s is no address: %q", what, text)
	return text
}

func (r *reader) fill(s *scope, n ast.Node, st *Step) {
	keys, sound := r.element(s, n, st, "with")
	if v := keys["with"]; v != nil {
		st.With = r.template(s, v, string(st.Op)+".with")
	} else if sound {
		r.fail(posOf(n), exampleOf(string(st.Op)), "%s has no with", st.Op)
	}
}

func (r *reader) act(s *scope, n ast.Node, st *Step) {
	st.Target = r.clickable(s, n, string(st.Op))
}

func (r *reader) check(s *scope, n ast.Node, st *Step) {
	keys, _ := r.element(s, n, st, "off")
	if v := keys["off"]; v != nil {
		st.Off = r.boolean(v, "check.off")
	}
}

func (r *reader) press(s *scope, n ast.Node, st *Step) {
	if _, isMap := n.(*ast.MappingNode); !isMap {
		st.Key = r.template(s, n, "press")
		return
	}
	keys, sound := r.keys(n, "press", append([]string{"key"}, locatorKeys...)...)
	switch v := keys["key"]; {
	case v != nil:
		st.Key = r.template(s, v, "press.key")
	case sound:
		r.fail(posOf(n), exampleOf("press"), "press has no key")
	}
	delete(keys, "key")
	if len(keys) > 0 {
		st.Target = r.locatorOf(s, n, "press", keys, sound)
	}
}

// upload lets {{avatar}} through, which no other step can use.
func (r *reader) upload(s *scope, n ast.Node, st *Step) {
	keys, sound := r.element(s, n, st, "with")
	v := keys["with"]
	if v == nil {
		if sound {
			r.fail(posOf(n), exampleOf("upload"), "upload has no with")
		}
		return
	}
	st.With = r.text(v, "upload.with")
	if name, ok := onlyField(st.With); ok && name == "avatar" {
		if s.role == None {
			r.fail(posOf(v), "say customer: one or guest", "{{avatar}} in a journey of nobody")
		}
		return
	}
	r.checkTemplate(s, v, st.With)
	st.With = r.beside(st.With)
}

func (r *reader) see(s *scope, n ast.Node, st *Step) {
	keys, sound := r.keys(n, "see", append([]string{"url"}, locatorKeys...)...)
	v := keys["url"]
	switch {
	case keys == nil:
	case v == nil:
		st.Target = r.locatorOf(s, n, "see", keys, sound)
	case len(keys) > 1:
		r.fail(posOf(v), "make it two steps", "see has url and an element")
	default:
		st.URL = r.address(s, v, "see.url")
	}
}

func (r *reader) wait(_ *scope, n ast.Node, st *Step) {
	st.Wait = r.duration(n, "wait")
}

func (r *reader) nothing(_ *scope, n ast.Node, st *Step) {
	if _, empty := n.(*ast.NullNode); n != nil && !empty {
		r.fail(posOf(n), exampleOf(string(st.Op)), "%s takes no value", st.Op)
	}
}

// download reads what a browser clicks and an API client requests: also for
// sign_out.
func (r *reader) download(s *scope, n ast.Node, st *Step) {
	if s.client == API {
		st.Request = r.call(s, n, string(st.Op))
		return
	}
	st.Target = r.clickable(s, n, string(st.Op))
}

func (r *reader) request(s *scope, n ast.Node, st *Step) {
	st.Request = r.call(s, n, "request")
}

func (r *reader) meet(_ *scope, n ast.Node, st *Step) {
	name, whole := r.scalar(n, "meet")
	st.Name = name
	if name != "" && whole && !isPlainName(st.Name) {
		r.fail(posOf(n), "use small letters, digits, -, _ and .", "%q is no name for a meeting", st.Name)
	}
}
