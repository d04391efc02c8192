package history

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"html"
	"net/url"
	"sort"
	"strings"
)

// Secrets replaces values from the environment by $NAME before anything is
// hashed or written: in plain text, percent-encoded, JSON- and HTML-escaped,
// in hex, and in base64 at all three alignments (as in Basic authorization,
// where a password follows a user name). The zero value replaces nothing.
type Secrets struct {
	replacer *strings.Replacer
}

// shortestSecret is the length in bytes below which a value is not replaced:
// "1" or "eu" would be found everywhere and protect nothing.
const shortestSecret = 4

// NewSecrets replaces each value of the map by $ and its name.
func NewSecrets(values map[string]string) *Secrets {
	type pair struct{ from, to string }
	var pairs []pair
	for name, value := range values {
		if len(value) < shortestSecret {
			continue
		}
		for _, form := range secretForms(value) {
			pairs = append(pairs, pair{form, "$" + name})
		}
	}
	if len(pairs) == 0 {
		return &Secrets{}
	}
	// The replacer takes the first that fits: a secret inside a longer one
	// must not break the longer one up.
	sort.Slice(pairs, func(i, j int) bool {
		if len(pairs[i].from) != len(pairs[j].from) {
			return len(pairs[i].from) > len(pairs[j].from)
		}
		return pairs[i].from+pairs[i].to < pairs[j].from+pairs[j].to
	})
	var list []string
	for _, p := range pairs {
		list = append(list, p.from, p.to)
	}
	return &Secrets{replacer: strings.NewReplacer(list...)}
}

// Hide replaces every secret in the bytes. It answers them unchanged, and
// not copied, when there is nothing to hide.
func (s *Secrets) Hide(b []byte) []byte {
	if s == nil || s.replacer == nil || len(b) == 0 {
		return b
	}
	return []byte(s.replacer.Replace(string(b)))
}

func secretForms(value string) []string {
	var plain bytes.Buffer // JSON as most programs write it; Go's default escapes &, < and > too
	encoder := json.NewEncoder(&plain)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(value)        // a string always encodes
	quoted, _ := json.Marshal(value) // likewise
	forms := []string{
		value,
		url.QueryEscape(value), url.PathEscape(value),
		unquote(quoted), unquote(plain.Bytes()),
		html.EscapeString(value),
		hex.EncodeToString([]byte(value)), strings.ToUpper(hex.EncodeToString([]byte(value))),
	}
	for alignment := range 3 {
		forms = append(forms, base64Core(base64.StdEncoding, value, alignment), base64Core(base64.URLEncoding, value, alignment))
	}
	seen := map[string]bool{}
	var distinct []string
	for _, f := range forms {
		if len(f) >= shortestSecret && !seen[f] {
			seen[f] = true
			distinct = append(distinct, f)
		}
	}
	return distinct
}

// unquote is what stands between the quotes of a JSON string.
func unquote(b []byte) string {
	b = bytes.TrimSpace(b)
	return string(b[1 : len(b)-1])
}

// base64Core is the part of the encoded value that does not depend on its
// neighbors when it begins at this offset (0, 1 or 2) of a three-byte group.
func base64Core(enc *base64.Encoding, value string, alignment int) string {
	encoded := enc.EncodeToString([]byte(strings.Repeat("\x00", alignment) + value))
	first := []int{0, 2, 3}[alignment]
	last := (alignment + len(value)) * 8 / 6
	if first >= last {
		return ""
	}
	return encoded[first:last]
}
