package leak

import (
	"bytes"
	"encoding/base64"

	"crosstalk/harness/customer"
	"crosstalk/harness/match"
)

// headOfBody is how much of a body is looked at to tell pixels from text.
const headOfBody = 512

// pixels says that a body is a picture, as its media type has it. One that
// reads as text is none, whatever it is called: what is asked for as /me.png
// can well be the account.
func pixels(mediaType string, body []byte) bool { return isPicture(mediaType) && binary(body) }

// binary says that a body does not begin as text does.
func binary(body []byte) bool {
	return bytes.ContainsFunc(body[:min(len(body), headOfBody)], func(r rune) bool {
		return r < ' ' && r != '\t' && r != '\n' && r != '\r' && r != '\f'
	})
}

// avatarsIn are the known pictures, by the hash of their bytes, that a body is
// or has within it as data addresses.
func avatarsIn(known map[string]int, body []byte, add func(id int, decoded []string)) {
	if binary(body) {
		if id, ok := known[customer.AvatarHash(body)]; ok {
			add(id, nil)
		}
		return
	}
	for {
		_, rest, found := bytes.Cut(body, []byte(";base64,"))
		if !found {
			return
		}
		body = rest
		if id, ok := known[customer.AvatarHash(inlined(rest))]; ok { // of nothing, the hash is nobody's
			add(id, []string{match.DecodedBase64})
		}
	}
}

// longestInlined is how much of a data address is decoded.
const longestInlined = 1 << 17

// inlined are the bytes of a data address, of which some write a slash as "\/".
func inlined(text []byte) []byte {
	text = text[:min(len(text), longestInlined)]
	if end := bytes.IndexFunc(text, func(r rune) bool { return !base64Letter(r) }); end >= 0 {
		text = text[:end]
	}
	text = bytes.TrimRight(bytes.ReplaceAll(text, []byte(`\`), nil), "=")
	raw, err := base64.RawStdEncoding.DecodeString(string(text))
	if err != nil {
		return nil
	}
	return raw
}

func base64Letter(r rune) bool {
	return isLetter(r) || r >= '0' && r <= '9' || r == '+' || r == '/' || r == '=' || r == '\\'
}
