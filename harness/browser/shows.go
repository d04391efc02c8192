package browser

import (
	"cmp"
	"context"
	"errors"
	"regexp"
	"strings"

	"crosstalk/harness/customer"
	"crosstalk/harness/history"
	"crosstalk/harness/match"
	"crosstalk/scenarios"
)

// shows waits until the page shows every one of the session's own values. It
// is the proof that this session is signed in as itself.
func (s *Session) shows(ctx context.Context, st scenarios.Step, f scenarios.Fields, out *history.Outcome) error {
	var last *pageView // a page that is busy when the time is up has been read before
	var missing []string
	for {
		v, err := s.view(ctx)
		if stop := s.stopLooking(ctx, err); stop != nil && !errors.Is(stop, context.DeadlineExceeded) {
			return stop
		}
		if v != nil {
			last, s.shown = v, v
			if missing, err = s.missing(v, st.Fields, f); err != nil {
				return err
			}
			if len(missing) == 0 {
				out.SignedIn = true
				return nil
			}
		}
		if sleep(ctx, lookAgain) != nil {
			return s.notShown(last, missing)
		}
	}
}

func (s *Session) notShown(v *pageView, missing []string) error {
	if v == nil {
		return fail("shows: the page did not answer")
	}
	return fail("%s: not on the page at %s", strings.Join(missing, ", "), v.URL)
}

// missing names the values that the page does not show.
func (s *Session) missing(v *pageView, kinds []customer.Kind, f scenarios.Fields) ([]string, error) {
	page := newShownText(v)
	var missing []string
	for _, k := range kinds {
		value, err := f.Value(string(k))
		if err != nil {
			return nil, fail("%v", err)
		}
		if k == customer.Avatar {
			// Without observation no picture's bytes are known.
			if s.watches(partBodies) && !s.watch.showed(customer.AvatarHash([]byte(value))) {
				missing = append(missing, string(k))
			}
			continue
		}
		if !page.has(k, value) {
			missing = append(missing, string(k))
		}
	}
	return missing, nil
}

// splitKey is how long a folded value must be, in bytes, to be found split
// over elements side by side.
const splitKey = 8

// shownText is a page's text, folded for comparing.
type shownText struct {
	pieces []string
	whole  string
	digits []string
}

func newShownText(v *pageView) shownText {
	var t shownText
	var whole strings.Builder
	for _, list := range [][]history.Segment{v.Texts, v.Fields} {
		for _, seg := range list {
			key := match.Key(seg.Text)
			t.pieces = append(t.pieces, key)
			whole.WriteString(key)
			t.digits = append(t.digits, match.Digits(seg.Text))
		}
	}
	t.whole = whole.String()
	return t
}

// has reports whether a value is shown, however it is spelled. Pieces are
// tried first: a short value must not be put together of others, a long one may be split over them.
func (t shownText) has(kind customer.Kind, value string) bool {
	key := match.Key(value)
	if key == "" {
		return false
	}
	if kind == customer.Phone {
		return t.hasNumber(match.Digits(value))
	}
	for _, p := range t.pieces {
		if strings.Contains(p, key) {
			return true
		}
	}
	return len(key) >= splitKey && strings.Contains(t.whole, key)
}

// hasNumber finds a phone number in national or international form.
func (t shownText) hasNumber(digits string) bool {
	national := strings.TrimLeft(digits, "0")
	for _, d := range t.digits {
		if national != "" && strings.Contains(d, national) {
			return true
		}
	}
	return false
}

// remember reads values off the page for later steps and for the judge.
func (s *Session) remember(ctx context.Context, st scenarios.Step, f scenarios.Fields, out *history.Outcome) error {
	for _, m := range st.Remember {
		if m.From == nil {
			return fail("a browser remembers from an element of the page: %s has none", m.Kind)
		}
		l, err := f.Locator(*m.From)
		if err != nil {
			return fail("%v", err)
		}
		learned, err := s.readValue(ctx, m, l)
		if err != nil {
			return err
		}
		out.Learned = append(out.Learned, learned)
	}
	return nil
}

// readValue waits until the element is there and holds what is wanted.
func (s *Session) readValue(ctx context.Context, m scenarios.Memory, l scenarios.Locator) (history.LearnedValue, error) {
	for {
		at, err := s.locate(ctx, l, want{})
		if err != nil {
			return history.LearnedValue{}, err
		}
		var text string
		if err := s.front().ask(ctx, &text, "value"); err != nil {
			return history.LearnedValue{}, err
		}
		value, err := matched(strings.TrimSpace(text), m.Match)
		if err != nil {
			return history.LearnedValue{}, err
		}
		if value != "" {
			place := history.PlaceOf("GET", cmp.Or(at.At, s.watch.address()), s.targetHost)
			return history.LearnedValue{Kind: string(m.Kind), Value: value, Place: place, Where: at.Where, Marker: !m.Hold}, nil
		}
		if sleep(ctx, lookAgain) != nil {
			return history.LearnedValue{}, fail("%s holds no %s but %.80q", l, m.Kind, text)
		}
	}
}

// matched is the first group of the expression in text, all of its match
// where it has no group, or the text itself where there is no expression.
func matched(text, expression string) (string, error) {
	if expression == "" {
		return strings.Join(strings.Fields(text), " "), nil
	}
	re, err := regexp.Compile(expression)
	if err != nil {
		return "", fail("the expression %q is wrong: %v", expression, err)
	}
	groups := re.FindStringSubmatch(text)
	switch len(groups) {
	case 0:
		return "", nil
	case 1:
		return groups[0], nil
	}
	return groups[1], nil
}
