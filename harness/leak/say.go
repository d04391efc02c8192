package leak

import (
	"fmt"
	"sort"
	"strings"
	"unicode/utf8"

	"crosstalk/harness/customer"
	"crosstalk/harness/history"
)

// name of a viewer or victim, in a sentence.
func name(who string) string {
	if who == history.Nobody || strings.HasPrefix(who, history.Nobody+"/") {
		return "a passer-by"
	}
	if who == "" {
		return "somebody unknown"
	}
	return who
}

func kindWords(k customer.Kind) string {
	words := map[customer.Kind]string{
		customer.First: "first name", customer.Last: "last name", customer.Email: "e-mail address",
		customer.House: "house number", customer.Gift: "gift note", customer.Order: "order number",
	}
	if text, ok := words[k]; ok {
		return text
	}
	return strings.ReplaceAll(string(k), "_", " ")
}

// spot says where something was shown: "in the response of GET /api/me at $.email".
func spot(s *sighting, where string) string {
	return shownAtPlace(s.surface, s.place) + at(where)
}

// shownAtPlace says on which surface of which place: "in the response of GET
// /api/me". A mail's place is its subject, and a storage's its name.
func shownAtPlace(on history.Surface, place history.Place) string {
	subject, mail := strings.CutPrefix(string(place), "MAIL ")
	switch {
	case on == history.SurfaceMail && mail:
		return fmt.Sprintf("in the mail %q", subject)
	case on == history.SurfaceStorage && !strings.HasPrefix(string(place), "GET "):
		return "in the client's " + string(place)
	}
	return fmt.Sprintf("%s of %s", surfaceWords(on), place)
}

func at(where string) string {
	if where == "" {
		return ""
	}
	return " at " + where
}

func placeWithin(where string) string {
	if where == "" {
		return "the text"
	}
	return where
}

func surfaceWords(s history.Surface) string {
	switch s {
	case history.SurfacePage:
		return "on the page"
	case history.SurfaceField:
		return "in a form field"
	case history.SurfaceMarkup:
		return "in the markup"
	case history.SurfaceResponse:
		return "in the response"
	case history.SurfaceHeader:
		return "in a header"
	case history.SurfaceCookie:
		return "in a cookie"
	case history.SurfaceDownload:
		return "in a download"
	case history.SurfaceStorage:
		return "in the client's storage"
	case history.SurfaceSocket:
		return "in a message"
	case history.SurfaceMail:
		return "in a mail"
	case history.SurfaceImage:
		return "in a picture"
	case history.SurfaceConsole:
		return "in the console"
	case history.SurfaceNotice:
		return "in a notice"
	default:
		return "on " + string(s)
	}
}

// moment is a time in the run: "3.2 s into the run".
func moment(m history.Moment) string {
	return fmt.Sprintf("%.1f s into the run", float64(m)/1e6)
}

// length is a stretch of time.
func length(m history.Moment) string {
	if m < 10_000_000 {
		return fmt.Sprintf("%d ms", (int64(m)+500)/1000)
	}
	return fmt.Sprintf("%.1f s", float64(m)/1e6)
}

// snippetRunes is the longest snippet.
const snippetRunes = 80

// oneLine makes a text a snippet: on one line, cut to length.
func oneLine(text string) string {
	text = strings.Join(strings.FieldsFunc(strings.ToValidUTF8(text, "\uFFFD"), spaceOrControl), " ")
	if utf8.RuneCountInString(text) <= snippetRunes {
		return text
	}
	return string([]rune(text)[:snippetRunes-1]) + "…"
}

func spaceOrControl(r rune) bool {
	return r <= ' ' || r == 0x7f || r == 0xa0 || r == 0x2028 || r == 0x2029
}

// around the stretch from start to end of a text, as a snippet.
func snippetOf(text string, start, end int) string {
	start, end = max(0, min(start, len(text))), max(0, min(end, len(text)))
	if end < start {
		end = start
	}
	room := max(0, snippetRunes-utf8.RuneCountInString(text[start:end])) / 2
	from, to := start, end
	for n := 0; n < room && from > 0; n++ {
		_, size := utf8.DecodeLastRuneInString(text[:from])
		from -= size
	}
	for n := 0; n < room && to < len(text); n++ {
		_, size := utf8.DecodeRuneInString(text[to:])
		to += size
	}
	return oneLine(text[from:to])
}

func without(all []string, one string) []string {
	var rest []string
	for _, s := range all {
		if s != one {
			rest = append(rest, s)
		}
	}
	return rest
}

func sortBy[T any](all []T, key func(T) string) {
	sort.SliceStable(all, func(i, k int) bool { return key(all[i]) < key(all[k]) })
}

// count says "1 session", "3 sessions".
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
