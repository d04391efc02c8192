package scenarios

import (
	"fmt"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// environment replaces ${NAME} in a scalar, and $${ by ${. It does so after
// the YAML was read, so that a value can neither change the file's structure
// nor move what stands after it. whole is false when a variable was left unset.
func (r *reader) environment(n ast.Node, s string) (expanded string, whole bool) {
	var b strings.Builder
	whole = true
	for {
		before, rest, found := strings.Cut(s, "${")
		if !found {
			return b.String() + s, whole
		}
		if escaped, ok := strings.CutSuffix(before, "$"); ok {
			b.WriteString(escaped + "${")
			s = rest
			continue
		}
		b.WriteString(before)
		name, after, closed := strings.Cut(rest, "}")
		if !closed || !isVariable(name) {
			r.fail(r.inside(n, "${"), "write ${NAME}, or $${ for the characters themselves", "${ without a name and }")
			return b.String() + "${" + rest, whole
		}
		value, set := r.variable(n, name)
		b.WriteString(value)
		s, whole = after, whole && set
	}
}

// isVariable is so for names that shells can set.
func isVariable(s string) bool {
	return s != "" && (s[0] < '0' || s[0] > '9') && !strings.ContainsFunc(s, func(c rune) bool {
		return !letterOrDigit(c) && c != '_'
	})
}

// redacted are the mistakes without the environment's values: messages quote
// what they found. One or two letters hide nothing and would garble the text.
func (r *reader) redacted() []*Error {
	for _, m := range r.mistakes {
		for name, value := range r.secrets {
			if len(value) > 2 {
				m.Msg = strings.ReplaceAll(m.Msg, value, "$"+name)
			}
		}
	}
	return r.mistakes
}

func (r *reader) variable(n ast.Node, name string) (value string, set bool) {
	if r.mode == display {
		return "$" + name, false
	}
	value, set = r.env(name)
	if !set {
		if r.mode == strict {
			r.fail(r.inside(n, "${"+name+"}"), fmt.Sprintf("set %s before the run", name), "the environment has no %s", name)
		}
		return "$" + name, false
	}
	if value != "" {
		r.secrets[name] = value
	}
	return strings.ReplaceAll(value, "{{", braces), true
}
