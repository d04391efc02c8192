package api

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"time"
)

// Limits on what no step's timeout covers: dialing goes on in the background
// when a step gave up on it.
const (
	dialTimeout = 30 * time.Second
	idleTimeout = 90 * time.Second
)

// roads are the ways to servers of one session.
type roads struct {
	usual *http.Transport // HTTP/1.1, and HTTP/2 where TLS agrees on it
	prior *http.Transport // HTTP/2 without TLS, unasked; nil where it is not wanted
}

// RoundTrip sends a request by the way that its address asks for. A WebSocket
// begins with HTTP/1.1 always.
func (r roads) RoundTrip(req *http.Request) (*http.Response, error) {
	if r.prior != nil && req.URL.Scheme == "http" && req.Header.Get("Upgrade") == "" {
		return r.prior.RoundTrip(req) //nolint:wrapcheck // a RoundTripper is transparent
	}
	return r.usual.RoundTrip(req) //nolint:wrapcheck // likewise
}

// CloseIdleConnections closes what no request uses now.
func (r roads) CloseIdleConnections() {
	r.usual.CloseIdleConnections()
	if r.prior != nil {
		r.prior.CloseIdleConnections()
	}
}

// roads makes the transports of one session.
func (d *Driver) roads(l *link) (roads, error) {
	usual, err := d.transport(l)
	if err != nil || !d.options.H2C {
		return roads{usual: usual}, err
	}
	prior, err := d.transport(l)
	if err != nil {
		return roads{}, err
	}
	prior.Protocols = new(http.Protocols)
	prior.Protocols.SetUnencryptedHTTP2(true)
	return roads{usual, prior}, nil
}

// transport makes the connections of one session. They are never shared: a
// shop that mixes up connections would otherwise seem to mix up customers.
func (d *Driver) transport(l *link) (*http.Transport, error) {
	proxy := http.ProxyFromEnvironment
	if d.options.Proxy != "" {
		u, err := url.Parse(d.options.Proxy)
		if err != nil || u.Host == "" {
			return nil, fmt.Errorf("parse proxy: %q is no address", d.options.Proxy)
		}
		proxy = http.ProxyURL(u)
	}
	return &http.Transport{
		Proxy:               proxy,
		DialContext:         l.dial,
		TLSClientConfig:     &tls.Config{InsecureSkipVerify: d.options.InsecureTLS}, //nolint:gosec // asked for, for staging hosts with certificates of their own
		TLSHandshakeTimeout: dialTimeout,
		IdleConnTimeout:     idleTimeout,
		// Four times what browsers take.
		MaxResponseHeaderBytes: 1 << 20,
		DisableCompression:     true, // we undo codings ourselves, to record the bytes a person would be shown
		ForceAttemptHTTP2:      true,
	}, nil
}

func (d *Driver) dial(ctx context.Context, network, address string) (net.Conn, error) {
	if host, port, err := net.SplitHostPort(address); err == nil {
		if ip, ok := d.options.Resolve[host]; ok {
			address = net.JoinHostPort(ip, port)
		}
	}
	dialer := net.Dialer{Timeout: dialTimeout}
	return dialer.DialContext(ctx, network, address)
}
