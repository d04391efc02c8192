package history

import (
	"context"
	"errors"
)

// ErrLost is in the error of a driver whose session cannot go on: its tab or
// browser died, or does not answer. The run goes on without it.
var ErrLost = errors.New("session lost")

// Causes with which a schedule ends the context of a step. What such a step was
// shown counts as any other; what it was not shown was cut by plan.
var (
	// ErrStopped ends a step as a person does who presses stop: the session
	// goes on, with the connections it has.
	ErrStopped = errors.New("stopped by plan")
	// ErrLeft ends a step as a person does who closes the tab, or the app: the
	// session's page and connections are gone at once, and only Close follows.
	ErrLeft = errors.New("left by plan")
)

// Hold is called with a request to the target that is ready to be sent and of
// which no byte is on its way yet: a document, or data that a page or an app
// asks for. It returns when the request may go: at once, or when those of other
// sessions are there too, or when ctx ends. It is called from any goroutine,
// never twice for one request, and reports whether the request was held.
type Hold func(ctx context.Context, step int, place Place) (held bool)

// SessionSpec is what a driver must know of a session it opens.
type SessionSpec struct {
	Session Session
	Target  string // base address of the shop: scheme, host, port
	// Language is what the client asks for, a BCP 47 tag such as "de-DE": that of
	// the customer who uses it first. Empty: the client's own.
	Language string
	Sink     Sink
	// Allowed says whether a host may be navigated to or posted to. It never
	// concerns third-party subresources.
	Allowed func(host string) bool
	// Hold, when set, is asked for each request before it is sent.
	Hold Hold
	// Observe is false only for measuring what observation costs.
	Observe bool
	// Without names a part of observation that is left out, only for measuring
	// what it costs; empty: none.
	Without string
}

// Sink takes what sessions are shown. Its methods may be called from any
// goroutine and copy what they keep. It fills in IDs where they are empty,
// hashes bodies and sets Body.Hash and Body.Size from the content given.
type Sink interface {
	// Now is the run's clock.
	Now() Moment
	// Exchange records an ended exchange with its request and response bodies
	// (nil where there are none, or unseen).
	Exchange(x Exchange, request, response []byte)
	// Sighting records what was shown. It answers true when a planted marker
	// of another customer is in it: a driver that can then takes a picture of
	// the page, before the next step, and hands it to Shot.
	Sighting(s Sighting, content []byte) (foreign bool)
	// Shot keeps a PNG of the moment.
	Shot(session string, png []byte)
	// Lost says that a session's client ended before its time.
	Lost(l Lost)
}

// Outcome is what became of a step.
type Outcome struct {
	Outcome string // StepDone, StepFailed, StepCut
	Error   string // one line, for people: what was expected, what was found
	URL     string // where the client stands now
	// Learned are values read by a `remember` step, for later steps and, if
	// they are markers, for the judge.
	Learned []LearnedValue
	// SignedIn is set by a `shows` step that found every value; SignedOut by
	// a `sign_out` step that was done.
	SignedIn, SignedOut bool
}

// LearnedValue is a value that a `remember` step read.
type LearnedValue struct {
	Kind   string
	Value  string
	Place  Place
	Where  string
	Marker bool // false: for later steps alone
}
