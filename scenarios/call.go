package scenarios

import (
	"net/http"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

var methods = []string{"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"}

// call reads a request; a bare string is a GET of that address.
func (r *reader) call(s *scope, n ast.Node, what string) *Call {
	c := &Call{Method: "GET"}
	if _, bare := n.(*ast.StringNode); bare {
		c.URL = r.address(s, n, what)
		return c
	}
	keys, sound := r.keys(n, what, "method", "url", "headers", "json", "form", "multipart", "bearer", "expect")
	if v := keys["url"]; v != nil {
		c.URL = r.address(s, v, what+".url")
	} else if sound {
		r.fail(posOf(n), "", "%s has no url", what)
	}
	if v := keys["method"]; v != nil {
		c.Method = r.method(v, what)
	}
	r.credentials(s, what, keys, c)
	r.payload(s, what, keys, c)
	return c
}

func (r *reader) method(n ast.Node, what string) string {
	m, whole := r.scalar(n, what+".method")
	if m != "" && whole && !slices.Contains(methods, m) {
		r.fail(posOf(n), hintKey(strings.ToUpper(m), methods), "there is no method %q", m)
	}
	return m
}

// credentials reads what a request carries beside its body, and what it must
// be answered with.
func (r *reader) credentials(s *scope, what string, keys map[string]ast.Node, c *Call) {
	if v := keys["headers"]; v != nil {
		c.Headers = r.headers(s, v, what+".headers")
	}
	if v := keys["bearer"]; v != nil {
		c.Bearer = r.template(s, v, what+".bearer")
	}
	if v := keys["expect"]; v != nil {
		c.Expect = r.integer(v, what+".expect", 100, 599)
	}
}

// payload reads the body, which is of one kind.
func (r *reader) payload(s *scope, what string, keys map[string]ast.Node, c *Call) {
	var body ast.Node
	var kind string
	for _, key := range []string{"json", "form", "multipart"} {
		v := keys[key]
		switch {
		case v == nil:
			continue
		case body != nil:
			r.fail(posOf(v), "choose one", "%s has both %s and %s", what, kind, key)
		}
		body, kind = v, key
		switch key {
		case "json":
			c.JSON = r.json(s, v, what+".json")
		case "form":
			c.Form = r.stringMap(s, v, what+".form")
		default:
			c.Multipart = r.multipart(s, v, what+".multipart")
		}
	}
	if body != nil && (c.Method == http.MethodGet || c.Method == http.MethodHead) {
		r.fail(posOf(body), "say method: POST", "a %s sends no body", c.Method)
	}
}

func (r *reader) stringMap(s *scope, n ast.Node, what string) map[string]string {
	all, _ := r.entries(n, what)
	m := make(map[string]string, len(all))
	for _, e := range all {
		if isEmpty(e.value) {
			m[e.key] = ""
			continue
		}
		m[e.key] = r.template(s, e.value, what+"."+e.key)
	}
	return m
}

// headers refuses names and values that could not be sent as written.
func (r *reader) headers(s *scope, n ast.Node, what string) map[string]string {
	all, _ := r.entries(n, what)
	for _, e := range all {
		if e.key == "" || strings.ContainsFunc(e.key, notToken) {
			r.fail(e.at, "", "%q is no name of a header", e.key)
		}
	}
	return r.stringMap(s, n, what)
}

// notToken is so for what a header's name cannot hold (RFC 9110, token).
func notToken(c rune) bool {
	return !letterOrDigit(c) && !strings.ContainsRune("!#$%&'*+-.^_`|~", c)
}

// json is a value as encoding/json would give it, its strings still templates.
func (r *reader) json(s *scope, n ast.Node, what string) any {
	switch n := n.(type) {
	case *ast.MappingNode, *ast.MappingValueNode:
		if strings.HasPrefix(r.rest(posOf(n)), "{{") {
			return r.template(s, n, what)
		}
		return r.object(s, n, what)
	case *ast.SequenceNode:
		list := make([]any, len(n.Values))
		for i, v := range n.Values {
			list[i] = r.json(s, v, what)
		}
		return list
	case *ast.IntegerNode:
		return n.Value
	case *ast.FloatNode:
		return n.Value
	case *ast.BoolNode:
		return n.Value
	case *ast.NullNode, nil:
		return nil
	}
	if isEmpty(n) {
		return ""
	}
	return r.template(s, n, what)
}

func (r *reader) object(s *scope, n ast.Node, what string) any {
	all, _ := r.entries(n, what)
	object := make(map[string]any, len(all))
	for _, e := range all {
		object[e.key] = r.json(s, e.value, what+"."+e.key)
	}
	return object
}
