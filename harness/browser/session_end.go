package browser

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/go-rod/rod/lib/proto"

	"crosstalk/harness/history"
)

const (
	// disposeLimit is how long a browser may take to end one context: hundreds
	// of frames, or a flood of requests, take their time.
	disposeLimit = 30 * time.Second
	// mostOverdue is how many contexts may be ending in the background before a
	// new session waits for one of them, for overduePatience at most.
	mostOverdue     = 2
	overduePatience = 5 * time.Second
)

// dispose ends a session's context and removes its files. It waits for that
// until ctx ends; then the driver goes on with it by itself, and there is
// nothing to say against the session.
func (d *Driver) dispose(ctx context.Context, id proto.BrowserBrowserContextID, folder string) error {
	done := make(chan error)
	d.tasks.Add(1)
	go func() {
		defer d.tasks.Done()
		err := d.disposeNow(id, folder)
		select {
		case done <- err:
		case <-ctx.Done():
			d.overdue.Add(-1)
		}
	}()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		d.overdue.Add(1)
		return nil
	}
}

func (d *Driver) disposeNow(id proto.BrowserBrowserContextID, folder string) error {
	ctx, cancel := context.WithTimeout(d.ctx, disposeLimit)
	defer cancel()
	var err error
	if id != "" {
		err = d.browser.DisposeContext(ctx, id)
	}
	if errors.Is(err, history.ErrLost) {
		err = nil // with the browser, the context is gone too
	}
	// Not before the context is gone: a download would write there.
	if removeErr := os.RemoveAll(folder); removeErr != nil {
		return errors.Join(err, fmt.Errorf("remove the session's files: %w", removeErr))
	}
	return err
}

// giveRoom waits for contexts that are ending while there are too many of
// them: what they still do must not fall upon the next session.
func (d *Driver) giveRoom(ctx context.Context) {
	limit := time.Now().Add(overduePatience)
	for d.overdue.Load() > mostOverdue && time.Now().Before(limit) {
		if sleep(ctx, 20*time.Millisecond) != nil {
			return
		}
	}
}
