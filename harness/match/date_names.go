package match

import "strings"

// calendar knows months by their folded names and abbreviations.
type calendar map[string]int

// months are the names of the months in the languages that shops of our
// customers and their neighbors speak, from January on; alternatives (cases,
// abbreviations) behind slashes. No name may stand for two months.
func months() []string {
	return []string{
		// English, with what others abbreviate alike
		"january/jan february/feb march/mar april/apr may june/jun july/jul august/aug september/sep/sept october/oct november/nov december/dec",
		// Swedish, Danish, Norwegian
		"januari/januar februari/februar mars/marts april maj/mai juni juli augusti/aug september oktober/okt november december/desember/des",
		// German
		"januar/janner/jaenner februar/feber marz/maerz/mrz april mai juni/jun juli/jul august september oktober/okt november dezember/dez",
		// Dutch
		"januari februari maart/mrt april mei juni juli augustus september oktober november december",
		// Polish: in a date, in the nominative, abbreviated
		`stycznia/styczen/sty lutego/luty/lut marca/marzec/mar kwietnia/kwiecien/kwi maja/maj czerwca/czerwiec/cze
		 lipca/lipiec/lip sierpnia/sierpien/sie wrzesnia/wrzesien/wrz pazdziernika/pazdziernik/paz listopada/listopad/lis grudnia/grudzien/gru`,
		// French
		"janvier/janv fevrier/fevr/fev mars avril/avr mai juin juillet/juil aout septembre octobre novembre decembre/dec", //nolint:misspell // French
		// Spanish
		"enero/ene febrero marzo abril/abr mayo junio julio agosto/ago septiembre/setiembre octubre noviembre diciembre/dic",
		// Italian
		"gennaio/gen febbraio marzo aprile maggio/mag giugno/giu luglio/lug agosto settembre/set ottobre/ott novembre dicembre/dic",
		// Finnish: in a date, in the nominative
		`tammikuuta/tammikuu helmikuuta/helmikuu maaliskuuta/maaliskuu huhtikuuta/huhtikuu toukokuuta/toukokuu kesakuuta/kesakuu
		 heinakuuta/heinakuu elokuuta/elokuu syyskuuta/syyskuu lokakuuta/lokakuu marraskuuta/marraskuu joulukuuta/joulukuu`,
		// Roman numbers, as older Polish forms have them
		"i ii iii iv v vi vii viii ix x xi xii",
	}
}

func newCalendar() calendar {
	c := calendar{}
	for _, language := range months() {
		for i, names := range strings.Fields(language) {
			for name := range strings.SplitSeq(names, "/") {
				c[name] = i + 1
			}
		}
	}
	return c
}

// month is the month that a token names; 0 for none.
func (r *dayReader) month(t token) int {
	if !r.f.isWord(t) || t.len() > len("pazdziernika") {
		return 0
	}
	return r.calendar[string(r.f.bytes[t.start:t.end])]
}

// ordinal says whether letters are what makes a number an ordinal, or a word
// that may stand between the parts of a date.
func ordinal(word string) bool {
	switch word {
	case "st", "nd", "rd", "th", "er", "e", "a", "o", "ere", "go", "ego",
		"of", "the", "de", "del", "den", "der", "di", "le", "d":
		return true
	}
	return false
}

// namedBefore reads dates whose month's name stands before the year: 4 March
// 1971, 4th of March, 1971, 04-MAR-1971, 4. März 1971, 4 de marzo de 1971; and
// March 4, 1971, Mar 4th 1971.
func (r *dayReader) namedBefore(year token, y int) {
	a, ok := r.partBefore(year.start)
	if !ok {
		return
	}
	b, ok := r.partBefore(a.start)
	if !ok {
		return
	}
	if m := r.month(a); m > 0 && r.f.isNumber(b, 1, 2) {
		r.emit(b.start, year.end, y, m, int(r.f.number(b)))
	}
	if m := r.month(b); m > 0 && r.f.isNumber(a, 1, 2) {
		r.emit(b.start, year.end, y, m, int(r.f.number(a)))
	}
}

// namedBehind reads 1971 March 4 and 1971-Mar-04.
func (r *dayReader) namedBehind(year token, y int) {
	f := r.f
	name := f.tokenAt(year.end)
	m := r.month(name)
	if m == 0 || !r.partsDate(name.start) {
		return
	}
	if n := f.tokenAt(name.end); f.isNumber(n, 1, 2) && r.partsDate(n.start) {
		r.emit(year.start, n.end, y, m, int(f.number(n)))
	}
}

// partBefore is the part of a date before folded byte i: a number or a month's
// name, ordinals and little words skipped.
func (r *dayReader) partBefore(i int) (token, bool) {
	f := r.f
	for range 3 {
		t := f.tokenBefore(i)
		if t.len() == 0 || !r.partsDate(i) {
			return t, false
		}
		if isDigit(f.bytes[t.start]) || r.month(t) > 0 {
			return t, true
		}
		if !ordinal(f.string(t)) {
			return t, false
		}
		i = t.start
	}
	return token{}, false
}

// partsDate says whether what was dropped before folded byte i may stand
// between the parts of a date.
func (r *dayReader) partsDate(i int) bool {
	g := r.f.gap(i)
	return g.n <= 2 && g.only(" ,.-/':+") // a plus is a blank in addresses
}
