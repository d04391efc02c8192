package leak

import (
	"net/url"
	"slices"
	"strings"

	"crosstalk/harness/history"
	"crosstalk/harness/match"
)

// hiding are the characters that hide others in a cookie's masks. Cookies are
// full of random letters, among which an x hides nothing.
const hiding = "*•"

// cookieMasks keeps the masks in a cookie's value, which is often
// percent-encoded, that fit somebody.
func (in *inspection) cookieMasks(c *content, name, value string, nth int32) {
	plain := plainCookie(value)
	if !strings.ContainsAny(plain, hiding) {
		return
	}
	for _, m := range match.Masks(plain) {
		if !strings.ContainsAny(m.Text, hiding) || len(c.masks) >= mostMasks {
			continue
		}
		if f := in.fit(m); f != nil {
			c.masks = append(c.masks, maskAt{in.name(name), snippetOf(plain, m.Start, m.End), nth, f})
		} else {
			c.strange(in.name(name))
		}
	}
}

func plainCookie(value string) string {
	if plain, err := url.PathUnescape(value); err == nil {
		return plain
	}
	return value
}

// hideInCookies says whether a Set-Cookie line may hold a mask.
func hideInCookies(lines []history.Header) bool {
	return slices.ContainsFunc(lines, func(l history.Header) bool {
		return strings.EqualFold(l.Name, "set-cookie") && strings.ContainsAny(plainCookie(readCookie(l.Value).value), hiding)
	})
}
