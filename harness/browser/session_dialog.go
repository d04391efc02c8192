package browser

import (
	"context"
	"sync"
	"time"

	"github.com/go-rod/rod"
	"github.com/go-rod/rod/lib/proto"

	"crosstalk/harness/history"
)

// dialogs keeps what alert and confirm boxes said until the next look at the
// page: a box is part of what the page shows.
type dialogs struct {
	mu    sync.Mutex
	texts []history.Segment
}

func (d *dialogs) add(kind, text string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.texts = append(d.texts, history.Segment{Where: kind, Text: text})
}

func (d *dialogs) take() []history.Segment {
	d.mu.Lock()
	defer d.mu.Unlock()
	all := d.texts
	d.texts = nil
	return all
}

// answerDialog agrees to whatever a box asks: while it is open, the page and
// every question to it stand still.
func (s *Session) answerDialog(t *target, m *rod.Message) {
	var e proto.PageJavascriptDialogOpening
	if t == nil || !load(m, &e) {
		return
	}
	if e.Message != "" {
		s.dialogs.add(string(e.Type), e.Message)
	}
	s.spawn(5*time.Second, func(ctx context.Context) {
		// The box may be gone already, together with its page.
		_ = t.callOnce(ctx, proto.PageHandleJavaScriptDialog{Accept: true, PromptText: e.DefaultPrompt}, nil)
	})
}
