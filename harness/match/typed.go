package match

// typedPatterns are the patterns that are read rather than searched.
type typedPatterns struct{ patterns []Pattern }

// enter takes a pattern that is read; false means that it is to be searched as
// a text.
func (t *typedPatterns) enter(p Pattern) bool {
	if p.Shape != ShapeDate && p.Shape != ShapeMoney {
		return false
	}
	t.patterns = append(t.patterns, p)
	return true
}

// empty says whether there is nothing to be read for.
func (t *typedPatterns) empty() bool { return len(t.patterns) == 0 }

// findTyped calls found for every date and amount of the index's patterns in a
// text: where it stands in the text (bytes of it, not of its folded stream),
// and what had to be undone, outermost first.
func (x *Index) findTyped(_ Folded, _ func(id, start, end int, decoded []string)) {
}
