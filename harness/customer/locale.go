package customer

import (
	"fmt"
	"strings"
)

// locale is what Allocate must know of a country's people, streets, cities
// and telephone numbers.
type locale struct {
	tag, country, countryName, currency string

	firsts, lasts []string // real names
	syllables     syllables
	lastEndings   []string // of composed last names
	streetEndings []string // of composed street names
	houseFirst    bool     // "12 Elm Street" rather than "Elmstraße 12"
	trades        []string // words in the names of companies
	legalForm     string
	cities        []city
	phones        []phoneRange
	fictional     bool // the phone ranges are reserved for fiction
	giftNotes     []string
}

// city is a town with the postcodes that belong to it: "#" is any digit, "@"
// a letter that British postcodes use, everything else stands for itself.
type city struct{ name, postcodes string }

// phoneRange holds the numbers of one pattern whose "#" digits, read as one
// number, lie from low to high.
type phoneRange struct {
	pattern   string
	low, high int
}

// DefaultLocales are the locales that customers have in turn when the
// constraints name none.
func DefaultLocales() []string {
	return []string{"sv-SE", "de-DE", "en-GB", "en-US", "pl-PL"}
}

// localeOf finds a locale by its tag, whatever its case.
func localeOf(tag string) (*locale, error) {
	for _, country := range []func() *locale{swedish, german, british, american, polish} {
		if l := country(); strings.EqualFold(l.tag, tag) {
			return l, nil
		}
	}
	return nil, fmt.Errorf("unknown locale %q, known are %s", tag, strings.Join(DefaultLocales(), ", "))
}

// words splits a pool that is written as text.
func words(pool string) []string { return strings.Fields(pool) }

// syllables are the sounds that composed names of a language are made of.
type syllables struct{ onsets, vowels, codas []string }

// germanicOnsets are the onsets that Swedish and German share.
const germanicOnsets = `b d f g h j k l m n p r s t v bl br dr fl fr gl gr kl kn kr pl pr tr st sp`

// shopWords are words that shops show to everyone. No customer is called so,
// though some of them are names.
func shopWords() []string {
	return words(`account address admin album amber amount angel april art august autumn baker basket
bill black blue bolt brand brown buck cart case cash chance charity charm chase check checkout chip city clay
colt contact cookie cooper crystal customer dale dawn daisy date dean delivery demo destiny diamond discount
earl email error faith fern fisher flora ford forest free frank gale gene general gift ginger glen gold grace
grant gray green guest guy harmony hazel heather help heaven holly home hope house hunter info iris item ivory
ivy jade jasmine jewel joy june justice kelly king lane lily logout login major marble mark mason max may
melody mercy merit miles minor misty name new north ocean olive opal order page paris park pearl penny phone
porter precious price prince princess product queen rain ray reed return rich river robin rock rod rose royal
ruby rusty sage sale sales sandy save search service shipping shop sign silver sky skye star sterling store
summer sunny support target team test thank toy total trinity unique user velvet victory violet ward west will
willow winter wood year young`)
}
