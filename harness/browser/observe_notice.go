package browser

import (
	"cmp"
	"context"
	"time"

	"github.com/go-rod/rod"
	"github.com/go-rod/rod/lib/proto"

	"crosstalk/harness/history"
)

// notices are what boxes, notifications and the console said since the last
// look.
type notices struct{ told }

// noticeOrders has a target tell what it says beside its page.
func (s *Session) noticeOrders(*target) []order {
	return []order{orderOf(proto.RuntimeEnable{}), orderOf(proto.LogEnable{})}
}

// recordNotices pours what was said since the last look into the sink.
func (s *Session) recordNotices(ctx context.Context) {
	s.recordTold(ctx, &s.notices.told)
	s.hearAgain(ctx)
}

// answerDialog agrees to whatever a box asks: while it is open, the page and
// every question to it stand still.
func (s *Session) answerDialog(t *target, m *rod.Message) {
	var e proto.PageJavascriptDialogOpening
	if t == nil || !load(m, &e) {
		return
	}
	text := e.Message
	if e.Type == proto.PageDialogTypeBeforeunload {
		text = cmp.Or(text, string(e.Type)) // the browser asks in its own words
	}
	s.notices.add(s.inFrame(t, ""), history.SurfaceNotice, e.URL, string(e.Type), text)
	s.notices.add(s.inFrame(t, ""), history.SurfaceNotice, e.URL, string(e.Type), e.DefaultPrompt)
	s.spawn(5*time.Second, func(ctx context.Context) {
		// The box may be gone already, together with its page.
		_ = t.callOnce(ctx, proto.PageHandleJavaScriptDialog{Accept: true, PromptText: e.DefaultPrompt}, nil)
	})
}
