package match

import (
	"slices"
	"unicode/utf8"
)

// holdsMore says that what a cut begins with is text when decoded, or encoded once
// more. A word that only looks encoded, such as the local part of an e-mail
// address, decodes to noise: nothing stays unseen where it is left alone.
func (p *pass) holdsMore(is island, r *run, c cut) bool {
	const enough = 1 << 10 // characters: text and formats are told by their beginning
	if len(c.parts) > 0 {
		c.span = c.parts[0]
	}
	chars := r.chars[c.start:c.end]
	if c.guess {
		data := is.decode(nil, chars) // a stream is told by its end
		return p.o.rawDeflate(data) != nil || p.o.rawBrotli(data) != nil
	}
	t := p.t.child(is.name, span{}, is.decode(nil, chars[:min(len(chars), enough)]), r.media)
	return wholeText(t.data) || slices.ContainsFunc(decoders(), func(d decoder) bool { return d.name != "" && d.fits(t) })
}

// wholeText says whether bytes are text and nothing else: of a few random ones,
// some are letters by chance. The last character may be cut.
func wholeText(data []byte) bool {
	for last := 1; last < utf8.UTFMax && last < len(data); last++ {
		if i := len(data) - last; utf8.RuneStart(data[i]) {
			if !utf8.FullRune(data[i:]) {
				data = data[:i]
			}
			break
		}
	}
	return utf8.Valid(data) && holdsText(data) && !slices.ContainsFunc(data, func(b byte) bool { return textClass[b] == classNone })
}
