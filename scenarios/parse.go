package scenarios

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// maxSource is far above any scenario, and keeps hostile files from nesting
// deeper than a stack.
const maxSource = 128 << 10

// maxDepth is how deep a file may nest: a request's JSON is the deepest there is.
const maxDepth = 64

// Parse reads a scenario from its source. file is its name in messages, env
// answers for ${NAME} (os.LookupEnv in life). All mistakes are reported at
// once, as *Error joined in the order of the file.
func Parse(file string, src []byte, env func(string) (string, bool)) (*Scenario, error) {
	return parse(file, src, env, strict)
}

// ParseRecorded reads the source that an old run recorded, where the
// environment may have changed: an unset variable reads $NAME and no check
// fails for it.
func ParseRecorded(file string, src []byte, env func(string) (string, bool)) (*Scenario, error) {
	return parse(file, src, env, recorded)
}

func parse(file string, src []byte, env func(string) (string, bool), m mode) (*Scenario, error) {
	r := &reader{file: file, env: env, mode: m, secrets: map[string]string{}}
	src = bytes.TrimPrefix(src, []byte("\ufeff")) // some editors begin files with a byte order mark
	r.lines = strings.Split(strings.ReplaceAll(string(src), "\r\n", "\n"), "\n")
	sc := &Scenario{File: file, Source: slices.Clone(src), StepTimeout: DefaultStepTimeout}
	if root := r.document(src); root != nil {
		r.scenario(root, sc)
	}
	if err := joined(r.redacted()); err != nil {
		return nil, err
	}
	sc.Secrets = r.secrets
	return sc, nil
}

// document is the root of the file's one YAML document; nil after a mistake.
func (r *reader) document(src []byte) ast.Node {
	if len(src) > maxSource {
		r.fail(Pos{1, 1}, "", "the file is larger than %d KiB", maxSource>>10)
		return nil
	}
	file, err := parseYAML(src)
	if err != nil {
		at, msg := syntaxError(err)
		r.fail(at, r.syntaxHint(at), "not YAML: %s", msg)
		return nil
	}
	var bodies []ast.Node
	for _, d := range file.Docs {
		if d.Body != nil {
			bodies = append(bodies, d.Body)
		}
	}
	switch {
	case len(bodies) == 0:
		r.fail(Pos{1, 1}, "a scenario begins with name: …", "the file is empty")
		return nil
	case len(bodies) > 1:
		r.fail(posOf(bodies[1]), "one file is one scenario", "a second document")
		return nil
	}
	return bodies[0]
}

// parseYAML turns a panic of the YAML library, should foreign bytes cause one,
// into an error.
func parseYAML(src []byte) (file *ast.File, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("parse yaml: %v", p)
		}
	}()
	if tooDeep(src) {
		return nil, fmt.Errorf("nested deeper than %d levels", maxDepth)
	}
	return parser.ParseBytes(src, 0, parser.AllowDuplicateMapKey())
}

// tooDeep counts open brackets and dashes in a row: the two ways to nest
// without indenting. It errs on the side of refusing.
func tooDeep(src []byte) bool {
	open, dashes, indent, blank := 0, 0, 0, true
	for _, c := range src {
		switch c {
		case '[', '{':
			open++
		case ']', '}':
			open = max(open-1, 0)
		case '-', '?':
			dashes++
		case '\n':
			dashes, indent, blank = 0, 0, true
			continue
		case ' ', '\t':
			if blank {
				indent++
			}
			continue
		default:
			dashes = 0
		}
		blank = false
		if open > maxDepth || dashes > 1000 || indent > 1000 {
			return true
		}
	}
	return false
}

func syntaxError(err error) (Pos, string) {
	var e yaml.Error
	if !errors.As(err, &e) || e.GetToken() == nil || e.GetToken().Position == nil {
		return Pos{1, 1}, strings.Join(strings.Fields(err.Error()), " ")
	}
	p := e.GetToken().Position
	return Pos{max(p.Line, 1), max(p.Column, 1)}, strings.Join(strings.Fields(e.GetMessage()), " ")
}

// syntaxHint knows the slips that are ours rather than YAML's.
func (r *reader) syntaxHint(at Pos) string {
	if at.Line > len(r.lines) {
		return ""
	}
	line := r.lines[at.Line-1]
	rest := strings.TrimLeft(r.rest(at), " ")
	switch {
	case strings.Contains(line, "{{") && !strings.Contains(line, `"{{`) && !strings.Contains(line, "'{{"):
		return `a {{field}} must stand in quotes: "{{email}}"`
	case strings.HasPrefix(strings.TrimLeft(line, " "), "\t"):
		return "indent with spaces, not tabs"
	case strings.Contains(line, ": #"):
		return `what begins with # is a comment unless it stands in quotes: "#order"`
	case strings.Count(line, ": ") > 1:
		return `a text with ": " in it must stand in quotes`
	case rest != "" && strings.ContainsRune("@`%&*!|>", rune(rest[0])):
		return fmt.Sprintf("a text that begins with %c must stand in quotes", rest[0])
	}
	return ""
}

func (r *reader) scenario(n ast.Node, sc *Scenario) {
	keys, _ := r.keys(n, "the scenario", "name", "title", "target", "guard", "step_timeout", "customers", "public", "allow", "minima", "echo", "h2c", "mail", "lifetimes", "journeys")
	if keys == nil {
		return
	}
	for _, key := range []string{"name", "journeys"} {
		if keys[key] == nil {
			r.fail(posOf(n), "", "the scenario has no %s", key)
		}
	}
	r.header(keys, sc)
	if v := keys["guard"]; v != nil {
		sc.Guard = r.guard(v)
	}
	if v := keys["customers"]; v != nil {
		sc.Customers = r.customers(v)
	}
	if v := keys["public"]; v != nil {
		sc.Public = r.public(v)
	}
	if v := keys["minima"]; v != nil {
		sc.Minima = r.minima(v)
	}
	if v := keys["echo"]; v != nil {
		sc.Echo = r.echo(v)
	}
	if v := keys["h2c"]; v != nil {
		sc.H2C = r.boolean(v, "h2c")
	}
	if v := keys["mail"]; v != nil {
		sc.Mail = r.mail(v)
	}
	if v := keys["lifetimes"]; v != nil {
		sc.Lifetimes = r.lifetimes(v)
	}
	if v := keys["journeys"]; v != nil {
		sc.Journeys = r.journeys(v)
	}
	if v := keys["allow"]; v != nil {
		sc.Allow = r.allowances(v, sc.Journeys)
	}
}

func (r *reader) header(keys map[string]ast.Node, sc *Scenario) {
	if v := keys["name"]; v != nil {
		name, whole := r.scalar(v, "name")
		sc.Name = name
		if name != "" && whole && !isPlainName(sc.Name) {
			r.fail(posOf(v), "use small letters, digits, -, _ and .", "name is %q", sc.Name)
		}
	}
	if v := keys["title"]; v != nil {
		sc.Title = r.text(v, "title")
	}
	if v := keys["target"]; v != nil && !isEmpty(v) {
		sc.Target = r.target(v)
	}
	if v := keys["step_timeout"]; v != nil {
		sc.StepTimeout = cmp.Or(r.duration(v, "step_timeout"), DefaultStepTimeout)
	}
}

// isEmpty is so for target: "", which the language's example has.
func isEmpty(n ast.Node) bool {
	s, ok := n.(*ast.StringNode)
	return ok && s.Value == ""
}
