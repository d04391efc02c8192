package api

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"time"

	"crosstalk/harness/history"
	"crosstalk/scenarios"
)

// Options are what all sessions of a driver share. The zero value is complete.
type Options struct {
	Resolve     map[string]string // addresses of hosts, instead of asking DNS
	Header      []history.Header  // sent with every request; one of a step wins
	InsecureTLS bool              // accept any certificate
	Proxy       string            // URL of a proxy; empty: the environment's
	StepTimeout time.Duration     // of a step that names none; zero: scenarios.DefaultStepTimeout
	BodyLimit   int64             // bytes of one decoded body that are kept; zero: 32 MiB
	// MessageLimit is how many bytes of one message of a stream are kept, and a
	// 64th of what one stream may bring in all; zero: 1 MiB.
	MessageLimit int64
	// H2C speaks HTTP/2 to servers without TLS, which must understand it
	// without being asked: false for all that may speak HTTP/1.1.
	H2C  bool
	Echo []string // headers that carry a value of its own on each request to the target; nil: none
	Seed uint64   // of the run: what those values are made from
}

const (
	defaultBodyLimit    = 32 << 20
	defaultMessageLimit = 1 << 20
)

// Driver opens sessions of API clients. It holds no connections itself.
type Driver struct{ options Options }

// New makes a driver.
func New(o Options) *Driver {
	o.StepTimeout = cmp.Or(o.StepTimeout, scenarios.DefaultStepTimeout)
	o.BodyLimit = cmp.Or(o.BodyLimit, defaultBodyLimit)
	o.MessageLimit = cmp.Or(o.MessageLimit, defaultMessageLimit)
	return &Driver{options: o}
}

// Open begins a session with an empty cookie jar and no connection. It fails
// only for a target or proxy that is no address; nothing is sent yet.
func (d *Driver) Open(ctx context.Context, spec history.SessionSpec) (*Client, error) {
	target, err := url.Parse(spec.Target)
	if err != nil {
		return nil, fmt.Errorf("parse target: %w", err)
	}
	link := newLink(d.dial)
	transport, err := d.roads(link)
	if err != nil {
		return nil, err
	}
	jar, err := newJar()
	if err != nil {
		return nil, err
	}
	// The session outlives what bounds its opening.
	life, end := context.WithCancelCause(context.WithoutCancel(ctx))
	c := &Client{
		options: d.options, spec: spec, target: target.Host, link: link, transport: transport, jar: jar, url: spec.Target,
		life: life, end: end,
	}
	c.user.Store(&spec.Session.Customer)
	return c, nil
}
