package leak

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"crosstalk/harness/history"
	"crosstalk/harness/match"
)

// content is what one body has that matters.
type content struct {
	hits   []hit // whole strong markers
	weak   []hit // whole weak ones, of kinds that are looked for
	parts  []hit // beginnings and ends of strong ones
	pieces []piece
	masks  []maskAt // that fit somebody

	strangeMasks map[string]int // by where: how many fit nobody

	cookies []hit           // session cookies, by their position in loose
	jar     []cookie        // when it is a cookie jar
	keys    map[string]bool // folded values of anybody in its pieces; made when asked for
}

// piece is a short stretch of a body's text, at its place in the structure.
type piece struct {
	where, text string
	owned       bool  // somebody's value is in it
	nth         int32 // of the body's segments
}

// Limits of what is kept of a segment. A text of a screen's length is prose or
// a script: there, the words around a value serve as its skeleton.
const (
	longText   = 400     // bytes up to which a segment is kept whole
	aroundText = 10      // words kept on either side of a value in a longer one
	hugeText   = 1 << 17 // bytes from which a segment is not looked at word by word
)

// segment keeps what somebody owns in a segment, and of bodies that solo was
// shown also short texts that nobody owns: they tell what else stands there.
// Where solo showed somebody's, they are kept ever after.
func (in *inspection) segment(b *body, s match.Segment, nth int32) {
	if s.Text == "" || len(s.Text) > hugeText {
		return
	}
	c := b.content
	switch {
	case b.jar:
		in.cookieMasks(c, s.Where, s.Text, nth)
	case b.masked:
		in.masks(c, s, nth)
	}
	words := wordsOf(s.Text)
	if len(words) == 0 {
		return
	}
	spans := in.own.find(words)
	switch {
	case len(s.Text) <= longText && (len(spans) > 0 || b.solo || in.interest.own[s.Where]):
		s.Where = in.name(s.Where)
		in.interest.own[s.Where] = in.interest.own[s.Where] || b.solo && len(spans) > 0
		c.pieces = append(c.pieces, piece{where: s.Where, text: strings.Clone(s.Text), owned: len(spans) > 0, nth: nth})
	case len(s.Text) > longText && len(spans) > 0:
		s.Where = in.name(s.Where)
		c.pieces = append(c.pieces, cutOut(s, nth, words, spans)...)
	}
}

func cutOut(s match.Segment, nth int32, words []word, spans []span) []piece {
	var pieces []piece
	last := -1
	for _, sp := range spans {
		if sp.from <= last {
			continue
		}
		from, to := max(0, sp.from-aroundText), min(len(words), sp.to+aroundText)
		pieces = append(pieces, piece{
			where: s.Where, text: strings.Clone(s.Text[words[from].from:words[to-1].to]), owned: true, nth: nth,
		})
		last = sp.to
	}
	return pieces
}

// hitsOf answers the strong markers of a sighting.
func (in *inspection) hitsOf(s *sighting) []hit { return in.contentOf(s).hits }

// has says whether somebody's value is in the text of a content.
func (in *inspection) has(c *content, key string) bool {
	if c.keys == nil {
		c.keys = map[string]bool{}
		for _, p := range c.pieces {
			if !p.owned {
				continue
			}
			for _, sp := range in.own.find(wordsOf(p.text)) {
				c.keys[sp.key] = true
			}
		}
	}
	return c.keys[key]
}

// contentOf is what a sighting shows, never nil.
func (in *inspection) contentOf(s *sighting) *content {
	if s.line != nil {
		return s.line
	}
	return in.contentIn(s.body)
}

// contentIn is what a body has, never nil; of what was let go it is read
// again.
func (in *inspection) contentIn(b *body) *content {
	if b.content == nil && b.read {
		if err := in.open(b); err != nil {
			in.err = errors.Join(in.err, fmt.Errorf("read a body again: %w", err))
		}
	}
	if b.content == nil {
		return &content{}
	}
	return b.content
}

// readJar reads the content of a sighting of a cookie jar.
func readJar(body []byte) []cookie {
	var lines []history.Segment
	if json.Unmarshal(body, &lines) != nil {
		return nil
	}
	jar := make([]cookie, len(lines))
	for i, l := range lines {
		jar[i] = cookie{l.Where, strings.Trim(l.Text, `"`)}
	}
	return jar
}

// isPicture says that a body is pixels, not text.
func isPicture(mediaType string) bool {
	return strings.HasPrefix(mediaType, "image/") && !strings.HasPrefix(mediaType, "image/svg")
}
