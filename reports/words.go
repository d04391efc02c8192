package reports

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"crosstalk/harness/history"
	"crosstalk/harness/leak"
)

// kindWords says what a kind of value is called in a sentence. Kinds that a
// scenario made up are their own words.
func kindWords(kind string) string {
	words := map[string]string{
		"first": "first name", "last": "last name", "name": "full name",
		"email": "e-mail address", "phone": "phone number", "street": "street",
		"house": "house number", "address": "street address", "birthday": "date of birth",
		"card_holder": "card holder's name", "card_expiry": "card expiry date",
		"gift": "gift note", "avatar": "picture", "order": "order number",
		"token": "session token",
	}
	if w, ok := words[kind]; ok {
		return w
	}
	return strings.ReplaceAll(kind, "_", " ")
}

// surfaceWords says what a surface is called in a sentence.
func surfaceWords(s history.Surface) string {
	words := map[history.Surface]string{
		history.SurfacePage: "page text", history.SurfaceField: "form field",
		history.SurfaceMarkup: "page source", history.SurfaceResponse: "response body",
		history.SurfaceHeader: "response header", history.SurfaceCookie: "cookie",
		history.SurfaceDownload: "download", history.SurfaceStorage: "storage of the browser", history.SurfaceSocket: "socket message",
		history.SurfaceMail: "mail", history.SurfaceImage: "picture", history.SurfaceConsole: "console", history.SurfaceNotice: "alert or notification",
	}
	if w, ok := words[s]; ok {
		return w
	}
	return string(s)
}

// decodedWords says what had to be undone to see a marker; "" for nothing.
func decodedWords(decoded []string) string {
	words := map[string]string{
		"fold": "another spelling", "split": "several elements", "percent": "percent-encoding",
		"entity": "HTML entities", "json": "JSON escapes", "jwt": "a JSON Web Token", "hex": "hexadecimal digits",
		"cfemail": "Cloudflare's e-mail hiding", "br": "brotli", "pdf": "the text of a PDF", "markup": "HTML in a string",
		"utf-16": "UTF-16", "md5": "its MD5", "sha1": "its SHA-1", "sha256": "its SHA-256", "order": "another order of its parts",
		"transliterated": "another spelling", "date": "another way to write the day", "money": "another way to write the amount",
		"fragment": "a part of it", "masked": "a mask",
	}
	said := each(decoded, func(d string) string {
		if w, ok := words[d]; ok {
			return w
		}
		return d
	})
	return strings.Join(said, ", then ")
}

// causeWords says what a cause means, and where a developer looks first.
func causeWords(cause string) (means, look string) {
	w := map[string][2]string{
		leak.CauseSharedCache: {
			"A cache between the client and the shop answered with a copy that was made for somebody else.",
			"Look at what the cache in front of this path stores: answers to signed-in requests need Cache-Control: private or no-store, or a cache key that holds the session.",
		},
		leak.CauseCachedSetCookie: {
			"A cached answer carried a Set-Cookie line, so everybody who got the copy got the first one's session.",
			"Make the cache refuse, or strip, answers with Set-Cookie; do not set session cookies on pages that may be cached.",
		},
		leak.CauseRace: {
			"Two requests were in the shop at the same moment, and one was answered with the other's data.",
			"Look for state that requests share on this path: package variables, singletons, fields of handlers, reused buffers.",
		},
		"coalesced request":          {"Equal requests were folded into one, whose answer went to everybody who waited.", "The key that requests are folded by must hold the session."},
		"swapped session":            {"The shop took one customer's session for another's.", "Look at the session store: how ids are made, how they are looked up."},
		"shifted replies":            {"Answers on a shared connection were off by one: each went to the next request.", "Look at connections that are reused after an aborted or timed-out request."},
		"worker residue":             {"A worker kept data of the request before.", "Look for thread-locals, globals and pooled objects that are not reset between requests."},
		"broadcast":                  {"A message meant for one session was sent to several.", "Look at how rooms, topics and subscriptions are keyed."},
		"client storage":             {"The browser kept data of the customer before.", "Clear storage, caches and service workers when a customer signs out."},
		"file clash":                 {"Two customers' files were written under one name.", "Generated files need names of their own, and no shared temporary path."},
		"mail mix-up":                {"A mail went to, or was filled for, the wrong customer.", "Look at the mail queue and at template data that requests share."},
		"object-level authorization": {"The shop answers for any identifier, whoever asks.", "Check the owner of the object on every request, not just the session."},
	}[cause]
	if w[0] == "" {
		return "The record does not show how the data got there.",
			"Compare the two requests named in the evidence, from the network edge inwards."
	}
	return w[0], w[1]
}

// count says how many there are of something: "1 finding", "5,120 exposures".
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return number(n) + " " + many
}

// number prints n with commas between the thousands.
func number(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// span prints a time in milliseconds as a person says it, to the second from
// ten seconds on.
func span(ms int64) string {
	d := time.Duration(ms) * time.Millisecond
	switch {
	case d < time.Second:
		return fmt.Sprintf("%d ms", ms)
	case d.Round(100*time.Millisecond) < 10*time.Second:
		return fmt.Sprintf("%.1f s", d.Seconds())
	}
	d = d.Round(time.Second)
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%d s", int(d.Seconds()))
	case d < time.Hour:
		return fmt.Sprintf("%d min %d s", int(d.Minutes()), int(d.Seconds())%60)
	}
	return fmt.Sprintf("%d h %d min", int(d.Hours()), int(d.Minutes())%60)
}

// oneIn says a bound as "1 in 1,706"; "" when it bounds nothing.
func oneIn(bound float64) string {
	if bound <= 0 || bound >= 1 {
		return ""
	}
	return "1 in " + number(int(1/bound))
}

// listed joins words as a sentence does: "a, b and c".
func listed(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " and " + words[last]
}
