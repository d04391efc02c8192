package leak

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"crosstalk/harness/customer"
	"crosstalk/harness/history"
	"crosstalk/harness/match"
)

// inspection is what was found in the bodies. Each distinct body is read,
// parsed and searched once; what depends on the viewer is decided later.
type inspection struct {
	rec      *record
	own      *owners
	contents map[contentKey]*content
	missing  int // bodies that the history does not have any more
	interest interest
	rare     map[*exchange][]candidate // of header lines
}

type contentKey struct{ hash, mediaType string }

// content is what one body has that matters.
type content struct {
	hits    []hit
	pieces  []piece
	tokens  []minting
	remarks remarks
	jar     []cookie        // when it is a cookie jar
	gone    bool            // the body is not in the store
	keys    map[string]bool // folded values of anybody in its pieces; made when asked for
}

// hit is a strong marker in a body, a header or a cookie.
type hit struct {
	marker     int
	where      string
	decoded    []string
	start, end int
	text       string // of a header or cookie
}

// piece is a short stretch of a body's text, at its place in the structure.
type piece struct {
	where, text string
	owned       bool // somebody's value is in it
}

// candidate is a value that could be a credential.
type candidate struct{ where, value string }

func inspect(ctx context.Context, h History, rec *record, own *owners) (*inspection, error) {
	in := &inspection{rec: rec, own: own, contents: map[contentKey]*content{}, interest: newInterest(), rare: map[*exchange][]candidate{}}
	solo := map[contentKey]bool{}
	for _, s := range rec.sightings {
		if s.session.solo() {
			solo[keyOf(s)] = true
		}
	}
	// Solo first: it says where else to listen.
	for _, first := range []bool{true, false} {
		for _, s := range rec.sightings {
			if solo[keyOf(s)] != first {
				continue
			}
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			if err := in.read(h, s, first); err != nil {
				return nil, err
			}
		}
	}
	if err := in.readHeaders(ctx, h, rec); err != nil {
		return nil, err
	}
	rec.sortSightings()
	return in, nil
}

func keyOf(s *sighting) contentKey { return contentKey{s.body.Hash, s.body.Type} }

func (in *inspection) read(h History, s *sighting, all bool) error {
	key := keyOf(s)
	if key.hash == "" || in.contents[key] != nil {
		return nil
	}
	c := &content{}
	in.contents[key] = c
	body, err := h.Body(key.hash)
	if errors.Is(err, history.ErrNoBody) {
		c.gone = true
		in.missing++
		return nil
	}
	if err != nil {
		return fmt.Errorf("read what %s shows: %w", s.id, err)
	}
	in.search(c, key.mediaType, body, all)
	if s.surface == history.SurfaceCookie {
		c.jar = readJar(body)
	}
	return nil
}

func (in *inspection) search(c *content, mediaType string, body []byte, all bool) {
	if isPicture(mediaType) {
		if id, ok := in.own.avatars[customer.AvatarHash(body)]; ok {
			c.hits = append(c.hits, hit{marker: id})
		}
		return
	}
	for _, m := range in.own.index.Search(mediaType, body) {
		c.hits = append(c.hits, hit{marker: m.ID, where: m.Where, decoded: m.Decoded, start: m.Start, end: m.End})
	}
	c.hits = in.own.outermost(c.hits)
	before, mints := match.Segment{}, mintReader{}
	for _, s := range match.Segments(mediaType, body) {
		in.segment(c, s, all)
		in.remark(c, before, s, all)
		before = s
		if v, ok := mints.read(mediaType, s); ok {
			c.tokens = append(c.tokens, v)
		}
	}
}

// Limits of what is kept of a segment. A text of a screen's length is prose or
// a script: there, the words around a value serve as its skeleton.
const (
	longText   = 400     // bytes up to which a segment is kept whole
	aroundText = 10      // words kept on either side of a value in a longer one
	hugeText   = 1 << 17 // bytes from which a segment is not looked at word by word
)

// segment keeps what somebody owns in a segment; all also keeps short texts
// that nobody owns, which in solo show what else stands at a place. Where solo
// showed somebody's, they are kept ever after.
func (in *inspection) segment(c *content, s match.Segment, all bool) {
	if s.Text == "" || len(s.Text) > hugeText {
		return
	}
	words := wordsOf(s.Text)
	if len(words) == 0 {
		return
	}
	spans := in.own.find(words)
	switch {
	case len(s.Text) <= longText && (len(spans) > 0 || all || in.interest.own[s.Where]):
		in.interest.own[s.Where] = in.interest.own[s.Where] || all && len(spans) > 0
		c.pieces = append(c.pieces, piece{where: s.Where, text: strings.Clone(s.Text), owned: len(spans) > 0})
	case len(s.Text) > longText:
		c.pieces = append(c.pieces, cutOut(s, words, spans)...)
	}
}

func cutOut(s match.Segment, words []word, spans []span) []piece {
	var pieces []piece
	last := -1
	for _, sp := range spans {
		if sp.from <= last {
			continue
		}
		from, to := max(0, sp.from-aroundText), min(len(words), sp.to+aroundText)
		pieces = append(pieces, piece{
			where: s.Where, text: strings.Clone(s.Text[words[from].from:words[to-1].to]), owned: true,
		})
		last = sp.to
	}
	return pieces
}

// hitsOf answers the strong markers of a sighting.
func (in *inspection) hitsOf(s *sighting) []hit {
	if s.body.Hash == "" {
		return s.hits
	}
	if c := in.contents[keyOf(s)]; c != nil {
		return c.hits
	}
	return nil
}

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

func (in *inspection) contentOf(s *sighting) *content {
	if c := in.contents[keyOf(s)]; c != nil {
		return c
	}
	return &content{}
}

// readHeaders reads the journal once more for its header lines: kept in
// memory they would be most of it, and few have a marker.
func (in *inspection) readHeaders(ctx context.Context, h History, rec *record) error {
	for e, err := range h.Events() {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return err
		}
		if e.Exchange == nil || rec.byID[e.Exchange.ID] == nil {
			continue
		}
		x := rec.byID[e.Exchange.ID]
		rec.sightings = append(rec.sightings, in.headerSightings(x, e.Exchange.Headers)...)
		in.remarkHeaders(x, e.Exchange.Headers)
	}
	return nil
}

// headerSightings are what the header lines of an exchange show. Lines
// without a marker make none.
func (in *inspection) headerSightings(x *exchange, lines []history.Header) []*sighting {
	all := make([]string, len(lines))
	for i, l := range lines {
		all[i] = l.Value
	}
	if len(in.own.index.SearchText(strings.Join(all, "\n"))) == 0 {
		return nil
	}
	var made []*sighting
	for _, l := range lines {
		surface, where := history.SurfaceHeader, strings.ToLower(l.Name)
		if where == "set-cookie" {
			surface, where = history.SurfaceCookie, readCookie(l.Value).name
		}
		hits := in.own.index.SearchText(l.Value)
		if len(hits) == 0 {
			continue
		}
		s := &sighting{
			scene: in.rec.shown(x, surface), id: x.id, session: x.session, step: x.step,
			at: x.start, exchange: x, body: &history.Body{},
		}
		for _, m := range hits {
			s.hits = append(s.hits, hit{marker: m.ID, where: where, decoded: m.Decoded, start: m.Start, end: m.End, text: l.Value})
		}
		s.hits = in.own.outermost(s.hits)
		made = append(made, s)
	}
	return made
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
