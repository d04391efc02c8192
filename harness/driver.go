package harness

import (
	"context"

	"crosstalk/harness/customer"
	"crosstalk/harness/history"
	"crosstalk/scenarios"
)

// driver opens sessions of one kind of client.
type driver interface {
	// Open begins a session with an empty cookie jar. An error means that we
	// or the machine broke.
	Open(ctx context.Context, s Spec) (client, error)
}

// Spec is what a driver must know of a session.
type Spec = history.SessionSpec

// client performs the steps of one session.
type client interface {
	// Do performs one step within its timeout and pours what the session is
	// shown into the sink. What the shop did wrong is in the outcome; an
	// error means that the session is lost (history.ErrLost) or that we broke.
	Do(ctx context.Context, st scenarios.Step, fields scenarios.Fields) (history.Outcome, error)
	// Close ends the session and records what is still on its way. It never
	// takes longer than a few seconds.
	Close(ctx context.Context) error
}

var _ = customer.Strong
