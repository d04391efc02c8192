package leak

import (
	"encoding/base64"
	"math"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Limits of what can be a credential.
const (
	credentialBits   = 64 // by alphabet and length
	credentialLength = 22 // from which letters alone will do
	longestToken     = 4096
)

var tokenText = regexp.MustCompile(`^[A-Za-z0-9._~+/=%:|$!*-]+$`)

// looksMinted says whether a value could be a credential: it has the form of
// one, is long and mixed enough not to be a word or a counter, and is neither
// a date, nor an address, nor a path. Of a value that is packed data (a basket
// that the client keeps, as JSON) what it packs is looked at: the packing alone
// makes no two different.
func looksMinted(value string) bool {
	plain, packed := unpacked(value)
	if !packed {
		return minted(value)
	}
	return slices.ContainsFunc(strings.FieldsFunc(plain, notOfToken), minted)
}

// unpacked is what a percent-encoded or base64 value says in plain text, when
// that is data of some structure.
func unpacked(value string) (string, bool) {
	if len(value) > longestToken {
		return "", false
	}
	plain, err := url.QueryUnescape(value)
	if err != nil || plain == value {
		raw, err := base64.RawURLEncoding.DecodeString(strings.NewReplacer("+", "-", "/", "_").Replace(strings.TrimRight(value, "=")))
		if err != nil {
			return "", false
		}
		plain = string(raw)
	}
	unprintable := func(r rune) bool { return r < ' ' || r > '~' }
	return plain, strings.ContainsAny(plain, `{}[]"&;,`) && !strings.ContainsFunc(plain, unprintable)
}

func notOfToken(r rune) bool { return r >= utf8.RuneSelf || !tokenText.MatchString(string(r)) }

func minted(value string) bool {
	if len(value) < 12 || len(value) > longestToken || !tokenText.MatchString(value) {
		return false
	}
	if strings.Contains(value, "://") || strings.HasPrefix(value, "/") || strings.HasPrefix(value, "data:") || isMoment(value) {
		return false
	}
	digits, letters := strings.ContainsAny(value, "0123456789"), strings.ContainsFunc(value, isLetter)
	if !letters || !digits && (len(value) < credentialLength || isProse(value)) {
		return false
	}
	return bitsOf(unspoken(value)) >= credentialBits
}

func isLetter(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }

// longestCounter is how many digits a number of milliseconds has, and some.
const longestCounter = 14

// unspoken is a value without the words and numbers that a person would read
// in it: nothing is left of "bucket-17-of-64-northern", nearly all of a UUID.
func unspoken(value string) string {
	var b strings.Builder
	for _, p := range strings.FieldsFunc(value, func(r rune) bool { return !isWordRune(r) }) {
		number := isNumber(p) && len(p) <= longestCounter
		word := !strings.ContainsAny(p, "0123456789") && len(p) < credentialLength &&
			(p[1:] == strings.ToLower(p[1:]) || p == strings.ToUpper(p))
		if !number && !word {
			b.WriteString(p)
		}
	}
	return b.String()
}

// isProse says that letters without digits read as words: "continue-shopping",
// "text/html", "summer.sale".
func isProse(value string) bool {
	parts := strings.FieldsFunc(value, func(r rune) bool { return !isLetter(r) })
	longest := 0
	for _, p := range parts {
		longest = max(longest, len(p))
	}
	return longest < credentialLength
}

func isMoment(value string) bool {
	for _, layout := range []string{time.RFC3339Nano, time.RFC3339, "2006-01-02T15:04:05", time.DateTime, "20060102T150405Z"} {
		if _, err := time.Parse(layout, value); err == nil {
			return true
		}
	}
	return false
}

// bitsOf is length times the bits of the smallest usual alphabet that has all
// its letters and digits.
func bitsOf(value string) float64 {
	digits, lower, upper, hex := false, false, false, true
	length := 0
	for _, r := range value {
		switch {
		case r >= '0' && r <= '9':
			digits = true
		case r >= 'a' && r <= 'z':
			lower = true
			hex = hex && r <= 'f'
		case r >= 'A' && r <= 'Z':
			upper = true
			hex = hex && r <= 'F'
		default:
			continue
		}
		length++
	}
	size := 0.0
	if digits {
		size += 10
	}
	if hex {
		size += 6
	} else {
		if lower {
			size += 26
		}
		if upper {
			size += 26
		}
	}
	return float64(length) * math.Log2(math.Max(size, 2))
}

// innocent is a cookie that many systems set and that names no customer.
type innocent struct {
	pattern *regexp.Regexp
	reason  string
}

// innocentCookies are accepted by name, each for a reason. Whoever adds one
// says why its value may be another customer's too.
func innocentCookies() []innocent {
	return []innocent{
		{regexp.MustCompile(`^AWSALB(TG)?(CORS)?$|^AWSELB(CORS)?$`), "names a backend behind an AWS load balancer"},
		{regexp.MustCompile(`(?i)^BIGipServer|^TS[0-9a-f]{6,}`), "names a backend or policy of an F5 BIG-IP"},
		{regexp.MustCompile(`(?i)^(SERVERID|SRV(NAME|ID)?|ROUTEID|route|GCLB|ARRAffinity(SameSite)?|INGRESSCOOKIE|citrix_ns_id.*|NSC_.*|X-Mapping-.*|_?lb(id)?|sticky)$`), "names a backend behind a load balancer"},
		{regexp.MustCompile(`^(__cf_bm|__cflb|_cfuvid|cf_clearance|ak_bmsc|bm_(sv|sz|mi|s)|_abck|incap_ses_.*|visid_incap_.*|nlbi_.*)$`), "a bot filter's own state, tied to the client's address"},
		{regexp.MustCompile(`^(_ga.*|_gid|_gat.*|_gcl_.*|_fbp|_fbc|_hj.*|_pk_.*|_uet.*|ajs_.*|mp_.*|amp_.*|optimizely.*|_vw[io].*|_dd_s|rum.*)$`), "analytics or an experiment"},
		{regexp.MustCompile(`(?i)^(OptanonConsent|OptanonAlertBoxClosed|CookieConsent|euconsent.*|_iub_cs.*|didomi_token|usprivacy|cookie[-_]?(consent|policy|notice).*)$`), "records a consent"},
		{regexp.MustCompile(`(?i)(^|_)(cart_hash|locale|lang|language|currency|theme|variant|experiment|ab)$`), "a choice, an experiment or a digest of contents that customers can share"},
	}
}

func innocentCookie(name string) bool {
	for _, i := range innocentCookies() {
		if i.pattern.MatchString(name) {
			return true
		}
	}
	return false
}
