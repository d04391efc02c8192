package history

import (
	"net/url"
	"strings"
)

// Place is where something was shown, independent of the customer: method,
// host and path template, such as "GET /orders/{}" or "GET cdn.test/a.js".
// The target's own host is left out, so that a run against another staging
// host speaks of the same places.
type Place string

// Fits says whether the place is what a pattern stands for, in which * stands
// for any characters.
func (p Place) Fits(pattern string) bool {
	text := string(p)
	parts := strings.Split(pattern, "*")
	if len(parts) == 1 {
		return pattern == text
	}
	last := len(parts) - 1
	if !strings.HasPrefix(text, parts[0]) {
		return false
	}
	text = text[len(parts[0]):]
	for _, part := range parts[1:last] {
		_, after, found := strings.Cut(text, part)
		if !found {
			return false
		}
		text = after
	}
	return strings.HasSuffix(text, parts[last])
}

// PlaceOf is the place of a URL at a target whose host (with port) is given.
// Identifiers in the path (numbers, hashes, UUIDs, random tokens) become {};
// so do values of the query that are not plain words.
func PlaceOf(method, rawURL, targetHost string) Place {
	u, err := url.Parse(rawURL)
	if err != nil {
		return Place(method + " (unparsable address)")
	}
	if u.Scheme == "data" || u.Scheme == "blob" || u.Scheme == "about" {
		return Place(method + " " + u.Scheme + ":")
	}
	host := u.Host
	if strings.EqualFold(host, targetHost) {
		host = ""
	}
	path := u.EscapedPath()
	if path == "" {
		path = "/"
	}
	segments := strings.Split(path, "/")
	for i, s := range segments {
		segments[i] = segmentTemplate(s)
	}
	return Place(method + " " + host + strings.Join(segments, "/") + queryTemplate(u.Query()))
}
