package browser

import (
	"context"
	_ "embed"
	"time"

	"github.com/go-rod/rod/lib/proto"

	"crosstalk/scenarios"
)

//go:embed act_click.js
var clickPiece string

// struckLimit is how long a page may take to say whether a click has missed. One
// that is being replaced need not answer: then it has not.
const struckLimit = 2 * time.Second

// click waits until the element can be clicked and clicks its middle, with the
// events a real mouse makes. A click that another element would have got,
// because the page moved under the mouse, was given to none and is made again.
func (s *Session) click(ctx context.Context, l scenarios.Locator) error {
	for past := (miss{}); ; {
		at, err := s.locate(ctx, l, want{Point: true, Click: true})
		if err == nil {
			err = s.clickAt(ctx, at)
		}
		switch {
		case err != nil && past.Missed && (at.State == "" || at.State == "ready"):
			return s.explain(ctx, err, l, spot{State: "missed", By: past.By})
		case err != nil:
			return err
		}
		if past = s.struck(ctx); !past.Missed {
			return nil
		}
		if sleep(ctx, lookAgain) != nil {
			return s.explain(ctx, ctx.Err(), l, spot{State: "missed", By: past.By})
		}
	}
}

// miss is what our script says of a click.
type miss struct {
	Missed bool   `json:"missed"`
	By     string `json:"by"` // who would have got it
}

// struck asks whether the last click has missed. It must be known for certain: a
// click that was received may have paid for something, and is never repeated. So
// it is where the element got the press alone and was gone or elsewhere by the
// release: what acts on a press is used up by it.
func (s *Session) struck(ctx context.Context) (m miss) {
	ctx, cancel := context.WithTimeout(ctx, struckLimit)
	defer cancel()
	if s.front().ask(ctx, &m, "struck") != nil {
		return miss{}
	}
	return m
}

// clickAt moves the mouse to a place, presses and releases. None of it is
// repeated.
func (s *Session) clickAt(ctx context.Context, at spot) error {
	down := 1
	move := proto.InputDispatchMouseEvent{Type: proto.InputDispatchMouseEventTypeMouseMoved, X: at.X, Y: at.Y}
	press := proto.InputDispatchMouseEvent{
		Type: proto.InputDispatchMouseEventTypeMousePressed, X: at.X, Y: at.Y, Button: proto.InputMouseButtonLeft, Buttons: &down, ClickCount: 1,
	}
	release := proto.InputDispatchMouseEvent{
		Type: proto.InputDispatchMouseEventTypeMouseReleased, X: at.X, Y: at.Y, Button: proto.InputMouseButtonLeft, ClickCount: 1,
	}
	if err := s.front().callOnce(ctx, move, nil); err != nil && !saysOneOf(err, moved()) {
		return err
	}
	if err := s.pressAndRelease(ctx, press, release); err != nil && !saysOneOf(err, moved()) {
		return err
	}
	return nil
}

// pressAndRelease sends both at once: a page has no time to move between them.
func (s *Session) pressAndRelease(ctx context.Context, press, release proto.InputDispatchMouseEvent) error {
	var released error
	err := s.front().follow(ctx, func(now *target) error {
		sent, err := now.postAll(ctx, []order{orderOf(press), orderOf(release)})
		if err != nil {
			return err
		}
		pressed := now.conn.wait(ctx, sent[0])
		released = now.conn.wait(ctx, sent[1])
		return pressed
	})
	switch {
	case err != nil && !saysOneOf(err, moved()):
		return err
	case isUntold(released): // the press brought another page, which gets the release
		return s.front().callOnce(ctx, release, nil)
	}
	return released
}
