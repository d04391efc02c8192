package leak

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"crosstalk/harness/history"
	"crosstalk/harness/match"
)

// inspection is what was found in the bodies. Each distinct body is read,
// parsed and searched once, and again only when a long run had let go of it;
// what depends on the viewer is decided later.
type inspection struct {
	rec      *record
	own      *owners
	history  History
	bodies   int               // distinct ones
	room     int               // how many bodies' contents are at hand at most
	loaded   []*body           // they are these, in the order of loading
	err      error             // why a body could not be read again
	names    map[string]string // of places within bodies, each once
	fits     map[string]*fit   // by the text of a mask
	masked   *maskedValues     // made when the first mask is met
	missing  int               // bodies that the history does not have any more
	interest interest
	rare     map[*exchange][]candidate // of header lines
}

// body is the bytes of one or many records, by their hash, and what is known
// of them.
type body struct {
	history.Body
	content *content // nil when it was not read, or was let go
	closed  string   // why something encoded in it was not decoded; "" when all was
	tokens  []minting
	remarks remarks

	shown  bool // to a session: else it is a request's alone
	solo   bool // solo was shown it
	masked bool // it was shown where masks are looked for
	jar    bool // it is a cookie jar
	read   bool
	taken  bool // what stays of it was kept
	gone   bool // it is not in the store
}

// candidate is a value that could be a credential.
type candidate struct{ where, value string }

func inspect(ctx context.Context, h History, rec *record, own *owners, room int) (*inspection, error) {
	in := &inspection{
		rec: rec, own: own, history: h, room: room, names: map[string]string{}, fits: map[string]*fit{},
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
			if err := in.read(s, solo); err != nil {
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

// expect notes what will be asked of a body by those who were shown it.
func (in *inspection) expect(s *sighting) {
	b := s.body
	if b.Hash == "" {
		return
	}
	if !b.shown {
		b.shown = true
		in.bodies++
	}
	b.solo = b.solo || s.session.solo()
	b.masked = b.masked || showsMasks(s)
	b.jar = b.jar || s.surface == history.SurfaceCookie
}

// read reads a body when it is first met; those that solo was shown, or the
// others.
func (in *inspection) read(s *sighting, solo bool) error {
	b := s.body
	if !b.shown || b.solo != solo {
		return nil
	}
	if !b.read {
		b.read = true
		if err := in.open(b); err != nil {
			return fmt.Errorf("read what %s shows: %w", s.id, err)
		}
	}
	if b.closed != "" {
		in.rec.unseen[notDecoded+b.closed]++
	}
	return nil
}

// mostLoaded is how many bodies' contents are at hand: those of a smoke run many
// times over. A longer one reads a body again when it is asked for after
// that many others, so that memory grows with what was recorded of it and not
// with what was in it.
const mostLoaded = 20_000

func (in *inspection) open(b *body) error {
	b.content = &content{}
	if in.loaded = append(in.loaded, b); len(in.loaded) > in.room {
		in.loaded[0].content = nil
		in.loaded = in.loaded[1:]
	}
	bytes, err := in.history.Body(b.Hash)
	if errors.Is(err, history.ErrNoBody) {
		if !b.gone {
			b.gone = true
			in.missing++
		}
		return nil
	}
	if err != nil {
		return err
	}
	in.search(b, bytes)
	if b.jar {
		b.content.jar = readJar(bytes)
	}
	return nil
}

// search keeps of a body what matters: what it holds of anybody, where.
func (in *inspection) search(b *body, bytes []byte) {
	again := b.taken // tokens and remarks stay when the rest is let go
	b.taken = true
	c, mediaType := b.content, b.Type
	var pictures []hit
	avatarsIn(in.own.avatars, bytes, func(id int, decoded []string) { pictures = append(pictures, hit{marker: id, decoded: decoded}) })
	if pixels(mediaType, bytes) {
		c.hits = pictures
		return
	}
	reading := match.Read(mediaType, bytes)
	found := in.own.sorted(in.own.index.Find(reading), func(from, to int) string { return string(bytes[from:to]) })
	c.hits, c.weak, c.parts = append(in.placed(found.strong), pictures...), in.placed(found.weak), in.placed(found.parts)
	c.cookies = in.placed(in.own.loose.find(reading))
	b.closed = closedOf(reading.Unopened())
	before, mints := match.Segment{}, mintReader{}
	for i, s := range reading.Segments() {
		in.segment(b, s, int32(i)) //nolint:gosec // far fewer
		if again {
			continue
		}
		in.remark(b, before, s, b.solo)
		before = s
		if v, ok := mints.read(mediaType, s); ok {
			b.tokens = append(b.tokens, v)
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
