package leak_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strings"
)

// freshOf is what {fresh} stands for: what a shop makes anew for each answer, in
// the form asked for: hex (24 digits), uuid, b64 (43 characters) or a number of
// digits.
func freshOf(nth int, form string) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "fresh %d", nth))
	text := hex.EncodeToString(sum[:])
	switch form {
	case "uuid":
		return strings.Join([]string{text[:8], text[8:12], "4" + text[13:16], "a" + text[17:20], text[20:32]}, "-")
	case "b64":
		return base64.RawURLEncoding.EncodeToString(sum[:])
	case "", "hex":
		return text[:24]
	}
	var digits int
	_, _ = fmt.Sscan(form, &digits)
	number := fmt.Sprintf("%020d", binary.BigEndian.Uint64(sum[:]))
	return "7" + number[len(number)-digits+1:]
}

// pickOf is what {pick:a/b/c} stands for: one of them, not in turn.
func pickOf(nth int, among string) string {
	all := strings.Split(among, "/")
	sum := sha256.Sum256(fmt.Appendf(nil, "pick %d", nth))
	return strings.ReplaceAll(all[int(sum[0])%len(all)], "_", " ")
}

// varied is what stands for {fresh} or {pick}, which differs from one mention to
// the next.
func (tr *transcript) varied(word, what string) string {
	tr.varying++
	if word == "pick" {
		return pickOf(tr.varying, what)
	}
	return freshOf(tr.varying, what)
}
