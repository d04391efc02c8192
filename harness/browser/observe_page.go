package browser

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"crosstalk/harness/history"
)

const (
	// lookLimit is how long reading a rendered page may take.
	lookLimit = 3 * time.Second
	// mostElements and mostText, in UTF-16 units, are how large a document may
	// be for a snapshot. Of a larger one our script reads the beginning.
	mostElements = 60_000
	mostText     = 4_000_000
)

// pageView is a rendered page as our script reads it.
type pageView struct {
	URL    string            `json:"url"`
	Title  string            `json:"title"`
	Texts  []history.Segment `json:"texts"`
	Fields []history.Segment `json:"fields"`
}

// view reads the rendered page by script, as steps do that wait for something.
func (s *Session) view(ctx context.Context) (*pageView, error) { return s.front().view(ctx, false) }

// view reads the target's page; sure says that it will be recorded.
func (t *target) view(ctx context.Context, sure bool) (*pageView, error) {
	var v pageView
	if err := t.ask(ctx, &v, "page", sure); err != nil {
		return nil, err
	}
	return &v, nil
}

// bulk is how much a target's documents hold.
type bulk struct {
	Elements int  `json:"elements"`
	Text     int  `json:"text"`
	Watched  bool `json:"watched"` // something waits to be told that the documents were read
}

func (b bulk) tooLarge() bool { return b.Elements > mostElements || b.Text > mostText }

// looked is what was seen of one target.
type looked struct {
	target    *target
	documents []shownDocument
	unseen    string // why there are none, or not all
}

// lookAt reads what a target shows. A page that hangs is freed once, other
// pages and frames are given less time and are left alone.
func (s *Session) lookAt(ctx context.Context, t *target) looked {
	tries, limit := 1, t.patience()
	if t == s.front() {
		tries, limit = 2, lookLimit
	}
	begun := false // there was too much of the page for the try before
	for try := 1; ; try++ {
		l, err := s.tried(ctx, t, limit, try < tries, begun)
		if begun = l.target != nil; err == nil {
			t.hung.Store(false)
			return l
		}
		if try == tries || !errors.Is(err, context.DeadlineExceeded) {
			t.hung.Store(errors.Is(err, context.DeadlineExceeded))
			return looked{target: t, unseen: s.whyNot(ctx, t, err)}
		}
		t.interrupt(ctx)
	}
}

// tried looks once: in haste, at the beginning alone. Its answer names the
// target, even beside an error, when the target has answered at all.
func (s *Session) tried(ctx context.Context, t *target, limit time.Duration, again, hasty bool) (looked, error) {
	if again { // another try must have time too
		var cancel context.CancelFunc
		ctx, cancel = most(ctx)
		defer cancel()
	}
	if hasty {
		ctx, cancel := context.WithTimeout(ctx, limit)
		defer cancel()
		return t.glance(ctx, "the page did not answer in time")
	}
	return s.bounded(ctx, t, limit)
}

func (s *Session) bounded(ctx context.Context, t *target, limit time.Duration) (looked, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	stop := context.AfterFunc(s.ctx, cancel) //nolint:contextcheck // the session may end before the step
	defer stop()
	var size bulk
	var thrown *scriptError // a document of another kind than our script is made for
	if err := t.ask(ctx, &size, "bulk"); err != nil && !errors.As(err, &thrown) {
		return looked{}, err
	}
	if size.tooLarge() {
		return t.glance(ctx, fmt.Sprintf("the page has %d elements and %d letters", size.Elements, size.Text))
	}
	l, err := t.read(ctx, s.watches(partMarkup))
	if err == nil && size.Watched {
		_ = t.ask(ctx, nil, "confirmed") // a document that is gone by now need not know
	}
	return l, err
}

// glance reads the beginning of documents that cannot be read whole.
func (t *target) glance(ctx context.Context, why string) (looked, error) {
	v, err := t.view(ctx, true)
	if err != nil {
		return looked{target: t}, err
	}
	return looked{target: t, documents: []shownDocument{v.document(string(t.frame()), "cut off: "+why)}}, nil
}

// document is a view as the only document of its target.
func (v *pageView) document(frame, cut string) shownDocument {
	return shownDocument{url: v.URL, frame: frame, texts: v.Texts, fields: v.Fields, within: -1, cut: cut}
}

// read reads a target's documents whole, with their markup where it is wanted.
func (t *target) read(ctx context.Context, markup bool) (looked, error) {
	taken, err := t.capture(ctx)
	if err != nil {
		return looked{target: t}, err
	}
	l := looked{target: t, documents: taken.documents()}
	if len(l.documents) > mostFrames {
		l.documents = l.documents[:mostFrames]
		l.unseen = tooManyFrames()
	}
	for i := 0; markup && i < len(l.documents); i++ {
		l.documents[i].markup = t.markup(ctx, l.documents[i].root)
		l.documents[i].hidden = l.documents[i].markup == "" && ctx.Err() != nil
	}
	return l, nil
}

// whyNot is why a target could not be read; empty when there is nothing left
// to be read: it is gone, and what it showed last was seen by the look before.
func (s *Session) whyNot(ctx context.Context, t *target, err error) string {
	switch {
	case s.loss() != nil || s.ctx.Err() != nil || s.target(t.channel) == nil: //nolint:contextcheck // the session may end before the step
		return ""
	case errors.Is(ctx.Err(), context.Canceled):
		return history.UnseenAborted
	case errors.Is(err, context.DeadlineExceeded):
		return "the page did not answer in time"
	case errors.Is(err, history.ErrLost):
		return ""
	case saysOneOf(err, moved()):
		return "the page was being replaced again and again while it was read"
	}
	return "the page could not be read: " + rootText(err)
}

// takeView answers the view that a `shows` step has just read, once.
func (s *Session) takeView() *pageView {
	v := s.shown
	s.shown = nil
	return v
}

// sight pours segments into the sink and passes on whether it saw somebody
// else's marker among them.
func (s *Session) sight(surface history.Surface, address string, all []history.Segment) bool {
	return s.sightIn("", surface, address, all)
}

// sightIn is sight for what stands in one of the session's frames.
func (s *Session) sightIn(frame string, surface history.Surface, address string, all []history.Segment) bool {
	sighting := s.sighting(surface, address)
	sighting.Frame = frame
	return s.pour(sighting, all)
}

// sightFlash is sightIn for what a page told on its own, between two looks.
func (s *Session) sightFlash(frame string, at *toldPage) bool {
	sighting := s.sighting(at.surface, at.address)
	sighting.Frame, sighting.Flash = frame, true
	sighting.Viewer = cmp.Or(at.viewer, sighting.Viewer)
	return s.pour(sighting, at.texts)
}

func (s *Session) pour(sighting history.Sighting, all []history.Segment) bool {
	if all == nil {
		all = []history.Segment{}
	}
	var content bytes.Buffer
	e := json.NewEncoder(&content)
	e.SetEscapeHTML(false) // what is shown is searched as it stands
	if err := e.Encode(all); err != nil {
		return false // segments are strings: they always encode
	}
	sighting.Body.Type = history.SegmentsType
	return s.spec.Sink.Sighting(sighting, content.Bytes())
}

func (s *Session) sighting(surface history.Surface, address string) history.Sighting {
	return history.Sighting{
		Session: s.spec.Session.ID, Viewer: s.turns.now(), Step: s.watch.step(),
		Surface: surface, URL: address, Place: history.PlaceOf("GET", address, s.targetHost),
	}
}

// unseen records that something was shown that could not be had, and why.
func (s *Session) unseen(frame string, surface history.Surface, address, reason string) {
	s.unseenBy("", frame, surface, address, reason)
}

// unseenBy is unseen for one who may use the session no more; "" for who uses it.
func (s *Session) unseenBy(viewer, frame string, surface history.Surface, address, reason string) {
	sighting := s.sighting(surface, address)
	sighting.Frame, sighting.Viewer = frame, cmp.Or(viewer, sighting.Viewer)
	sighting.Body = history.Body{Type: history.SegmentsType, Unseen: reason}
	s.spec.Sink.Sighting(sighting, nil)
}
