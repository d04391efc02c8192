package browser

import (
	"context"
	"sync"
	"time"

	"github.com/go-rod/rod"
	"github.com/go-rod/rod/lib/proto"

	"crosstalk/harness/history"
)

// notices keep what boxes, notifications and the console said until the next
// look.
type notices struct {
	mu    sync.Mutex
	texts []history.Segment
}

func (n *notices) add(kind, text string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.texts = append(n.texts, history.Segment{Where: kind, Text: text})
}

func (n *notices) take() []history.Segment {
	n.mu.Lock()
	defer n.mu.Unlock()
	all := n.texts
	n.texts = nil
	return all
}

// noticeOrders has a target tell what it says beside its page.
func (s *Session) noticeOrders(t *target) []order { return nil }

// noticed takes what a target said beside its page.
func (s *Session) noticed(t *target, m *rod.Message) {}

// recordNotices pours what was said since the last look into the sink.
func (s *Session) recordNotices(ctx context.Context) {
	all := s.notices.take()
	if len(all) > 0 && s.sight(history.SurfaceNotice, s.watch.address(), all) {
		s.shoot(ctx)
	}
}

// answerDialog agrees to whatever a box asks: while it is open, the page and
// every question to it stand still.
func (s *Session) answerDialog(t *target, m *rod.Message) {
	var e proto.PageJavascriptDialogOpening
	if t == nil || !load(m, &e) {
		return
	}
	if e.Message != "" {
		s.notices.add(string(e.Type), e.Message)
	}
	s.spawn(5*time.Second, func(ctx context.Context) {
		// The box may be gone already, together with its page.
		_ = t.callOnce(ctx, proto.PageHandleJavaScriptDialog{Accept: true, PromptText: e.DefaultPrompt}, nil)
	})
}
