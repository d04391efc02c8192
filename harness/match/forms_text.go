package match

import (
	"crypto/md5"  //nolint:gosec // what avatar services and mailing lists use
	"crypto/sha1" //nolint:gosec // likewise
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// textForm is a form of text.
func textForm(text, decoded string) form {
	return form{key: Key(text), decoded: decoded, text: text}
}

// isRotation says whether a key is another one, cut somewhere and put together
// the other way round.
func isRotation(key, other string) bool {
	return len(key) == len(other) && key != other && strings.Contains(key+key, other)
}

// lastFirst is a name with its last word first ("Berg, Anna"), and of longer
// ones also with its first word last ("Maria Berg, Anna").
func lastFirst(text string) []form {
	words := strings.Fields(text)
	if len(words) < 2 {
		return nil
	}
	last := len(words) - 1
	return []form{
		textForm(words[last]+" "+strings.Join(words[:last], " "), DecodedOrder),
		textForm(strings.Join(words[1:], " ")+" "+words[0], DecodedOrder),
	}
}

// houseMoved is an address line with its house number at the other end.
func houseMoved(text string) []form {
	words := strings.Fields(text)
	last := len(words) - 1
	switch {
	case last < 1:
		return nil
	case isHouse(words[last]):
		return []form{textForm(words[last]+" "+strings.Join(words[:last], " "), DecodedOrder)}
	case isHouse(words[0]):
		return []form{textForm(strings.Join(words[1:], " ")+" "+words[0], DecodedOrder)}
	}
	return nil
}

// isHouse says whether a word is a house number: 12, 12b, 12/3, 12-14.
func isHouse(word string) bool { return word[0] >= '0' && word[0] <= '9' }

// shortStreet is an address line with the usual abbreviation of its kind of
// street, or the long form of the Polish one. No form is a part of the line
// itself: it would be found within it.
func shortStreet(text string) []form {
	var forms []form
	for _, a := range []struct{ long, short string }{
		{"straße", "str."}, {"strasse", "str."}, {" Street", " St"}, {" Road", " Rd"}, {" Avenue", " Ave"}, {" Drive", " Dr"},
		{" Lane", " Ln"}, {" Boulevard", " Blvd"}, {" Court", " Ct"}, {" Gardens", " Gdns"}, {" Terrace", " Ter"},
		{" Crescent", " Cres"}, {" Close", " Cl"}, {"gatan", "g."}, {"vägen", "v."}, {"ul. ", "ulica "},
	} {
		if before, after, ok := strings.Cut(text, a.long); ok && (after == "" || strings.HasPrefix(after, " ") || a.long == "ul. ") {
			forms = append(forms, textForm(before+a.short+after, DecodedFold))
		}
	}
	return forms
}

// withoutTag is an e-mail address without what follows a plus in its local
// part: many shops cut that off.
func withoutTag(text string) []form {
	local, domain, _ := strings.Cut(text, "@")
	if name, _, tagged := strings.Cut(local, "+"); tagged && name != "" && domain != "" {
		return []form{textForm(name+"@"+domain, DecodedFold)}
	}
	return nil
}

// hashes are what an e-mail address is known as where it must not be told, in
// hexadecimal and in base64: avatars, mailing lists, advertising.
func hashes(text string) []form {
	address := []byte(strings.ToLower(strings.TrimSpace(text)))
	if !strings.Contains(text, "@") {
		return nil
	}
	md5Sum := md5.Sum(address)   //nolint:gosec // not for security
	sha1Sum := sha1.Sum(address) //nolint:gosec // not for security
	sha256Sum := sha256.Sum256(address)
	var forms []form
	for _, sum := range []struct {
		name  string
		bytes []byte
	}{{DecodedMD5, md5Sum[:]}, {DecodedSHA1, sha1Sum[:]}, {DecodedSHA256, sha256Sum[:]}} {
		forms = append(forms, textForm(hex.EncodeToString(sum.bytes), sum.name),
			textForm(base64.RawStdEncoding.EncodeToString(sum.bytes), sum.name))
	}
	return forms
}

// transliterated is a value as people and systems spell it that have no
// diacritics but do not just drop them.
func transliterated(text string) []form {
	var b strings.Builder
	foreign := false
	for _, r := range norm.NFC.String(text) {
		latin := latinOf(unicode.ToLower(r))
		foreign = foreign || latin != ""
		if latin == "" {
			latin = plainLetter(unicode.ToLower(r))
		}
		if latin == "" {
			b.WriteString(unmarked(r))
			continue
		}
		if unicode.IsUpper(r) {
			latin = strings.ToUpper(latin[:1]) + latin[1:]
		}
		b.WriteString(latin)
	}
	if !foreign {
		return nil // folding spells it so
	}
	return []form{textForm(b.String(), DecodedLatin)}
}

// unmarked is a character without its diacritics.
func unmarked(r rune) string {
	if r < utf8.RuneSelf {
		return string(r)
	}
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(string(r)))
}

// latinOf is how a small letter is spelled with others instead of without its
// marks; "" for all that folding spells already.
func latinOf(r rune) string {
	switch r {
	case 'ä':
		return "ae"
	case 'ö', 'ø':
		return "oe"
	case 'ü':
		return "ue"
	case 'å':
		return "aa"
	case 'ð':
		return "dh"
	case 'ñ':
		return "ny"
	}
	return ""
}
