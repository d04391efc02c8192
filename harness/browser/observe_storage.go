package browser

import (
	"context"

	"github.com/go-rod/rod"
)

// storage is what a session's documents keep in the client.
type storage struct{}

// storageOrders has a target tell what is kept.
func (s *Session) storageOrders(t *target) []order { return nil }

// stored takes the news that something is kept, or no longer.
func (s *Session) stored(t *target, m *rod.Message) {}

// recordStorage pours what is kept into the sink, where it has changed.
func (s *Session) recordStorage(ctx context.Context) {}
