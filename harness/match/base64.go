package match

import (
	"bytes"
	"slices"
)

// decode64 appends what characters of either alphabet decode to. Bits that
// make no whole byte are dropped.
func decode64(dst, chars []byte) []byte {
	if dst == nil {
		dst = make([]byte, 0, len(chars)*3/4)
	}
	i := 0
	for ; i+4 <= len(chars); i += 4 {
		q := quad(chars[i:])
		dst = append(dst, byte(q>>16), byte(q>>8), byte(q))
	}
	switch len(chars) - i {
	case 2:
		dst = append(dst, sextet[chars[i]]<<2|sextet[chars[i+1]]>>4)
	case 3:
		dst = append(dst, sextet[chars[i]]<<2|sextet[chars[i+1]]>>4, sextet[chars[i+1]]<<4|sextet[chars[i+2]]>>2)
	}
	return dst
}

func quad(c []byte) uint32 {
	return uint32(sextet[c[0]])<<18 | uint32(sextet[c[1]])<<12 | uint32(sextet[c[2]])<<6 | uint32(sextet[c[3]])
}

// base64Cuts are the alignments at which a run decodes to something: it may
// have begun before, with a prefix or a directory. A run is passed over only
// if at no alignment MinKey bytes of letters and digits stand in one text, and
// nothing in it begins like compressed bytes. A run of hexadecimal digits is
// nothing else.
func base64Cuts(r *run) []cut {
	if r.token || isHexRun(r.chars) {
		return nil
	}
	w := align(r.chars)
	cuts := signedCuts(r)
	// A signature may be there by chance: two bytes are enough for zlib's. What
	// is text as it is, is not compressed.
	if !w.whole[0] && r.o.guessable(r.chars) {
		cuts = append(cuts, cut{span: span{0, len(r.chars)}, guess: true})
	}
	for at, parts := range w.at {
		if len(parts) == 0 || slices.ContainsFunc(cuts, func(c cut) bool { return c.start&3 == at && c.start <= parts[0].start && !c.guess }) {
			continue
		}
		cuts = append(cuts, cut{span: span{parts[0].start, parts[len(parts)-1].end}, parts: parts})
	}
	return cuts
}

// signedCuts are where compressed bytes and others with a signature begin:
// they say where they begin themselves. Runs may hold directories before it,
// which may look like a signature too: the first one need not be the right one.
func signedCuts(r *run) []cut {
	var cuts []cut
	for i := 0; i+minBase64 <= len(r.chars) && len(cuts) < maxSigned64; {
		if signed64(r.chars[i:]) {
			cuts = append(cuts, cut{span: span{i, len(r.chars)}})
		}
		next := bytes.IndexAny(r.chars[i:], "/-_")
		if next < 0 || i > maxPrefix64 {
			break
		}
		i += next + 1
	}
	return cuts
}

// maxPrefix64 is how far from the beginning of a run a signature is looked
// for: longer than the directories of a path usually are.
const maxPrefix64 = 256

// maxSigned64 is how many signatures of a run are believed, since each costs
// another look at all that is behind it.
const maxSigned64 = 4

// signed64 says whether characters decode to the beginning of gzip, zstd,
// zlib, a PDF, UTF-16 with its mark, or JSON, which is worth taking apart
// however short its values are.
func signed64(chars []byte) bool {
	switch chars[0] {
	case 'e', 'W':
		if hasPrefix(chars, "eyJ") || hasPrefix(chars, "W3si") || hasPrefix(chars, "WyJ") {
			return true
		}
		fallthrough
	case 'S', 'O', 'G', 'C', 'a':
		q := quad(chars)
		return zlibHeader(byte(q>>16), byte(q>>8))
	case 'H':
		return hasPrefix(chars, "H4sI")
	case 'J':
		return hasPrefix(chars, "JVBERi")
	case 'K':
		return hasPrefix(chars, "KLUv/") || hasPrefix(chars, "KLUv_")
	case '/', '_':
		return chars[1] == chars[0] && chars[2] == '4' || chars[1] == 'v' && chars[2] == '8' // little, big endian
	}
	return false
}

// jwtCuts is a part of a JSON Web Token: the header, which names an algorithm,
// or the claims behind it.
func jwtCuts(r *run) []cut {
	data := r.t.data
	if r.header > 0 && r.header+1 == r.start {
		r.token = true
		return []cut{{span: span{0, len(r.chars)}}}
	}
	if r.end >= len(data) || data[r.end] != '.' || r.chars[0] != 'e' {
		return nil
	}
	header := decode64(r.o.scratch.bytes[:0], r.chars[:min(len(r.chars), maxHeader)])
	r.o.scratch.bytes = header
	if header[0] != '{' || !bytes.Contains(header, []byte(`"alg"`)) {
		return nil
	}
	r.header, r.token = r.end, true
	return []cut{{span: span{0, len(r.chars)}}}
}

// maxHeader is how much of a token's header is looked at, in characters.
const maxHeader = 2048
