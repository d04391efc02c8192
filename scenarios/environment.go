package scenarios

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// variable finds ${NAME}, its escape $${, and a ${ that is neither.
var variable = regexp.MustCompile(`\$\$\{|\$\{([A-Za-z_][A-Za-z0-9_]*)\}|\$\{`)

// environment replaces ${NAME} in a scalar. It does so after the YAML was
// read, so that a value can neither change the file's structure nor move
// what stands after it. whole is false when a variable was left unset.
func (r *reader) environment(n ast.Node, s string) (expanded string, whole bool) {
	whole = true
	expanded = variable.ReplaceAllStringFunc(s, func(m string) string {
		switch m {
		case "$${":
			return "${"
		case "${":
			r.fail(r.inside(n, m), "write ${NAME}, or $${ for the characters themselves", "${ without a name and }")
			return m
		}
		value, set := r.variable(n, m)
		whole = whole && set
		return value
	})
	return expanded, whole
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

func (r *reader) variable(n ast.Node, m string) (value string, set bool) {
	name := m[2 : len(m)-1]
	if r.mode == display {
		return "$" + name, false
	}
	value, set = r.env(name)
	if !set {
		if r.mode == strict {
			r.fail(r.inside(n, m), fmt.Sprintf("set %s before the run", name), "the environment has no %s", name)
		}
		return "$" + name, false
	}
	if value != "" {
		r.secrets[name] = value
	}
	return strings.ReplaceAll(value, "{{", braces), true
}
