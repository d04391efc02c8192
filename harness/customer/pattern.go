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

// LearnedPattern is how a value that the shop issued is looked for.
func LearnedPattern(_ Kind, value string, id int) match.Pattern {
	return match.Pattern{ID: id, Text: value, Fragments: LearnedStrength(value) == Strong}
}

// FragmentStrength says what a beginning or an end of a value can prove, of
// which so many bytes of its key were there.
func FragmentStrength(kind Kind, value string, matched int) Strength {
	key := match.Key(value)
	if matched <= 0 || key == "" {
		return Silent
	}
	strength, bits := StrengthOf(kind)
	if strength == Silent {
		strength, bits = LearnedStrength(value), Entropy(value)
	}
	switch share := float64(min(matched, len(key))) / float64(len(key)); {
	case strength != Strong:
		return Silent
	case bits*share >= learnedBits:
		return Strong
	}
	return Weak
}
