package leak

import (
	"strings"

	"crosstalk/harness/history"
)

// cookie is one Set-Cookie line.
type cookie struct{ name, value string }

// copyMarks is what headers tell about a response being a stored copy. Names
// of caches' own headers differ from shop to shop, so the values are looked
// at: "HIT", "hit from edge-3".
type copyMarks struct {
	date, etag string
	age        string            // value of Age; "" when there was none
	says       map[string]string // lower-case name → value, of headers that speak of hits and misses
	object     string            // the stored answer that a Varnish names as what it copied
	ids        map[string]string // lower-case name → value, of headers that name one response
}

// readHeaders keeps what the judge needs of header lines.
func readHeaders(lines []history.Header) (copyMarks, []cookie) {
	var marks copyMarks
	var cookies []cookie
	for _, h := range lines {
		name, value := strings.ToLower(h.Name), strings.TrimSpace(h.Value)
		switch name {
		case "set-cookie":
			cookies = append(cookies, readCookie(value))
		case "date":
			marks.date = value
		case "age":
			marks.age = value
		case "etag":
			marks.etag = value
		default:
			marks.note(name, value)
		}
	}
	return marks, cookies
}

func (m *copyMarks) note(name, value string) {
	lower := strings.ToLower(value)
	switch {
	case name == "x-varnish":
		m.noteVarnish(name, value)
	case strings.Contains(name, "cache") && storedWord(lower):
		m.say(name, value)
	case strings.HasPrefix(lower, "hit"), strings.HasPrefix(lower, "miss"), strings.Contains(lower, "; hit"), strings.Contains(lower, " hit"):
		m.say(name, value)
	case strings.HasSuffix(name, "id") && looksMinted(value):
		if m.ids == nil {
			m.ids = map[string]string{}
		}
		m.ids[name] = value
	}
}

// say notes what a header says of hits and misses.
func (m *copyMarks) say(name, value string) {
	if m.says == nil {
		m.says = map[string]string{}
	}
	m.says[name] = value
}

// noteVarnish reads what a Varnish says of itself where nobody told it to: the
// number of this request, and of a copy also that of the one that had fetched
// what it is a copy of.
func (m *copyMarks) noteVarnish(name, value string) {
	numbers := strings.Fields(value)
	if len(numbers) != 2 || strings.Trim(numbers[0]+numbers[1], "0123456789") != "" {
		return
	}
	m.object = numbers[1]
	m.say(name, value)
}

// storedWord says that a cache calls an answer so that it had stored before,
// and is no fresher than a hit: nginx and those that have its words.
func storedWord(lower string) bool {
	return old(lower) || lower == "revalidated"
}

// old says that a cache calls an answer an old copy: a new one is fetched, or
// cannot be had.
func old(word string) bool {
	word = strings.ToLower(word)
	return word == "stale" || word == "updating"
}

// hit answers the header that calls the response a hit, as "name: value".
func (m copyMarks) hit() string {
	for _, name := range sortedKeys(m.says) {
		lower := strings.ToLower(m.says[name])
		if strings.Contains(lower, "hit") || storedWord(lower) || name == "x-varnish" {
			return name + ": " + m.says[name]
		}
	}
	return ""
}

func readCookie(line string) cookie {
	first, _, _ := strings.Cut(line, ";")
	name, value, _ := strings.Cut(first, "=")
	return cookie{strings.TrimSpace(name), strings.Trim(strings.TrimSpace(value), `"`)}
}
