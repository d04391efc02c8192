package customer

import "crosstalk/harness/match"

// ShapeOf says in which forms shops write values of a planted kind.
func ShapeOf(kind Kind) match.Shape {
	switch kind {
	case Name, CardHolder:
		return match.ShapeName
	case Email:
		return match.ShapeEmail
	case Phone:
		return match.ShapePhone
	case Address:
		return match.ShapeAddress
	case Birthday:
		return match.ShapeDate
	}
	return match.ShapeText
}

// Pattern is how a planted marker of this customer's is looked for.
func (c *Customer) Pattern(m Marker, id int) match.Pattern {
	return match.Pattern{ID: id, Text: m.Value, Others: c.Spellings(m.Kind), Shape: ShapeOf(m.Kind), Fragments: m.Strength == Strong}
}
