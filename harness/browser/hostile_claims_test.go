package browser

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"crosstalk/harness/history"
)

// claim is something that the history of a visit must say.
type claim = func(t *testing.T, r *record)

// all are several claims.
func all(claims ...claim) claim {
	return func(t *testing.T, r *record) {
		t.Helper()
		for _, c := range claims {
			c(t, r)
		}
	}
}

// texts is everything that was shown on a surface.
func (r *record) texts(surface history.Surface) string {
	var all strings.Builder
	for _, s := range r.on(surface) {
		all.WriteString(s.text)
	}
	return all.String()
}

// unseens are the reasons for which something on a surface was not seen.
func (r *record) unseens(surface history.Surface) string {
	var all []string
	for _, s := range r.on(surface) {
		if s.Body.Unseen != "" {
			all = append(all, string(s.Place)+": "+s.Body.Unseen)
		}
	}
	return strings.Join(all, "\n")
}

// shows demands that a text was seen on a surface.
func shows(surface history.Surface, text string) claim {
	return func(t *testing.T, r *record) {
		t.Helper()
		assert.Contains(t, beginning(r.texts(surface), text), text)
	}
}

// beginning is a short text to print where it does not hold what is looked for.
func beginning(all, text string) string {
	if len(all) > 2000 && !strings.Contains(all, text) {
		return all[:2000]
	}
	return all
}

// showsText demands that the page was seen.
func showsText(text string) claim { return shows(history.SurfacePage, text) }

// lacks demands that something on a surface is said to be unseen, and why.
func lacks(surface history.Surface, reason string) claim {
	return func(t *testing.T, r *record) {
		t.Helper()
		assert.Contains(t, r.unseens(surface), reason)
	}
}

// either demands one of two: that the page was seen, or that it is said that
// it was not. Which one depends on how fast the machine is.
func either(text, reason string) claim {
	return func(t *testing.T, r *record) {
		t.Helper()
		if !strings.Contains(r.texts(history.SurfacePage), text) {
			lacks(history.SurfacePage, reason)(t, r)
		}
	}
}

// nothingUnseen demands that a surface was seen whole.
func nothingUnseen(surface history.Surface) claim {
	return func(t *testing.T, r *record) {
		t.Helper()
		assert.Empty(t, r.unseens(surface))
	}
}

// answers demands something of the last exchange of a path.
func answers(path string, check func(t *testing.T, x seenExchange)) claim {
	return func(t *testing.T, r *record) {
		t.Helper()
		check(t, r.exchange(t, path))
	}
}

// answersUnseenTooLarge demands that an answer is said to be unseen for its
// size, or, on a machine so slow that it did not grow beyond the bound before
// the session ended, for that end.
func answersUnseenTooLarge(path string) claim {
	return answers(path, func(t *testing.T, x seenExchange) {
		t.Helper()
		why := x.Body.Unseen
		assert.True(t, strings.Contains(why, "MB") || why == history.UnseenCancelled, "%q, %d bytes of it", why, len(x.response))
	})
}

// holds demands a text in an answer.
func holds(path, text string) claim {
	return answers(path, func(t *testing.T, x seenExchange) {
		t.Helper()
		assert.Contains(t, beginning(x.response, text), text)
	})
}

// someAnswer demands that some exchange says that it was not seen, and why.
func someAnswer(reason string) claim {
	return func(t *testing.T, r *record) {
		t.Helper()
		r.mu.Lock()
		defer r.mu.Unlock()
		for _, x := range r.exchanges {
			if strings.Contains(x.Body.Unseen, reason) {
				return
			}
		}
		t.Errorf("none of %d exchanges is unseen because of %q", len(r.exchanges), reason)
	}
}

// piecesOf demands that so many different texts with a beginning were seen.
func piecesOf(surface history.Surface, text string, most int) claim {
	return func(t *testing.T, r *record) {
		t.Helper()
		assert.GreaterOrEqual(t, strings.Count(r.texts(surface), text), most)
	}
}
