package leak

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
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
	names    map[string]string // of places within bodies, each once
	fits     map[string]*fit   // by the text of a mask
	masked   *maskedValues     // made when the first mask is met
	missing  int               // bodies that the history does not have any more
	interest interest
	rare     map[*exchange][]candidate // of header lines
}

type contentKey struct{ hash, mediaType string }

// content is what one body has that matters.
type content struct {
	hits    []hit // whole strong markers
	weak    []hit // whole weak ones, of kinds that are looked for
	parts   []hit // beginnings and ends of strong ones
	pieces  []piece
	tokens  []minting
	masks   []maskAt // that fit somebody
	remarks remarks
	jar     []cookie        // when it is a cookie jar
	gone    bool            // the body is not in the store
	closed  string          // why something encoded in it was not decoded; "" when all was
	keys    map[string]bool // folded values of anybody in its pieces; made when asked for
	solo    bool            // solo was shown it
	masked  bool            // it was shown where masks are looked for
	read    bool
}

// piece is a short stretch of a body's text, at its place in the structure.
type piece struct {
	where, text string
	owned       bool  // somebody's value is in it
	nth         int32 // of the body's segments
}

// candidate is a value that could be a credential.
type candidate struct{ where, value string }

func inspect(ctx context.Context, h History, rec *record, own *owners) (*inspection, error) {
	in := &inspection{
		rec: rec, own: own, contents: map[contentKey]*content{}, names: map[string]string{}, fits: map[string]*fit{},
		interest: newInterest(), rare: map[*exchange][]candidate{},
	}
	for _, s := range rec.sightings {
		in.expect(s)
	}
	// Solo first: it says where else to listen.
	for _, solo := range []bool{true, false} {
		for _, s := range rec.sightings {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			if err := in.read(h, s, solo); err != nil {
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

// expect notes what will be asked of a body by those who were shown it.
func (in *inspection) expect(s *sighting) {
	key := keyOf(s)
	if key.hash == "" {
		return
	}
	c := in.contents[key]
	if c == nil {
		c = &content{}
		in.contents[key] = c
	}
	c.solo = c.solo || s.session.solo()
	c.masked = c.masked || showsMasks(s)
}

// read reads a body when it is first met; those that solo was shown, or the
// others.
func (in *inspection) read(h History, s *sighting, solo bool) error {
	c := in.contents[keyOf(s)]
	if c == nil || c.solo != solo {
		return nil
	}
	if !c.read {
		c.read = true
		if err := in.open(h, s, c); err != nil {
			return err
		}
	}
	if c.closed != "" {
		in.rec.unseen[notDecoded+c.closed]++
	}
	return nil
}

func (in *inspection) open(h History, s *sighting, c *content) error {
	body, err := h.Body(s.body.Hash)
	if errors.Is(err, history.ErrNoBody) {
		c.gone = true
		in.missing++
		return nil
	}
	if err != nil {
		return fmt.Errorf("read what %s shows: %w", s.id, err)
	}
	in.search(c, s.body.Type, body)
	if s.surface == history.SurfaceCookie {
		c.jar = readJar(body)
	}
	return nil
}

// search keeps of a body what matters: what it holds of anybody, where.
func (in *inspection) search(c *content, mediaType string, body []byte) {
	if isPicture(mediaType) {
		if id, ok := in.own.avatars[customer.AvatarHash(body)]; ok {
			c.hits = append(c.hits, hit{marker: id})
		}
		return
	}
	reading := match.Read(mediaType, body)
	found := in.own.sorted(in.own.index.Find(reading), func(from, to int) string { return string(body[from:to]) })
	c.hits, c.weak, c.parts = in.placed(found.strong), in.placed(found.weak), in.placed(found.parts)
	c.closed = closedOf(reading.Unopened())
	before, mints := match.Segment{}, mintReader{}
	for i, s := range reading.Segments() {
		in.segment(c, s, int32(i)) //nolint:gosec // far fewer
		in.remark(c, before, s, c.solo)
		before = s
		if v, ok := mints.read(mediaType, s); ok {
			c.tokens = append(c.tokens, v)
		}
	}
}

// placed keeps one copy of each place's name: match's may hold on to the body.
func (in *inspection) placed(found []hit) []hit {
	for i := range found {
		found[i].where = in.name(found[i].where)
	}
	return slices.Clip(found)
}

func (in *inspection) name(where string) string {
	kept, ok := in.names[where]
	if !ok {
		kept = strings.Clone(where)
		in.names[kept] = kept
	}
	return kept
}

// notDecoded begins the reasons for which a part of a body is unseen.
const notDecoded = "not decoded: "

// closedOf is the first reason for which something encoded was not looked
// into. What only looks encoded, and is not, hides nothing.
func closedOf(stretches []match.Unopened) string {
	for _, u := range stretches {
		if u.Reason != match.UnopenedBroken {
			return u.Reason
		}
	}
	return ""
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
func (in *inspection) segment(c *content, s match.Segment, nth int32) {
	if s.Text == "" || len(s.Text) > hugeText {
		return
	}
	if c.masked {
		in.masks(c, s, nth)
	}
	words := wordsOf(s.Text)
	if len(words) == 0 {
		return
	}
	spans := in.own.find(words)
	switch {
	case len(s.Text) <= longText && (len(spans) > 0 || c.solo || in.interest.own[s.Where]):
		s.Where = in.name(s.Where)
		in.interest.own[s.Where] = in.interest.own[s.Where] || c.solo && len(spans) > 0
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
	if c := in.contents[keyOf(s)]; c != nil {
		return c
	}
	return &content{}
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
