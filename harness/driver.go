package harness

import (
	"context"

	"crosstalk/harness/history"
	"crosstalk/scenarios"
)

// driver opens sessions of one kind of client. An error of Open means that we
// or the machine broke; history.ErrLost in it, that the next try may do.
type driver interface {
	Open(ctx context.Context, s history.SessionSpec) (client, error)
}

// client performs the steps of one session.
type client interface {
	// Do performs one step within its timeout and pours what the session is
	// shown into the sink. What the shop did wrong is in the outcome; an
	// error means that the session is lost (history.ErrLost) or that we broke.
	Do(ctx context.Context, st scenarios.Step, fields scenarios.Fields) (history.Outcome, error)
	// Become says who uses the client from now on, with everything that the
	// last one left in it: what is shown from now on is shown to this customer,
	// and none of it counts as known because the other was shown it before.
	// Requests that are under way still belong to whoever made them.
	Become(customer string)
	// Close ends the session and records what is still on its way. It never
	// takes longer than a few seconds.
	Close(ctx context.Context) error
}

// opener makes a driver of a package's own Open, whose session type it keeps.
type opener[C client] func(ctx context.Context, s history.SessionSpec) (C, error)

func (o opener[C]) Open(ctx context.Context, s history.SessionSpec) (client, error) {
	c, err := o(ctx, s)
	if err != nil {
		return nil, err // not c: a nil *Session is not a nil client
	}
	return c, nil
}
