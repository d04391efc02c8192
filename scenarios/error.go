package scenarios

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
)

// Error is one mistake in a scenario file. Parse joins all it finds, in the
// order of the file.
type Error struct {
	File string
	Line int    // one-based
	Col  int    // one-based, in characters
	Msg  string // what is wrong
	Hint string // what was meant, or what to do; may be empty
}

// Error is the mistake as compilers print theirs: file:line:col: what is
// wrong; what was meant.
func (e *Error) Error() string {
	s := fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Col, e.Msg)
	if e.Hint != "" {
		s += "; " + e.Hint
	}
	return s
}

// Errors are the mistakes inside an error of Parse or Load, in the order of
// the file; nil when the error is of another kind.
func Errors(err error) []*Error {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var all []*Error
		for _, e := range joined.Unwrap() {
			all = append(all, Errors(e)...)
		}
		return all
	}
	var one *Error
	if errors.As(err, &one) {
		return []*Error{one}
	}
	return nil
}

// joined sorts mistakes by where they stand, so that a person reads them from
// the top; nil when there are none.
func joined(mistakes []*Error) error {
	slices.SortStableFunc(mistakes, func(a, b *Error) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Col, b.Col))
	})
	all := make([]error, len(mistakes))
	for i, m := range mistakes {
		all[i] = m
	}
	return errors.Join(all...)
}
