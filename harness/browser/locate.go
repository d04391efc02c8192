package browser

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"strings"
	"time"

	"crosstalk/harness/history"
	"crosstalk/scenarios"
)

//go:embed observe_path.js
var pathPiece string

//go:embed locate_names.js
var namesPiece string

//go:embed locate.js
var locatePiece string

//go:embed observe_page.js
var pagePiece string

//go:embed act.js
var actPiece string

// locateScript finds elements, says whether they can be acted on, acts on
// them, and reads the page. Its value is an object of functions.
func locateScript() string {
	return "(() => { \"use strict\";\n" + pathPiece + namesPiece + locatePiece + pagePiece + clickPiece + actPiece + "return api;\n})()"
}

// lookAgain is the pause between two looks for an element.
const lookAgain = 60 * time.Millisecond

// failure is what the shop did wrong: the step failed, nothing of ours broke.
type failure struct{ text string }

func (f *failure) Error() string { return f.text }

func fail(format string, args ...any) error { return &failure{fmt.Sprintf(format, args...)} }

// want says what an element must be fit for.
type want struct {
	Edit   bool `json:"edit"`   // text can be typed into it
	Point  bool `json:"point"`  // it can be clicked: stable, and nothing covers it
	Click  bool `json:"click"`  // with Point: it is clicked next, and struck is asked of it
	Hidden bool `json:"hidden"` // a hidden one will do, as for file inputs
}

// spot is what our script says about a locator's element.
type spot struct {
	State    string   `json:"state"` // "ready", or why not yet
	All      int      `json:"all"`
	Matches  []string `json:"matches"`
	Similar  []string `json:"similar"`
	What     string   `json:"what"`
	By       string   `json:"by"`
	Tag      string   `json:"tag"`
	Type     string   `json:"type"`
	Where    string   `json:"where"`
	At       string   `json:"at"` // the address at which it stands; empty for none
	Editable bool     `json:"editable"`
	X        float64  `json:"x"`
	Y        float64  `json:"y"`
}

// locate waits until the locator's one element is fit for what is wanted. Its
// failure says what was looked for and what was found instead.
func (s *Session) locate(ctx context.Context, l scenarios.Locator, w want) (spot, error) {
	return s.waitSpot(ctx, l, "ready", l, w)
}

// seen waits until any visible element fits the locator.
func (s *Session) seen(ctx context.Context, l scenarios.Locator) (spot, error) {
	return s.waitSpot(ctx, l, "seen", l)
}

func (s *Session) waitSpot(ctx context.Context, l scenarios.Locator, function string, args ...any) (spot, error) {
	var last spot
	for {
		var found spot
		err := s.front().ask(ctx, &found, function, args...)
		if err == nil {
			last = found
		}
		if err == nil && found.State == "ready" {
			return found, nil
		}
		if stop := s.stopLooking(ctx, err); stop != nil {
			return last, s.explain(ctx, stop, l, last)
		}
		if sleep(ctx, lookAgain) != nil {
			return last, s.explain(ctx, ctx.Err(), l, last)
		}
	}
}

// stopLooking answers the error that ends a wait. A script that fails once
// may succeed in the next document, but a locator that is wrong stays wrong.
func (s *Session) stopLooking(ctx context.Context, err error) error {
	var thrown *scriptError
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err == nil, saysOneOf(err, moved()):
		return nil
	case errors.As(err, &thrown):
		if strings.Contains(thrown.text, "SyntaxError") {
			return fail("the locator is wrong: %s", thrown.text)
		}
		return nil
	}
	return err
}

// explain turns a wait that ended by its deadline into a failure for people.
func (s *Session) explain(ctx context.Context, err error, l scenarios.Locator, last spot) error {
	if errors.Is(err, history.ErrLost) || !errors.Is(context.Cause(ctx), errStepTimeout) {
		return err
	}
	return fail("%s", last.explain(l))
}

// explain says why an element could not be used, as one line.
func (f spot) explain(l scenarios.Locator) string {
	switch f.State {
	case "none":
		if len(f.Similar) > 0 {
			return fmt.Sprintf("no %s on the page; did you mean %s?", l, quoteAll(f.Similar))
		}
		return fmt.Sprintf("no %s on the page", l)
	case "hidden":
		return fmt.Sprintf("%s is on the page but not visible", l)
	case "many":
		return fmt.Sprintf("%s fits %d elements: %s; say which with nth", l, f.All, strings.Join(f.Matches, ", "))
	case "few":
		return fmt.Sprintf("%s: only %d elements fit", l, f.All)
	case "covered":
		return fmt.Sprintf("%s is covered by %s", l, f.By)
	case "missed":
		return fmt.Sprintf("%s moved away whenever it was clicked: %s was in its place", l, f.By)
	case "":
		return fmt.Sprintf("the page did not answer while looking for %s", l)
	}
	return fmt.Sprintf("%s is %s", l, strings.ReplaceAll(f.State, "-", " "))
}

func quoteAll(names []string) string {
	quoted := make([]string, len(names))
	for i, n := range names {
		quoted[i] = fmt.Sprintf("%q", n)
	}
	return strings.Join(quoted, " or ")
}
