package browser

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"github.com/go-rod/rod/lib/proto"

	"crosstalk/harness/history"
)

const (
	selfCheckLimit = 25 * time.Second
	// spread is how long something shared may take from page to page: it is
	// waited for where it must come, and given where it must not.
	spread = 5 * time.Second
	grace  = 150 * time.Millisecond
)

// SelfChecks proves that two contexts of this browser are isolated from each
// other, before a shop is blamed for what our own browser mixed up. Each check
// has its positive control: what one page leaves must reach a second page of
// the same context, or the check could not have failed. It takes a second or
// two, 25 at most; a check that could not be made is not OK.
func SelfChecks(ctx context.Context, b *Browser) []history.SelfCheck {
	return selfChecks(ctx, b, b.NewContext)
}

// selfChecks takes the second context from other: a test gives it the first.
func selfChecks(ctx context.Context, b *Browser, other func(context.Context) (proto.BrowserBrowserContextID, error)) []history.SelfCheck {
	ctx, cancel := context.WithTimeout(ctx, selfCheckLimit)
	defer cancel()
	x := &isolation{browser: b, value: rand.Text()}
	defer x.close() //nolint:contextcheck // what is left is cleaned up after an interrupt too
	if err := x.open(ctx, other); err != nil {
		return x.failed(fmt.Errorf("prepare: %w", err))
	}
	return x.check(ctx)
}

// probe is one thing that contexts could share, as functions of the page that
// carries it from one to the other.
type probe struct {
	name    string
	write   string // leaves a value; answers what reading must then give
	read    string // answers what is there, or ""
	sameTab bool   // it belongs to one tab: the control is the writing page itself
}

func probes() []probe {
	usual := func(name, key string) probe {
		return probe{name: name, write: key + ".write", read: key + ".read"}
	}
	session := usual("sessionStorage", "probes.sessionStorage")
	session.sameTab = true
	return []probe{
		usual("cookies", "probes.cookies"),
		usual("localStorage", "probes.localStorage"),
		session,
		usual("IndexedDB", "probes.indexedDB"),
		usual("CacheStorage", "probes.cacheStorage"),
		usual("BroadcastChannel", "probes.broadcast"),
		usual("SharedWorker", "probes.sharedWorker"),
		usual("http-cache", "probes.httpCache"),
	}
}

// connectionsCheck is the name of the check that the server makes.
const connectionsCheck = "connections"

// isolation is one run of the checks: two pages of one context and one of
// another.
type isolation struct {
	browser  *Browser
	value    string
	server   *checkServer
	contexts []proto.BrowserBrowserContextID
	writer   *checkPage
	control  *checkPage // in the writer's context
	stranger *checkPage // in the other
}

func (x *isolation) open(ctx context.Context, other func(context.Context) (proto.BrowserBrowserContextID, error)) error {
	var err error
	if x.server, err = startCheckServer(ctx); err != nil {
		return err
	}
	for _, create := range []func(context.Context) (proto.BrowserBrowserContextID, error){x.browser.NewContext, other} {
		id, err := create(ctx)
		if err != nil {
			return err
		}
		x.contexts = append(x.contexts, id)
	}
	for _, page := range []struct {
		at      **checkPage
		context int
		who     string
	}{{&x.writer, 0, ownPages}, {&x.control, 0, ownPages}, {&x.stranger, 1, otherPages}} {
		if *page.at, err = openCheckPage(ctx, x.browser, x.contexts[page.context], x.server.page(page.who)); err != nil {
			return err
		}
	}
	return nil
}

func (x *isolation) close() {
	ctx, cancel := context.WithTimeout(context.Background(), shutdownLimit)
	defer cancel()
	for i, id := range x.contexts {
		if i == 0 || id != x.contexts[0] {
			_ = x.browser.DisposeContext(ctx, id)
		}
	}
	if x.server != nil {
		x.server.close(ctx)
	}
}

// check writes everything, waits until it has reached the control page, and
// looks whether it reached the stranger too.
func (x *isolation) check(ctx context.Context) []history.SelfCheck {
	all := probes()
	wrote := make([]string, len(all))
	problems := make([]error, len(all))
	for i, p := range all {
		wrote[i], problems[i] = x.writer.ask(ctx, p.write, x.value)
	}
	for i, p := range all {
		if problems[i] == nil {
			problems[i] = x.arrives(ctx, p, wrote[i])
		}
	}
	_ = sleep(ctx, grace)
	checks := make([]history.SelfCheck, 0, len(all)+1)
	for i, p := range all {
		if problems[i] == nil {
			problems[i] = x.staysAway(ctx, p, wrote[i])
		}
		checks = append(checks, verdictOf(p.name, problems[i]))
	}
	return append(checks, verdictOf(connectionsCheck, x.server.apart()))
}

func verdictOf(name string, err error) history.SelfCheck {
	if err != nil {
		return history.SelfCheck{Name: name, Detail: err.Error()}
	}
	return history.SelfCheck{Name: name, OK: true}
}

// arrives is the positive control.
func (x *isolation) arrives(ctx context.Context, p probe, want string) error {
	page := x.control
	if p.sameTab {
		page = x.writer
	}
	ctx, cancel := context.WithTimeout(ctx, spread)
	defer cancel()
	for {
		got, err := page.ask(ctx, p.read, "")
		if err != nil {
			return fmt.Errorf("read in its own context: %w", err)
		}
		if got == want && want != "" {
			return nil
		}
		if sleep(ctx, 20*time.Millisecond) != nil {
			return fmt.Errorf("not seen in its own context either (wrote %q, read %q): the check proves nothing", want, got)
		}
	}
}

func (x *isolation) staysAway(ctx context.Context, p probe, forbidden string) error {
	got, err := x.stranger.ask(ctx, p.read, "")
	if err != nil {
		return fmt.Errorf("read in another context: %w", err)
	}
	if got == forbidden {
		return errors.New("another context sees what was left in the first")
	}
	return nil
}

// failed is every check, not OK for one reason.
func (x *isolation) failed(err error) []history.SelfCheck {
	var checks []history.SelfCheck
	for _, p := range probes() {
		checks = append(checks, verdictOf(p.name, err))
	}
	return append(checks, verdictOf(connectionsCheck, err))
}
