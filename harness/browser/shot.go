package browser

import (
	"context"
	"time"

	"github.com/go-rod/rod/lib/proto"
)

// shotLimit is how long a screenshot may take.
const shotLimit = 5 * time.Second

// shoot takes a picture of the page as it is now, before the next step. A
// page that cannot be pictured is evidence enough by its text.
func (s *Session) shoot(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, shotLimit)
	defer cancel()
	var picture proto.PageCaptureScreenshotResult
	err := s.front().call(ctx, proto.PageCaptureScreenshot{Format: proto.PageCaptureScreenshotFormatPng}, &picture)
	if err != nil || len(picture.Data) == 0 {
		return
	}
	s.spec.Sink.Shot(s.spec.Session.ID, picture.Data)
}
