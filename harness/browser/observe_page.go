package browser

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"crosstalk/harness/history"
)

// lookLimit is how long reading a rendered page may take.
const lookLimit = 3 * time.Second

// pageView is a rendered page as our script reads it.
type pageView struct {
	URL    string            `json:"url"`
	Title  string            `json:"title"`
	Texts  []history.Segment `json:"texts"`
	Fields []history.Segment `json:"fields"`
	Turn   int               `json:"turn"` // of what watches the page, when this was read; 0: not watched, or cut off
}

// view reads the rendered page; sure says that it will be recorded.
func (s *Session) view(ctx context.Context, sure bool) (*pageView, error) {
	var v pageView
	if err := s.main.ask(ctx, &v, "page", sure); err != nil {
		return nil, err
	}
	return &v, nil
}

// recordPages pours what the session's page shows into the sink. A page that
// hangs is freed once; if it still does not answer, nothing was rendered that
// could be read.
func (s *Session) recordPages(ctx context.Context) {
	v := s.takeView()
	if v == nil {
		v = s.lookOnce(ctx)
	}
	if v != nil {
		s.recordView(ctx, v)
	}
}

func (s *Session) lookOnce(ctx context.Context) *pageView {
	for try := 0; try < 2; try++ {
		v, err := s.bounded(ctx)
		if err == nil {
			return v
		}
		if !errors.Is(err, context.DeadlineExceeded) {
			return nil
		}
		s.main.interrupt(ctx)
	}
	return nil
}

func (s *Session) bounded(ctx context.Context) (*pageView, error) {
	ctx, cancel := context.WithTimeout(ctx, lookLimit)
	defer cancel()
	stop := context.AfterFunc(s.ctx, cancel) //nolint:contextcheck // the session may end before the step
	defer stop()
	return s.view(ctx, true)
}

// takeView answers the view that a `shows` step has just read, once.
func (s *Session) takeView() *pageView {
	v := s.shown
	s.shown = nil
	return v
}

// recordView pours a view into the sink. The browser's own pages, such as
// the one that says a site can't be reached, are nothing the shop showed.
func (s *Session) recordView(ctx context.Context, v *pageView) {
	if !strings.HasPrefix(v.URL, "http") {
		return
	}
	foreign := s.sight(history.SurfacePage, v.URL, v.Texts)
	if len(v.Fields) > 0 && s.sight(history.SurfaceField, v.URL, v.Fields) {
		foreign = true
	}
	if foreign {
		s.shoot(ctx)
	}
}

// sight pours segments into the sink and passes on whether it saw somebody
// else's marker among them.
func (s *Session) sight(surface history.Surface, address string, all []history.Segment) bool {
	if all == nil {
		all = []history.Segment{}
	}
	var content bytes.Buffer
	e := json.NewEncoder(&content)
	e.SetEscapeHTML(false) // what is shown is searched as it stands
	if err := e.Encode(all); err != nil {
		return false // segments are strings: they always encode
	}
	sighting := s.sighting(surface, address)
	sighting.Body.Type = history.SegmentsType
	return s.spec.Sink.Sighting(sighting, content.Bytes())
}

func (s *Session) sighting(surface history.Surface, address string) history.Sighting {
	return history.Sighting{
		Session: s.spec.Session.ID, Viewer: s.spec.Session.Customer, Step: s.watch.step(),
		Surface: surface, URL: address, Place: history.PlaceOf("GET", address, s.targetHost),
	}
}
