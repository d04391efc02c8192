package match

const secondsPerDay = 24 * 60 * 60

// How many digits a count of seconds or milliseconds has that is read as a
// day. Fewer are everywhere; so the first days of 1970 are not found by their
// seconds, nor its first weeks by their milliseconds.
const (
	minEpoch = 7
	maxEpoch = 13
)

// zoneStep is what all zones of the world are whole multiples of, in seconds.
// A midnight anywhere is a multiple of it too: that keeps other numbers out.
const zoneStep = 15 * 60

// How far zones are from Greenwich, in seconds.
const (
	eastmost = 14 * 60 * 60
	westmost = 12 * 60 * 60
)

// basic reads 19710304, also before a time (19710304T000000Z) and before the
// rest of a personal number (19710304-1234).
func (r *dayReader) basic(t token) {
	if !r.standsAlone(t) {
		return
	}
	n := int(r.f.number(t))
	r.emit(t.start, t.end, n/1e4, n/100%100, n%100)
}

// epoch reads the seconds or milliseconds of a midnight, in whatever zone.
func (r *dayReader) epoch(t token) {
	n := r.f.number(t)
	seconds, milliseconds := n%zoneStep == 0, n%(1000*zoneStep) == 0
	if !seconds && !milliseconds || !r.standsAlone(t) {
		return
	}
	if g := r.f.gapBefore(t.start); g.n > 0 && g.runes[g.n-1] == '-' {
		n = -n
	}
	if seconds {
		r.midnight(t, n)
	}
	if milliseconds {
		r.midnight(t, n/1000)
	}
}

// midnight answers the days that begin in some zone at this second.
func (r *dayReader) midnight(t token, second int64) {
	const least, most = -70 * 366 * secondsPerDay, 130 * 366 * secondsPerDay
	if second < least || second > most {
		return
	}
	// A zone east of Greenwich has its midnight earlier.
	from, to := floorDay(second-westmost+secondsPerDay-1), floorDay(second+eastmost)
	for d := from; d <= to; d++ {
		if year, month, n := d.civil(); r.wants(year) {
			r.emit(t.start, t.end, year, month, n)
		}
	}
}

// floorDay is the day that a second is in.
func floorDay(second int64) day {
	d := second / secondsPerDay
	if second%secondsPerDay < 0 {
		d--
	}
	return day(d) //nolint:gosec // midnight bounds it
}

// standsAlone says whether a number is not part of a word, a fraction or a
// longer row of numbers. A minus sign before it is its own.
func (r *dayReader) standsAlone(t token) bool {
	return !r.goesOnBefore(t) && r.endsNumber(t)
}

// goesOnBefore says whether a number is the later part of what stands before it.
func (r *dayReader) goesOnBefore(t token) bool {
	if t.start == 0 {
		return false
	}
	g := r.f.gap(t.start)
	if g.n != 1 {
		return g.n == 0
	}
	return contains(".-_", g.runes[0]) || contains("+/:", g.runes[0]) && isDigit(r.f.bytes[t.start-1])
}

// endsNumber says whether a number is over where it ends: a dot behind it is a
// sentence's, or of a fraction that is nothing.
func (r *dayReader) endsNumber(t token) bool {
	f := r.f
	if t.end == len(f.bytes) {
		return true
	}
	next, g := f.tokenAt(t.end), f.gap(t.end)
	switch {
	case g.n == 0:
		return t.len() == 8 && f.bytes[t.end] == 't' && next.len() == 1 // a time follows
	case g.is("."):
		return !isDigit(f.bytes[t.end]) || f.number(token{next.start, min(next.end, next.start+18)}) == 0
	case g.is("_"):
		return false
	}
	return true
}

// dayBefore says whether a time follows at folded byte i that is a midnight of
// the next day in a zone east of Greenwich, told in Greenwich's time: how a
// birthday looks after a careless conversion (1971-03-03T23:00:00.000Z). It
// answers where the minutes end.
func (r *dayReader) dayBefore(i int) (int, bool) {
	f := r.f
	if i+5 > len(f.bytes) || f.bytes[i] != 't' && !isDigit(f.bytes[i]) {
		return 0, false
	}
	if f.bytes[i] == 't' {
		i++
	} else if g := f.gap(i); !g.is(" ") {
		return 0, false
	}
	hour := f.tokenAt(i)
	minute := f.tokenAt(hour.end)
	colon := f.gap(minute.start)
	if !f.isNumber(hour, 2, 2) || !f.isNumber(minute, 2, 2) || !colon.is(":") {
		return 0, false
	}
	h, m := f.number(hour), f.number(minute)
	return minute.end, h >= 24-eastmost/3600 && h < 24 && m%15 == 0 && m < 60
}
