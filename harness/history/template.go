package history

import (
	"net/url"
	"regexp"
	"sort"
	"strings"
)

var (
	uuid     = regexp.MustCompile(`(?i)^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)
	digits   = regexp.MustCompile(`^[0-9]+$`)
	hexText  = regexp.MustCompile(`(?i)^[0-9a-f]{8,}$`)
	hasDigit = regexp.MustCompile(`[0-9]`)
	token    = regexp.MustCompile(`^[A-Za-z0-9_-]{16,}$`)
	piece    = regexp.MustCompile(`[^-_.~]+`)
	word     = regexp.MustCompile(`^[A-Za-z][A-Za-z_-]{0,23}$`)
)

// segmentTemplate is one path segment with its identifiers replaced by {}:
// "42" → "{}", "order-10001" → "order-{}", "app.3f2a9c1b.js" → "app.{}.js".
// Words keep their place, so that /account and /orders stay apart.
func segmentTemplate(segment string) string {
	plain, err := url.PathUnescape(segment)
	if err != nil {
		plain = segment
	}
	if uuid.MatchString(plain) || strings.Contains(plain, "@") || isToken(plain) {
		return "{}"
	}
	return piece.ReplaceAllStringFunc(segment, func(p string) string {
		if digits.MatchString(p) || hexText.MatchString(p) && hasDigit.MatchString(p) || isToken(p) {
			return "{}"
		}
		return p
	})
}

// isToken tells random text from a slug. A slug has no digits between its
// letters, or is made of words; what crypto/rand made has digits, or upper and
// lower case without a separator.
func isToken(s string) bool {
	if !token.MatchString(s) {
		return false
	}
	longest := 0
	for _, p := range piece.FindAllString(s, -1) {
		longest = max(longest, len(p))
	}
	mixed := hasDigit.MatchString(s) || s != strings.ToLower(s) && strings.ToUpper(s[:1])+s[1:] != s
	return mixed && longest >= 12
}

// queryTemplate keeps the names of a query, sorted, and the values that are
// plain words: shops route by them (?view=orders). Other values become {}.
func queryTemplate(query url.Values) string {
	if len(query) == 0 {
		return ""
	}
	var parts []string
	for name, values := range query {
		value := "{}"
		if len(values) == 1 && word.MatchString(values[0]) {
			value = values[0]
		}
		parts = append(parts, name+"="+value)
	}
	sort.Strings(parts)
	return "?" + strings.Join(parts, "&")
}
