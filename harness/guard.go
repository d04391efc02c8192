package harness

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"crosstalk/scenarios"
)

// guard says which hosts may be driven. It is asked before every navigation
// and every request of an API journey, redirects included.
type guard struct{ hosts []string }

func newGuard(c Config) guard {
	return guard{hosts: append(append([]string{}, c.Scenario.Guard.Hosts...), c.AllowHosts...)}
}

// allowed says whether the host (with or without a port) may be driven.
// Loopback always is: nobody's production shop is there.
func (g guard) allowed(hostport string) bool {
	name := strings.ToLower(hostport)
	if h, _, err := net.SplitHostPort(hostport); err == nil {
		name = strings.ToLower(h)
	}
	name = strings.TrimSuffix(strings.Trim(name, "[]"), ".")
	if ip := net.ParseIP(name); name == "localhost" || strings.HasSuffix(name, ".localhost") || ip != nil && ip.IsLoopback() {
		return true
	}
	for _, pattern := range g.hosts {
		pattern = strings.ToLower(pattern)
		if h, _, err := net.SplitHostPort(pattern); err == nil {
			pattern = h
		}
		if name == pattern || strings.HasPrefix(pattern, "*.") && strings.HasSuffix(name, pattern[1:]) {
			return true
		}
	}
	return false
}

// check refuses a target that neither scenario nor flag allows, before
// anything is sent to it.
func (g guard) check(target string) error {
	u, err := url.Parse(target)
	if err != nil {
		return fmt.Errorf("parse target: %w", err)
	}
	if g.allowed(u.Host) {
		return nil
	}
	return &ConfigError{
		Problem: fmt.Sprintf("host %s is not allowed: nothing was sent", u.Hostname()),
		Remedy:  fmt.Sprintf("if it is a staging shop, name it under guard.hosts in the scenario or with --allow-host %s", u.Hostname()),
	}
}

// proofDeadline is how long a target may take to show that it is staging.
const proofDeadline = 15 * time.Second

// prove asks the target for the scenario's proof that it is a staging system.
func (g guard) prove(ctx context.Context, c Config, proof *scenarios.Proof) error {
	if proof == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, proofDeadline)
	defer cancel()
	address := strings.TrimSuffix(c.Target, "/") + "/" + strings.TrimPrefix(proof.Path, "/")
	refusal := &ConfigError{
		Problem: fmt.Sprintf("%s does not show that it is a staging system", address),
		Remedy:  "serve there what the scenario's guard.proof asks for, or take the proof out",
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return refusal
	}
	for _, h := range c.headers() {
		req.Header.Set(h.Name, h.Value)
	}
	answer, err := c.plainClient().Do(req)
	if err != nil {
		return &TargetError{fmt.Errorf("ask %s for its proof of staging: %w", address, err)}
	}
	defer func() { _ = answer.Body.Close() }() // read to a limit; nothing depends on its end
	text, err := io.ReadAll(io.LimitReader(answer.Body, 1<<20))
	if err != nil {
		return &TargetError{fmt.Errorf("read proof of staging: %w", err)}
	}
	if proof.Header != "" && !strings.Contains(answer.Header.Get(proof.Header), proof.Value) || proof.Header != "" && answer.Header.Get(proof.Header) == "" {
		return refusal
	}
	if !strings.Contains(string(text), proof.Text) {
		return refusal
	}
	return nil
}

// TargetError says that the target could not be asked at all.
type TargetError struct{ Err error }

func (e *TargetError) Error() string { return e.Err.Error() }

// Unwrap answers the cause.
func (e *TargetError) Unwrap() error { return e.Err }

// plainClient asks a target a question that is no part of a session: it keeps
// no cookies and no connections and follows no redirects.
func (c Config) plainClient() *http.Client {
	dial := (&net.Dialer{Timeout: proofDeadline}).DialContext
	transport := &http.Transport{DisableKeepAlives: true, DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
		name, port, err := net.SplitHostPort(addr)
		if ip, ok := c.resolved()[name]; ok && err == nil {
			addr = net.JoinHostPort(ip, port)
		}
		return dial(ctx, network, addr)
	}}
	if proxy, err := url.Parse(c.Proxy); c.Proxy != "" && err == nil {
		transport.Proxy = http.ProxyURL(proxy)
	}
	return &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// resolved are the configured addresses by host.
func (c Config) resolved() map[string]string {
	out := map[string]string{}
	for _, r := range c.Resolve {
		name, ip, _ := strings.Cut(r, ":")
		out[name] = strings.Trim(ip, "[]")
	}
	return out
}

// allowedURL says whether the URL's host may be driven.
func (g guard) allowedURL(rawURL string) bool {
	u, err := url.Parse(rawURL)
	return err == nil && g.allowed(u.Host)
}

// Knock asks the target for its first page, under the guard, and answers the
// status line.
func Knock(ctx context.Context, c Config) (string, error) {
	c, err := c.settle()
	if err != nil {
		return "", err
	}
	if err := newGuard(c).check(c.Target); err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(ctx, proofDeadline)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.Target, nil)
	if err != nil {
		return "", fmt.Errorf("ask target: %w", err)
	}
	answer, err := c.plainClient().Do(req)
	if err != nil {
		return "", fmt.Errorf("ask target: %w", err)
	}
	return answer.Status, answer.Body.Close()
}
