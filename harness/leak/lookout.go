package leak

import (
	"fmt"

	"crosstalk/harness/customer"
	"crosstalk/harness/match"
)

// wantedBits is what a weak value must carry to be looked for everywhere: a
// birthday tells something beside an e-mail address, a city does not.
const wantedBits = 10

// wanted says whether a marker is looked for in everything that is shown.
// Strong ones prove something there; of the weak, those that can be told from
// ordinary text stand beside a proof as further evidence. Pictures are found
// by their hash.
func wanted(m customer.Marker, p match.Pattern) bool {
	if m.Kind == customer.Avatar || m.Strength == customer.Silent {
		return false
	}
	if m.Strength == customer.Weak && !m.Learned {
		if _, bits := customer.StrengthOf(m.Kind); bits < wantedBits {
			return false
		}
	}
	return p.Shape == match.ShapeDate || p.Shape == match.ShapeMoney || len(match.Key(m.Value)) >= match.MinKey
}

// plantedPattern is how a customer's own marker is looked for; ok is false
// for one that is not.
func plantedPattern(c *customer.Customer, m customer.Marker, id int) (p match.Pattern, ok bool) {
	p = c.Pattern(m, id)
	return p, wanted(m, p)
}

// learnedPattern is the same for a value that the shop issued.
func learnedPattern(m customer.Marker, id int) (p match.Pattern, ok bool) {
	p = customer.LearnedPattern(m.Kind, m.Value, id)
	return p, wanted(m, p)
}

// Lookout are the strong planted markers of customers and an index that finds
// them: the ID of a hit is the position of its marker. Avatars are among the
// markers and, being pictures, not in the index. An error means that the
// values cannot be indexed.
func Lookout(customers []customer.Customer) ([]customer.Marker, *match.Index, error) {
	var markers []customer.Marker
	var patterns []match.Pattern
	for i := range customers {
		for _, m := range customers[i].Markers() {
			if m.Strength != customer.Strong {
				continue
			}
			if p, ok := plantedPattern(&customers[i], m, len(markers)); ok {
				patterns = append(patterns, p)
			}
			markers = append(markers, m)
		}
	}
	index, err := match.New(patterns)
	if err != nil {
		return nil, nil, fmt.Errorf("index markers: %w", err)
	}
	return markers, index, nil
}
