package match

import "bytes"

// decodeHex appends what pairs of hexadecimal digits stand for.
func decodeHex(dst, chars []byte) []byte {
	if dst == nil {
		dst = make([]byte, 0, len(chars)/2)
	}
	for i := 0; i+2 <= len(chars); i += 2 {
		dst = append(dst, hexValue(chars[i])<<4|hexValue(chars[i+1]))
	}
	return dst
}

// decodeCFEmail appends what an obfuscated address stands for: all bytes but
// the first, each XORed with that.
func decodeCFEmail(dst, chars []byte) []byte {
	dst = decodeHex(dst, chars)
	if len(dst) == 0 {
		return dst
	}
	key := dst[0]
	for i, b := range dst[1:] {
		dst[i] = b ^ key
	}
	return dst[:len(dst)-1]
}

// isHexRun says whether a run is hexadecimal digits and long enough to be
// nothing else by chance.
func isHexRun(chars []byte) bool {
	if len(chars) < minHex {
		return false
	}
	for _, c := range chars {
		if !isHex(c) {
			return false
		}
	}
	return true
}

// hexIn answers the stretches of a run that are hexadecimal digits, those of
// at least minHex.
func hexIn(chars []byte) []cut {
	var cuts []cut
	for i := 0; i+minHex <= len(chars); {
		// Whatever stretch is long enough has a digit at this distance.
		if !isHex(chars[i+minHex-1]) {
			i += minHex
			continue
		}
		from, to := i+minHex-1, i+minHex
		for from > i && isHex(chars[from-1]) {
			from--
		}
		for to < len(chars) && isHex(chars[to]) {
			to++
		}
		if to-from >= minHex {
			cuts = append(cuts, cut{span: span{from, to}})
		}
		i = to
	}
	return cuts
}

// hexCuts are the stretches of hexadecimal digits that stand for bytes with a
// text in them, or that begin like compressed ones. A letter before them may
// look like a digit: both alignments are tried.
func hexCuts(r *run) []cut {
	var cuts []cut
	for _, c := range hexIn(r.chars) {
		for from := c.start; from < c.start+2; from++ {
			chars := r.chars[from : c.end-(c.end-from)%2]
			if hexHoldsText(chars) || from == c.start && signedHex(chars) {
				cuts = append(cuts, cut{span: span{from, from + len(chars)}})
			}
		}
	}
	return cuts
}

func hexHoldsText(chars []byte) bool {
	var s stretchOfText
	for i := 0; i+2 <= len(chars); i += 2 {
		if s.add(hexValue(chars[i])<<4 | hexValue(chars[i+1])); s.isText() {
			return true
		}
	}
	return false
}

// signedHex says whether digits begin like gzip, zstd, zlib or UTF-16.
func signedHex(chars []byte) bool {
	var head [4]byte
	begin := decodeHex(head[:0], chars[:8])
	t := &text{data: append(begin, 0, 0, 0)}
	return isGzip(t) || isZstd(t) || isZlib(t) || hasPrefix(begin, "\xff\xfe") || hasPrefix(begin, "\xfe\xff")
}

// cfEmailCuts are the stretches that can be an obfuscated address: all text,
// with an at sign in it.
func cfEmailCuts(r *run) []cut {
	var cuts []cut
	for _, c := range hexIn(r.chars) {
		if n := c.end - c.start; n%2 == 0 && n <= maxCFEmail {
			var space [maxCFEmail]byte
			if isAddress(decodeCFEmail(space[:0], r.chars[c.start:c.end])) {
				cuts = append(cuts, c)
			}
		}
	}
	return cuts
}

// maxCFEmail is the longest obfuscated address, in digits: a mailbox's name
// has at most 64 bytes, a domain's 255.
const maxCFEmail = 2 * (1 + 64 + 1 + 255)

// isAddress says whether bytes look like an e-mail address.
func isAddress(data []byte) bool {
	at := bytes.IndexByte(data, '@')
	if at < 1 || bytes.IndexByte(data[at:], '.') < 0 {
		return false
	}
	for _, b := range data {
		if b <= ' ' || b == 0x7f {
			return false
		}
	}
	return true
}
