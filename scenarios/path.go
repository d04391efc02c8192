package scenarios

import (
	"fmt"
	"strconv"
	"strings"
)

// Path is a parsed JSON pointer such as $.orders[0].number: its elements are
// strings (names) and ints (indexes).
type Path []any

// ParsePath reads a pointer: "$", then any number of .name, [0] and ['name'].
func ParsePath(s string) (Path, error) {
	rest, ok := strings.CutPrefix(s, "$")
	if !ok {
		return nil, fmt.Errorf("parse pointer %q: it must begin with $", s)
	}
	path := Path{}
	for rest != "" {
		var element any
		if element, rest, ok = nextElement(rest); !ok {
			return nil, fmt.Errorf("parse pointer %q: .name, [0] or ['name'] expected", s)
		}
		path = append(path, element)
	}
	return path, nil
}

func nextElement(s string) (element any, rest string, ok bool) {
	if after, dotted := strings.CutPrefix(s, "."); dotted {
		end := strings.IndexAny(after, ".[")
		if end < 0 {
			end = len(after)
		}
		return after[:end], after[end:], end > 0
	}
	if len(s) > 2 && s[0] == '[' && (s[1] == '\'' || s[1] == '"') {
		name, rest, found := strings.Cut(s[2:], string(s[1])+"]")
		return name, rest, found
	}
	inside, rest, found := strings.Cut(strings.TrimPrefix(s, "["), "]")
	index, err := strconv.Atoi(inside)
	return index, rest, s[0] == '[' && found && err == nil && index >= 0
}

// Template is the path as it is for every element of a list: $.orders[*].id.
func (p Path) Template() string {
	var b strings.Builder
	b.WriteByte('$')
	for _, element := range p {
		if name, ok := element.(string); ok {
			b.WriteString("." + name)
			continue
		}
		b.WriteString("[*]")
	}
	return b.String()
}

// In is the value at the path in a decoded JSON document (map[string]any,
// []any and scalars); ok is false where the path leads nowhere.
func (p Path) In(v any) (found any, ok bool) {
	for _, element := range p {
		switch e := element.(type) {
		case string:
			object, _ := v.(map[string]any)
			if v, ok = object[e]; !ok {
				return nil, false
			}
		case int:
			list, _ := v.([]any)
			if e >= len(list) {
				return nil, false
			}
			v = list[e]
		}
	}
	return v, true
}
