package match

import "time"

// day counts from 1 January 1970.
type day int32

// Years that dates are read in: birthdays, and what shops plan ahead.
const (
	minYear = 1900
	maxYear = 2099
)

// dayOf is the day of a date; false when there is no such day.
func dayOf(year, month, dayOfMonth int) (day, bool) {
	if year < minYear || year > maxYear || month < 1 || month > 12 || dayOfMonth < 1 || dayOfMonth > 31 {
		return 0, false
	}
	t := time.Date(year, time.Month(month), dayOfMonth, 0, 0, 0, 0, time.UTC)
	return day(t.Unix() / secondsPerDay), t.Day() == dayOfMonth
}

// civil is the date of a day.
func (d day) civil() (year, month, dayOfMonth int) {
	y, m, n := time.Unix(int64(d)*secondsPerDay, 0).UTC().Date()
	return y, int(m), n
}

// Day is the day that a text as a whole names, in ISO 8601; false when it is
// no date, or can be read as several ("03/04/71"). Digits alone are no date
// here: they can be an order number as well.
func Day(text string) (string, bool) {
	f := Fold([]byte(text))
	if len(f.bytes) > 0 && f.isNumber(f.tokenAt(0), len(f.bytes), len(f.bytes)) {
		return "", false
	}
	d, ok := readDay(text, newCalendar())
	if !ok {
		return "", false
	}
	return time.Unix(int64(d)*secondsPerDay, 0).UTC().Format(time.DateOnly), true
}

// readDay reads a text that is a date as a whole and names one day.
func readDay(text string, names calendar) (day, bool) {
	f := Fold([]byte(text))
	days := map[day]bool{}
	var last day
	r := dayReader{f: f, calendar: names}
	r.found = func(start, end int, d day) {
		if start == 0 && end == len(f.bytes) {
			days[d], last = true, d
		}
	}
	f.eachNumber(r.read)
	return last, len(days) == 1
}

// findDays finds the days that are looked for.
func (t *typedPatterns) findDays(f Folded, found func(id, start, end int, decoded []string)) {
	r := dayReader{f: f, calendar: t.calendar, years: &t.years}
	r.found = func(start, end int, d day) {
		for _, i := range t.days[d] {
			p := t.patterns[i]
			from, to := f.Origin(start, end)
			found(p.id, from, to, undone(f.text[from:to], p.text, DecodedDate))
		}
	}
	f.eachNumber(r.read)
}

// dayReader finds dates in a folded text. Every date but those of digits alone
// and those with a year of two digits is found at its year.
type dayReader struct {
	f        Folded
	calendar calendar
	years    *[maxYear - minYear + 1]bool // that are looked for; nil for all
	found    func(start, end int, d day)  // folded bytes
}

// read finds the dates whose year, or only number, is t.
func (r *dayReader) read(t token) {
	switch n := t.len(); {
	case n == 4:
		r.atYear(t)
	case n == 2:
		r.atShortYear(t)
	case n >= minEpoch && n <= maxEpoch:
		if n == 8 {
			r.basic(t)
		}
		r.epoch(t)
	}
}

// wants says whether dates of a year are looked for.
func (r *dayReader) wants(year int) bool {
	return year >= minYear && year <= maxYear && (r.years == nil || r.years[year-minYear])
}

// emit answers a date if there is such a day in a year that is looked for.
func (r *dayReader) emit(start, end, year, month, dayOfMonth int) {
	if d, ok := dayOf(year, month, dayOfMonth); ok && r.wants(year) {
		r.found(start, end, d)
	}
}

// atYear finds the dates that have this token for their year.
func (r *dayReader) atYear(t token) {
	year := int(r.f.number(t))
	// Midnight of New Year's Day can be the day before in another zone.
	if !r.wants(year) && !r.wants(year+1) {
		return
	}
	r.yearFirst(t, year)
	if r.wants(year) {
		r.yearLast(t, year)
		r.namedBefore(t, year)
		r.namedBehind(t, year)
	}
}

// yearFirst reads 1971-03-04, 1971/3/4, 1971.03.04 and [1971,3,4].
func (r *dayReader) yearFirst(t token, year int) {
	f := r.f
	month := f.tokenAt(t.end)
	if !f.isNumber(month, 1, 2) {
		return
	}
	sep, ok := r.separator(month.start)
	if !ok && !r.isList(t, month) {
		return
	}
	last := f.tokenAt(month.end)
	if !f.isNumber(last, 1, 2) {
		return
	}
	if again, ok2 := r.separator(last.start); ok != ok2 || again != sep || !r.whole(t.start, last.end, sep) {
		return
	}
	if !ok && !r.isList(t, last) {
		return
	}
	m, d := int(f.number(month)), int(f.number(last))
	r.emit(t.start, last.end, year, m, d)
	if end, ok := r.dayBefore(last.end); ok && sep == '-' {
		if next, ok := dayOf(year, m, d); ok && r.wants(yearOf(next+1)) {
			r.found(t.start, end, next+1)
		}
	}
}

func yearOf(d day) int {
	year, _, _ := d.civil()
	return year
}

// isList says whether a part of a date stands behind a comma in a JSON array
// that the year begins, as some libraries write dates.
func (r *dayReader) isList(year, part token) bool {
	before, comma := r.f.gapBefore(year.start), r.f.gap(part.start)
	return before.n > 0 && before.runes[before.n-1] == '[' && (comma.is(",") || comma.is(", "))
}

// separator is the one character between the numbers of a date before folded
// byte i: a dash, slash or dot, which a blank may follow.
func (r *dayReader) separator(i int) (rune, bool) {
	g := r.f.gap(i)
	switch {
	case g.is("-"), g.is("/"), g.is("."), g.is(". "), g.is(".+"):
		return g.runes[0], true
	}
	return 0, false
}

// whole says whether the numbers from start to end are not a part of more
// numbers with the same separator: a version, an address, a telephone number.
func (r *dayReader) whole(start, end int, sep rune) bool {
	f := r.f
	if start > 0 && isDigit(f.bytes[start-1]) {
		if g := f.gap(start); g.n == 0 || g.n == 1 && g.runes[0] == sep {
			return false
		}
	}
	if end < len(f.bytes) && isDigit(f.bytes[end]) {
		if g := f.gap(end); g.n == 0 || g.n == 1 && g.runes[0] == sep {
			return false
		}
	}
	return true
}

// yearLast reads 4.3.1971, 4/3/1971, 3/4/1971 and 4-3-1971.
func (r *dayReader) yearLast(t token, year int) {
	first, second, sep, ok := r.twoBefore(t, 1)
	if !ok {
		return
	}
	a, b := int(r.f.number(first)), int(r.f.number(second))
	r.emit(first.start, t.end, year, b, a)
	if sep != '.' && a != b { // dots are never American
		r.emit(first.start, t.end, year, a, b)
	}
}

// twoBefore are the two numbers of at least so many digits, and at most two,
// before a year, with the same separator.
func (r *dayReader) twoBefore(year token, least int) (first, second token, sep rune, ok bool) {
	f := r.f
	second = f.tokenBefore(year.start)
	if sep, ok = r.separator(year.start); !ok || !f.isNumber(second, least, 2) {
		return first, second, 0, false
	}
	first = f.tokenBefore(second.start)
	again, ok := r.separator(second.start)
	if !ok || again != sep || !f.isNumber(first, least, 2) {
		return first, second, 0, false
	}
	return first, second, sep, r.whole(first.start, year.end, sep)
}

// atShortYear reads 04.03.71 and 04/03/71, in either century. All three must
// have two digits and nothing before them that would make them a version.
func (r *dayReader) atShortYear(t token) {
	f := r.f
	if t.start == 0 || t.start < 4 || !isDigit(f.bytes[t.start-1]) {
		return
	}
	first, second, sep, ok := r.twoBefore(t, 2)
	if !ok || sep == '-' {
		return
	}
	if before := f.gap(first.start); first.start > 0 && (before.n == 0 || before.is("/") || before.is("-") || before.is(".")) {
		return
	}
	a, b := int(f.number(first)), int(f.number(second))
	for _, century := range []int{1900, 2000} {
		year := century + int(f.number(t))
		r.emit(first.start, t.end, year, b, a)
		if sep != '.' && a != b {
			r.emit(first.start, t.end, year, a, b)
		}
	}
}
