package match

import (
	"unicode/utf8"
)

// amount is a sum of money.
type amount struct {
	hundredths int64
	currency   currency // 0 when none is named
}

// Amount is what a text as a whole says of money: hundredths of the unit, and
// whether a currency is named. False when it is no amount: a number without a
// currency counts only with two decimals.
func Amount(text string) (hundredths int64, named, ok bool) {
	a, ok := readAmount(text, newCurrencies())
	return a.hundredths, a.currency != 0, ok
}

// readAmount reads a text that is an amount as a whole.
func readAmount(text string, units currencies) (amount, bool) {
	f := Fold([]byte(text))
	r := amountReader{f: f, units: units}
	var first token
	f.eachNumber(func(t token) {
		if first.len() == 0 {
			first = t
		}
	})
	if first.len() == 0 {
		return amount{}, false
	}
	n, ok := r.longest(first)
	if !ok {
		return amount{}, false
	}
	m := r.marks(n)
	whole := m.start == 0 && m.end == len(f.bytes)
	return amount{n.hundredths, m.unit}, whole && (n.decimals == 2 || n.decimals == 0 && m.unit != 0)
}

// findAmounts finds the amounts that are looked for.
func (t *typedPatterns) findAmounts(f Folded, found func(id, start, end int, decoded []string)) {
	r := amountReader{f: f, units: t.units}
	f.eachNumber(func(first token) {
		if first.len() > maxDigits || !t.begins[beginOf(f.number(first))] {
			return
		}
		for _, n := range r.numerals(first) {
			for _, reading := range r.readings(n) {
				for _, i := range t.amounts[reading.hundredths] {
					p := &t.patterns[i]
					if from, to, ok := r.stands(n, reading, p); ok {
						found(p.id, from, to, undone(f.text[from:to], p.text, DecodedMoney))
					}
				}
			}
		}
	})
}

// stands says whether a numeral is the pattern's amount here, and where it
// begins and ends in the text, with its currency if the pattern has one.
func (r *amountReader) stands(n numeral, as reading, p *typedPattern) (int, int, bool) {
	f := r.f
	from, to := f.Origin(n.start, n.end)
	m := r.marks(n)
	if m.unit != 0 && p.currency != 0 && m.unit&p.currency == 0 {
		return 0, 0, false
	}
	if !r.isMoney(n, as, m, p) {
		return 0, 0, false
	}
	if p.currency != 0 && m.unit != 0 {
		from, to = m.from, m.to
	}
	return from, to, true
}

// isMoney says whether something about a numeral shows that it is a sum: a
// currency beside it, the name it has, its form, or where it stands.
func (r *amountReader) isMoney(n numeral, as reading, m marks, p *typedPattern) bool {
	switch {
	case as.minor, n.decimals == 1:
		return r.assigned(n)
	case m.unit != 0:
		return true
	case n.decimals == 2:
		return n.grouped || r.assigned(n) || r.announced(n) || r.cell(n) || r.asPlanted(n, p)
	default:
		return n.hundredths >= 100*leastMinor && r.assigned(n)
	}
}

// asPlanted says whether a numeral is written as the pattern is, and nothing
// says that it counts versions.
func (r *amountReader) asPlanted(n numeral, p *typedPattern) bool {
	from, to := r.f.Origin(n.start, n.end)
	return string(r.f.text[from:to]) == p.text && !r.versioned(n)
}

// cell says whether a numeral with decimals fills a piece of markup, or a
// string, as in a table.
func (r *amountReader) cell(n numeral) bool {
	before, behind := r.f.gapBefore(n.start), r.f.gap(n.end)
	return before.endsIn(">\"") && behind.beginsWith("<\"") && !r.versioned(n)
}

// versioned says whether the word before a number says that it counts versions.
func (r *amountReader) versioned(n numeral) bool {
	switch r.f.string(r.f.tokenBefore(n.start)) {
	case "v", "version", "ver", "release", "rev", "revision":
		return true
	}
	return false
}

func (g *gap) endsIn(chars string) bool {
	i := g.n
	if i > 0 && g.runes[i-1] == ' ' {
		i--
	}
	return i > 0 && contains(chars, g.runes[i-1])
}

func (g *gap) beginsWith(chars string) bool {
	i := 0
	if i < g.n && g.runes[i] == ' ' {
		i++
	}
	return i < g.n && contains(chars, g.runes[i])
}

// announced says whether one of the few words before a number is one of money.
func (r *amountReader) announced(n numeral) bool {
	const words, bytes = 4, 40
	f, i := r.f, n.start
	for range words {
		t := f.tokenBefore(i)
		if !f.isWord(t) || n.start-t.start > bytes {
			return false
		}
		if amountWord(f.string(t)) {
			return true
		}
		i = t.start
	}
	return false
}

// assigned says whether a number is the value of a key, an attribute or a
// parameter whose name is one of money: "unit_amount": 1743, data-total="1743".
func (r *amountReader) assigned(n numeral) bool {
	f, i := r.f, n.start
	g := f.gap(i)
	if !g.only(" :='\"[\\") || !g.has(':') && !g.has('=') {
		return false
	}
	if behind := f.gap(n.end); n.end < len(f.bytes) && !behind.beginsWith(",}]\"'&<;>/)\\|") && !behind.is(" ") {
		return false
	}
	for range 6 { // words of one name
		t := f.tokenBefore(i)
		if !f.isWord(t) {
			return false
		}
		if amountWord(f.string(t)) {
			return true
		}
		i = t.start
		if between := f.gap(i); !between.is("") && !between.is("_") && !between.is("-") && !between.is(".") {
			return false
		}
	}
	return false
}

func (g *gap) has(r rune) bool {
	for _, c := range g.runes[:g.n] {
		if c == r {
			return true
		}
	}
	return false
}

// marks is a numeral with the currency beside it.
type marks struct {
	unit       currency // 0 for none
	start, end int      // folded bytes
	from, to   int      // in the text
}

// marks looks for a currency before and behind a numeral.
func (r *amountReader) marks(n numeral) marks {
	f := r.f
	from, to := f.Origin(n.start, n.end)
	m := marks{start: n.start, end: n.end, from: from, to: to}
	if !r.markBefore(&m) {
		r.markBehind(&m)
	}
	return m
}

func (r *amountReader) markBefore(m *marks) bool {
	f := r.f
	g := f.gapBefore(m.start)
	for i := g.n - 1; i >= 0; i-- {
		if unit := signOf(g.runes[i]); unit != 0 {
			m.unit, m.from = unit, g.at[i]
			return true
		}
		if !contains(" -+.", g.runes[i]) {
			return false
		}
	}
	t := f.tokenBefore(m.start)
	if !f.isWord(t) || g.long {
		return false
	}
	if m.unit = r.units[f.string(t)]; m.unit != 0 {
		m.start = t.start
		m.from, _ = f.Origin(t.start, t.end)
	}
	return m.unit != 0
}

func (r *amountReader) markBehind(m *marks) {
	f := r.f
	g := f.gap(m.end)
	for i := range g.n {
		if unit := signOf(g.runes[i]); unit != 0 {
			m.unit, m.to = unit, g.at[i]+r.size(g.at[i])
			return
		}
		if i > 0 && g.runes[i] == '-' && contains(":,", g.runes[i-1]) { // 17:-
			m.unit, m.to = krona, g.at[i]+r.size(g.at[i])
			return
		}
		if !contains(" +:,-", g.runes[i]) {
			return
		}
	}
	if t := f.tokenAt(m.end); f.isWord(t) && (g.is("") || r.blank(m.end)) {
		if m.unit = r.units[f.string(t)]; m.unit != 0 {
			m.end = t.end
			_, m.to = f.Origin(t.start, t.end)
		}
	}
}

// size is how many bytes the character takes that stands at a position of the
// text.
func (r *amountReader) size(pos int) int {
	if r.f.text[pos] < utf8.RuneSelf && r.f.text[pos] != '&' && r.f.text[pos] != '%' && r.f.text[pos] != '\\' {
		return 1
	}
	_, size, _ := unit(r.f.text, pos)
	return size
}
