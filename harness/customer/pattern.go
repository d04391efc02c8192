package customer

import (
	"strings"

	"crosstalk/harness/match"
)

// ShapeOf says in which forms shops write values of a planted kind; text for
// other kinds.
func ShapeOf(kind Kind) match.Shape {
	r, _ := ratingOf(kind)
	return r.Shape
}

// Pattern is how a planted marker of this customer's is looked for.
func (c *Customer) Pattern(m Marker, id int) match.Pattern {
	return match.Pattern{ID: id, Text: m.Value, Others: c.Spellings(m.Kind), Shape: ShapeOf(m.Kind), Fragments: m.Strength == Strong}
}

// LearnedPattern is how a value that the shop issued is looked for: a date or
// an amount however it is written, an address or a telephone number in the
// forms of its kind, anything else as it is. Parts of it are worth a hit when
// it is strong.
func LearnedPattern(kind Kind, value string, id int) match.Pattern {
	p := match.Pattern{ID: id, Text: value, Shape: learnedShape(kind, value)}
	p.Fragments = LearnedStrength(value) == Strong && p.Shape != match.ShapeDate && p.Shape != match.ShapeMoney
	return p
}

// learnedShape is told by the value; where that says nothing, by a kind that
// has the name of a planted one.
func learnedShape(kind Kind, value string) match.Shape {
	if _, ok := match.Day(value); ok {
		return match.ShapeDate
	}
	if _, _, ok := match.Amount(value); ok {
		return match.ShapeMoney
	}
	if at := strings.IndexByte(value, '@'); at > 0 && strings.Count(value, "@") == 1 && !strings.ContainsAny(value, " /:") {
		return match.ShapeEmail
	}
	if shape := ShapeOf(kind); shape != match.ShapeDate {
		return shape
	}
	return match.ShapeText
}
