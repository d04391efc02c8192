package match

// amountReader finds amounts in a folded text.
type amountReader struct {
	f     Folded
	units currencies
}

// numeral is a number as people write amounts: digits in groups, decimals.
type numeral struct {
	start, end int // folded bytes
	hundredths int64
	decimals   int  // 0, 1 or 2
	grouped    bool // 1.234 or 1 234
}

// maxDigits is how many digits an amount has at most, decimals apart.
const maxDigits = 12

// numerals are the ways to read a number that begins with this token, the
// longest first. There are several where a blank may be either a separator of
// groups or of columns.
func (r *amountReader) numerals(first token) []numeral {
	if !r.begins(first) {
		return nil
	}
	var all []numeral
	if n, ok := r.longest(first); ok {
		all = append(all, n)
		if n.grouped && r.blank(first.end) {
			if n, ok := r.finish(first, false); ok {
				all = append(all, n)
			}
		}
	}
	return all
}

// begins says whether a number may begin with this token: nothing before it
// makes it the middle of one, or a part of a time, a version, a word.
func (r *amountReader) begins(t token) bool {
	f := r.f
	if t.start == 0 {
		return true
	}
	before := f.tokenBefore(t.start)
	g := f.gap(t.start)
	if isDigit(f.bytes[t.start-1]) {
		return g.n != 1 || !contains(".,:'/-_", g.runes[0])
	}
	return g.n > 0 || r.units[f.string(before)] != 0
}

// longest reads as many groups as follow.
func (r *amountReader) longest(first token) (numeral, bool) {
	if n, ok := r.finish(first, true); ok {
		return n, true
	}
	return r.finish(first, false)
}

// finish reads a number from its first token on, in groups or not.
func (r *amountReader) finish(first token, groups bool) (numeral, bool) {
	f := r.f
	n := numeral{start: first.start, end: first.end, hundredths: f.number(token{first.start, min(first.end, first.start+maxDigits)})}
	if first.len() > maxDigits {
		return n, false
	}
	var sep rune
	if groups {
		if sep = r.groups(&n); sep == 0 {
			return n, false
		}
	}
	n.hundredths *= 100
	r.decimals(&n, sep)
	return n, r.ends(n)
}

// groups reads the groups of three digits behind the first one, and answers
// what separates them; 0 when there is none.
func (r *amountReader) groups(n *numeral) rune {
	f, sep := r.f, rune(0)
	if n.end-n.start > 3 || f.bytes[n.start] == '0' {
		return 0
	}
	for n.end-n.start < maxDigits {
		g, next := f.gap(n.end), f.tokenAt(n.end)
		if g.is("+") { // a blank in addresses
			g.runes[0] = ' '
		}
		if g.n != 1 || g.long || !contains(" .,'", g.runes[0]) || sep != 0 && g.runes[0] != sep || !f.isNumber(next, 3, 3) {
			break
		}
		sep, n.end = g.runes[0], next.end
		n.hundredths = n.hundredths*1000 + f.number(next)
	}
	n.grouped = sep != 0
	return sep
}

// decimals reads what stands behind a decimal point or comma, which must not
// be what separates groups.
func (r *amountReader) decimals(n *numeral, sep rune) {
	f := r.f
	g, t := f.gap(n.end), f.tokenAt(n.end)
	if g.n != 1 || g.runes[0] != '.' && g.runes[0] != ',' || g.runes[0] == sep || !f.isNumber(t, 1, 2) {
		return
	}
	n.end, n.decimals = t.end, t.len()
	fraction := f.number(t)
	if n.decimals == 1 {
		fraction *= 10
	}
	n.hundredths += fraction
}

// ends says whether nothing behind a number goes on with it.
func (r *amountReader) ends(n numeral) bool {
	f := r.f
	if n.end == len(f.bytes) {
		return true
	}
	g := f.gap(n.end)
	if isDigit(f.bytes[n.end]) {
		if g.is(",") { // 17.43,18.20 is a list; 17,43,18 is nothing
			return n.decimals > 0 && r.point(n) != ','
		}
		return g.n != 1 || !contains(".:'/_", g.runes[0])
	}
	return g.n > 0 || r.units[f.string(f.tokenAt(n.end))] != 0
}

// point is what stands before a number's decimals.
func (r *amountReader) point(n numeral) rune {
	g := r.f.gap(n.end - n.decimals)
	return g.runes[0]
}

// blank says whether only a blank was dropped before folded byte i.
func (r *amountReader) blank(i int) bool {
	g := r.f.gap(i)
	return g.is(" ") || g.is("+")
}

// reading is a sum that a numeral can stand for.
type reading struct {
	hundredths int64
	minor      bool // in the currency's smallest unit: 1743 for 17.43
}

// leastMinor keeps small counts ("total": 42) from being read as money.
const leastMinor = 100

// readings are what a numeral can stand for: the sum itself, and for a whole
// number without groups that many of the smallest unit.
func (r *amountReader) readings(n numeral) []reading {
	all := []reading{{hundredths: n.hundredths}}
	if whole := n.hundredths / 100; n.decimals == 0 && !n.grouped && whole >= leastMinor {
		all = append(all, reading{whole, true})
	}
	return all
}
