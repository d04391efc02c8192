package api

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"time"

	"crosstalk/harness/history"
	"crosstalk/scenarios"

	"golang.org/x/net/publicsuffix"
)

// Options are what all sessions of a driver share. The zero value is complete.
type Options struct {
	Resolve     map[string]string // addresses of hosts, instead of asking DNS
	Header      []history.Header  // sent with every request; one of a step wins
	InsecureTLS bool              // accept any certificate
	Proxy       string            // URL of a proxy; empty: the environment's
	StepTimeout time.Duration     // of a step that names none; zero: scenarios.DefaultStepTimeout
	BodyLimit   int64             // bytes of one decoded body that are kept; zero: 32 MiB
	Echo        []string          // headers that carry a value of its own on each request to the target; nil: none
	Seed        uint64            // of the run: what those values are made from
}

const defaultBodyLimit = 32 << 20

// Driver opens sessions of API clients. It holds no connections itself.
type Driver struct{ options Options }

// New makes a driver.
func New(o Options) *Driver {
	o.StepTimeout = cmp.Or(o.StepTimeout, scenarios.DefaultStepTimeout)
	o.BodyLimit = cmp.Or(o.BodyLimit, defaultBodyLimit)
	return &Driver{options: o}
}

// Open begins a session with an empty cookie jar and no connection. It fails
// only for a target or proxy that is no address; nothing is sent yet.
func (d *Driver) Open(_ context.Context, spec history.SessionSpec) (*Client, error) {
	target, err := url.Parse(spec.Target)
	if err != nil {
		return nil, fmt.Errorf("parse target: %w", err)
	}
	transport, err := d.transport()
	if err != nil {
		return nil, err
	}
	inner, err := cookiejar.New(&cookiejar.Options{PublicSuffixList: publicsuffix.List})
	if err != nil {
		return nil, fmt.Errorf("make cookie jar: %w", err)
	}
	jar := &jar{inner: inner, known: map[cookieKey]bool{}}
	return &Client{
		options: d.options, spec: spec, target: target.Host, transport: transport, jar: jar,
		http: &http.Client{Transport: transport, Jar: jar, CheckRedirect: stayPut}, url: spec.Target,
	}, nil
}

// stayPut leaves redirects to us: each is asked of the guard and recorded.
func stayPut(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
