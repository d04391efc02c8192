package browser

import (
	"context"

	"github.com/go-rod/rod"
)

// flashes are texts that pages showed, or drew, and may have taken away again
// before anybody looked.
type flashes struct{}

// flashOrders has a target tell what its documents show from before their
// first script on.
func (s *Session) flashOrders(t *target) []order { return nil }

// flashed takes what a document told.
func (s *Session) flashed(t *target, m *rod.Message) {}

// recordFlashes pours what was told since the last look into the sink.
func (s *Session) recordFlashes(ctx context.Context) {}
