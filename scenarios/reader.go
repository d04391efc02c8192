package scenarios

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"
)

// reader takes typed values out of YAML nodes and notes every mistake with
// its position, so that one reading finds them all.
type reader struct {
	file     string
	lines    []string
	env      func(string) (string, bool)
	mode     mode
	secrets  map[string]string
	mistakes []*Error
}

// mode says what stands for the environment's values.
type mode int

const (
	strict   mode = iota // their values; an unset variable is a mistake
	recorded             // their values; an unset variable reads $NAME
	display              // $NAME always: for texts that people read
)

// posOf is where a node begins. Mappings say where their first colon is, which
// is not where a person would look.
func posOf(n ast.Node) Pos {
	switch n := n.(type) {
	case *ast.MappingNode:
		if !n.IsFlowStyle && len(n.Values) > 0 {
			return posOf(n.Values[0].Key)
		}
	case *ast.MappingValueNode:
		return posOf(n.Key)
	}
	if n == nil || n.GetToken() == nil || n.GetToken().Position == nil {
		return Pos{1, 1}
	}
	p := n.GetToken().Position
	return Pos{max(p.Line, 1), max(p.Column, 1)}
}

func (r *reader) fail(at Pos, hint, format string, args ...any) {
	r.mistakes = append(r.mistakes, &Error{File: r.file, Line: at.Line, Col: at.Col, Msg: fmt.Sprintf(format, args...), Hint: hint})
}

// inside is where part stands in a scalar, as near as its lines show.
func (r *reader) inside(n ast.Node, part string) Pos {
	at := posOf(n)
	if _, block := n.(*ast.LiteralNode); block {
		for i := at.Line; i < len(r.lines); i++ {
			if strings.Contains(r.lines[i], part) {
				return r.within(Pos{i + 1, 1}, part)
			}
		}
	}
	return r.within(at, part)
}

// within is where part stands after a position, as long as it is on the same
// line; else the position itself.
func (r *reader) within(at Pos, part string) Pos {
	if at.Line > len(r.lines) {
		return at
	}
	line := []rune(r.lines[at.Line-1])
	if at.Col > len(line) {
		return at
	}
	before, _, found := strings.Cut(string(line[at.Col-1:]), part)
	if !found {
		return at
	}
	return Pos{at.Line, at.Col + len([]rune(before))}
}

// entry is one key of a mapping with its value.
type entry struct {
	key   string
	at    Pos
	value ast.Node
}

// entries are the keys of a mapping in the file's order, each once; ok is
// false when n is something else.
func (r *reader) entries(n ast.Node, what string) (all []entry, ok bool) {
	var values []*ast.MappingValueNode
	switch n := n.(type) {
	case *ast.MappingNode:
		values = n.Values
	case *ast.MappingValueNode:
		values = []*ast.MappingValueNode{n}
	default:
		r.fail(posOf(n), mappingHint(what), "%s is %s", what, describe(n))
		return nil, false
	}
	first := map[string]int{}
	for _, v := range values {
		at := posOf(v.Key)
		key, isText := keyText(v.Key)
		if !isText {
			r.fail(at, "", "a key of %s is %s", what, describe(v.Key))
			continue
		}
		if line, twice := first[key]; twice {
			r.fail(at, fmt.Sprintf("it stands already in line %d", line), "%s has %q twice", what, key)
			continue
		}
		first[key] = at.Line
		all = append(all, entry{key, at, v.Value})
	}
	return all, true
}

func keyText(n ast.Node) (string, bool) {
	switch n.(type) {
	case *ast.StringNode, *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.NullNode:
		return rawText(n), true
	}
	return "", false
}

// keys are the values of a mapping by their keys, nil when n is something
// else. sound is false when a key is not a known one: then a missing key is
// likely the misspelled one, and no mistake of its own.
func (r *reader) keys(n ast.Node, what string, known ...string) (values map[string]ast.Node, sound bool) {
	all, ok := r.entries(n, what)
	if !ok {
		return nil, false
	}
	values, sound = map[string]ast.Node{}, true
	for _, e := range all {
		if slices.Contains(known, e.key) {
			values[e.key] = e.value
			continue
		}
		r.fail(e.at, hintKey(e.key, known), "unknown key %q in %s", e.key, what)
		sound = false
	}
	return values, sound
}

func hintKey(word string, known []string) string {
	if hint := didYouMean(word, known); hint != "" {
		return hint
	}
	return "it can be " + strings.Join(known, ", ")
}

// items are the elements of a sequence.
func (r *reader) items(n ast.Node, what string) []ast.Node {
	s, ok := n.(*ast.SequenceNode)
	if !ok {
		r.fail(posOf(n), "it must be a list", "%s is %s", what, describe(n))
		return nil
	}
	return s.Values
}

// text is a scalar as text, with the environment's values in place.
func (r *reader) text(n ast.Node, what string) string {
	s, _ := r.scalar(n, what)
	return s
}

// texts is a list of texts, none of them empty.
func (r *reader) texts(n ast.Node, what string) []string {
	var all []string
	for _, item := range r.items(n, what) {
		if s, _ := r.scalar(item, "an element of "+what); s != "" {
			all = append(all, s)
		}
	}
	return all
}

// scalar is a non-empty scalar's text; whole is false when a variable in it is
// unset, so that its type cannot be checked.
func (r *reader) scalar(n ast.Node, what string) (s string, whole bool) {
	switch n := n.(type) {
	case *ast.StringNode, *ast.LiteralNode, *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		s, whole = r.environment(n, rawText(n))
		if s == "" && whole {
			r.fail(posOf(n), "", "%s is empty", what)
		}
		return s, whole
	case *ast.MappingNode:
		if at := posOf(n); strings.HasPrefix(r.rest(at), "{{") {
			r.fail(at, `write "{{…}}"`, "%s: a {{field}} must stand in quotes", what)
			return "", false
		}
	case *ast.NullNode, nil:
		r.fail(posOf(n), "", "%s is empty", what)
		return "", false
	}
	r.fail(posOf(n), "it must be text", "%s is %s", what, describe(n))
	return "", false
}

func (r *reader) rest(at Pos) string {
	if at.Line > len(r.lines) || at.Col > len([]rune(r.lines[at.Line-1])) {
		return ""
	}
	return string([]rune(r.lines[at.Line-1])[at.Col-1:])
}

func rawText(n ast.Node) string {
	switch n := n.(type) {
	case *ast.StringNode:
		return n.Value
	case *ast.LiteralNode:
		return n.Value.Value
	}
	return n.GetToken().Value
}

func (r *reader) duration(n ast.Node, what string) time.Duration {
	s, whole := r.scalar(n, what)
	if s == "" || !whole {
		return 0
	}
	d, err := time.ParseDuration(s)
	if err != nil || d <= 0 || d > time.Hour {
		r.fail(posOf(n), "write it as 10s or 500ms, at most 1h", "%s is no duration: %q", what, s)
		return 0
	}
	return d
}

func (r *reader) integer(n ast.Node, what string, from, to int) int {
	s, whole := r.scalar(n, what)
	if s == "" || !whole {
		return 0
	}
	i, err := strconv.Atoi(s)
	if err != nil || i < from || i > to {
		r.fail(posOf(n), fmt.Sprintf("it must be a whole number from %d to %d", from, to), "%s is %q", what, s)
		return 0
	}
	return i
}

// share is a number above 0 and at most 1: 0 would read as the default.
func (r *reader) share(n ast.Node, what string) float64 {
	s, whole := r.scalar(n, what)
	if s == "" || !whole {
		return 0
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || !(f > 0 && f <= 1) {
		r.fail(posOf(n), "it must be a share above 0 and at most 1, such as 0.95", "%s is %q", what, s)
		return 0
	}
	return f
}

func (r *reader) boolean(n ast.Node, what string) bool {
	s, whole := r.scalar(n, what)
	if s == "" || !whole {
		return false
	}
	if s != "true" && s != "false" {
		r.fail(posOf(n), "it must be true or false", "%s is %q", what, s)
	}
	return s == "true"
}

// describe says what a node is, for people.
func describe(n ast.Node) string {
	switch n := n.(type) {
	case nil, *ast.NullNode:
		return "empty"
	case *ast.MappingNode, *ast.MappingValueNode:
		return "a mapping"
	case *ast.SequenceNode:
		return "a list"
	case *ast.AnchorNode, *ast.AliasNode:
		return "an anchor or alias, which scenario files do not have"
	case *ast.TagNode:
		return "a tag, which scenario files do not have"
	case *ast.MergeKeyNode:
		return "a merge, which scenario files do not have"
	case *ast.StringNode, *ast.LiteralNode:
		return fmt.Sprintf("text, %.40q", rawText(n))
	}
	return fmt.Sprintf("%.40q", rawText(n))
}
