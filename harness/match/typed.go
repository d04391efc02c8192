package match

import (
	"bytes"
	"slices"
)

// Dates and amounts are written in too many ways to be searched as texts: they
// are read instead. Whatever in a text is a date or an amount is brought to a
// day or to hundredths of a currency's unit, and that is looked up. A new way
// to write a day belongs in date.go, one to write an amount in money.go.

// typedPatterns are the patterns that are read rather than searched.
type typedPatterns struct {
	patterns []typedPattern
	days     map[day][]int32 // → positions in patterns
	years    [maxYear - minYear + 1]bool
	calendar calendar
	amounts  map[int64][]int32 // hundredths → positions in patterns
	begins   *[1 << 16]bool    // by the first group of digits: an amount may begin so
	units    currencies
}

// typedPattern is a pattern and what it reads as.
type typedPattern struct {
	id       int
	text     string
	currency currency // of an amount; 0 when it names none
}

// enter takes a pattern that is read; false means that it is to be searched as
// a text. What is neither a date or an amount nor long enough to be searched
// is taken and never found.
func (t *typedPatterns) enter(p Pattern) bool {
	switch p.Shape {
	case ShapeDate:
		if t.calendar == nil {
			t.calendar = newCalendar()
		}
		if d, ok := readDay(p.Text, t.calendar); ok {
			t.enterDay(p, d)
			return true
		}
	case ShapeMoney:
		if t.units == nil {
			t.units = newCurrencies()
		}
		if a, ok := readAmount(p.Text, t.units); ok {
			t.enterAmount(p, a)
			return true
		}
	default:
		return false
	}
	return len(Key(p.Text)) < MinKey
}

func (t *typedPatterns) enterDay(p Pattern, d day) {
	if t.days == nil {
		t.days = map[day][]int32{}
	}
	t.days[d] = append(t.days[d], int32(len(t.patterns))) //nolint:gosec // patterns are far fewer
	t.patterns = append(t.patterns, typedPattern{id: p.ID, text: p.Text})
	year, _, _ := d.civil()
	t.years[year-minYear] = true
}

func (t *typedPatterns) enterAmount(p Pattern, a amount) {
	if t.amounts == nil {
		t.amounts, t.begins = map[int64][]int32{}, new([1 << 16]bool)
	}
	// Plain, in groups, in minor units: the digits before the first separator.
	for _, first := range []int64{a.hundredths, a.hundredths / 1e2, a.hundredths / 1e5, a.hundredths / 1e8, a.hundredths / 1e11} {
		t.begins[beginOf(first)] = true
	}
	t.amounts[a.hundredths] = append(t.amounts[a.hundredths], int32(len(t.patterns))) //nolint:gosec // patterns are far fewer
	t.patterns = append(t.patterns, typedPattern{id: p.ID, text: p.Text, currency: a.currency})
}

// beginOf is where begins has a number.
func beginOf(n int64) uint16 { return uint16(uint64(n) * 0x9e3779b97f4a7c15 >> 48) } //nolint:gosec // a hash

// empty says whether there is nothing to be read for.
func (t *typedPatterns) empty() bool { return len(t.patterns) == 0 }

// findTyped calls found for every date and amount of the index's patterns in a
// text: where it stands in the text, and what had to be undone, outermost
// first. The same stretch is found for every pattern it can be read as.
func (x *Index) findTyped(f Folded, found func(id, start, end int, decoded []string)) {
	if len(x.typed.days) > 0 {
		x.typed.findDays(f, found)
	}
	if len(x.typed.amounts) > 0 {
		x.typed.findAmounts(f, found)
	}
}

// undone is what had to be undone to see a value at a stretch of a text, where
// another way to write it has a name of its own. A plus for a blank is how
// addresses are encoded, not another way.
func undone(raw []byte, value, written string) []string {
	names := layers(raw, value)
	i := slices.Index(names, DecodedFold)
	switch {
	case i < 0:
	case slices.Equal(layers(bytes.ReplaceAll(raw, []byte("+"), []byte(" ")), value), names[:i]):
		names = names[:i]
	default:
		names[i] = written
	}
	return names
}
