package scenarios

import (
	"errors"
	"strings"
)

// piece is a stretch of a template: literal text, or a field's name.
type piece struct {
	text  string
	field string
	raw   string // the field as it was written, blanks included
}

// braces is how a template writes a literal pair of opening braces; values of
// the environment that contain one are written so, lest they become fields.
const braces = `{{"{{"}}`

var errUnclosed = errors.New("{{ without its }}")

// pieces splits "Dear {{first}}," into its stretches.
func pieces(s string) ([]piece, error) {
	var all []piece
	for {
		before, rest, found := strings.Cut(s, "{{")
		if before != "" {
			all = append(all, piece{text: before})
		}
		if !found {
			return all, nil
		}
		if after, ok := strings.CutPrefix(rest, braces[2:]); ok {
			all, s = append(all, piece{text: "{{"}), after
			continue
		}
		name, after, closed := strings.Cut(rest, "}}")
		if !closed {
			return nil, errUnclosed
		}
		all, s = append(all, piece{field: strings.TrimSpace(name), raw: name}), after
	}
}

// onlyField is the name of the one field that s consists of.
func onlyField(s string) (string, bool) {
	all, err := pieces(s)
	if err != nil || len(all) != 1 || all[0].field == "" {
		return "", false
	}
	return all[0].field, true
}
