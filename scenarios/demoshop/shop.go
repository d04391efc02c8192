package demoshop

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync/atomic"
	"time"
)

// Options say how a shop is to behave. The zero value is a healthy shop.
type Options struct {
	Faults  []Fault       // none: healthy
	Decoys  []string      // what looks like a leak and is none, by name; AllDecoys for all; none: nothing does
	Rename  uint64        // seed of other names for all that no scenario needs; zero: the plain names
	Latency time.Duration // of each read of the simulated store; zero: DefaultLatency; negative: none
	Seed    uint64        // decides which opportunities a fault with a rate below 1 takes
	Asleep  bool          // the faults strike from Wake on: until then the shop is healthy
	Bare    bool          // no cache of its own in front: for a real one, which then is the only one
	Lenient bool          // the account page answers for every address below its own, too
	SMTP    string        // where mail is sent, "host:port", plain; empty: the shop sends none
}

// DefaultLatency is how long a read of the simulated store takes.
const DefaultLatency = 3 * time.Millisecond

// Shop is a running shop: the edge and what is behind it. It is safe for
// concurrent use.
type Shop struct {
	edge   *edge
	front  http.Handler // the edge, or what is behind it
	hang   func()       // up on everybody who listens to events
	hub    *hub
	flush  func() // empties every cache
	quiet  func() // ends what faults have opened: connections, files
	forget func() // whom faults remember
	fault  levers
	store  *store
	names  *names
	mail   *outbox
	decoy  *extras
	awake  *atomic.Bool
}

// New opens a shop with an empty store. It fails on a fault or decoy that does
// not exist, on a fault whose rate is not from 0 to 1, and on one that has no
// place to strike: twice the same, two that stand in one place, one of the edge
// in a bare shop.
func New(o Options) (*Shop, error) {
	awake := &atomic.Bool{}
	awake.Store(!o.Asleep)
	levers, err := newLevers(o.Faults, o.Seed, awake)
	if err != nil {
		return nil, fmt.Errorf("open shop: %w", err)
	}
	if err := checkTogether(o.Faults, o.Bare); err != nil {
		return nil, fmt.Errorf("open shop: %w", err)
	}
	if o.Latency == 0 {
		o.Latency = DefaultLatency
	}
	n := newNames(o.Rename)
	st := newStore(o.Latency, newClockedIDs(levers[SessionCollision]))
	paper, err := newStationery(n)
	if err != nil {
		return nil, fmt.Errorf("open shop: %w", err)
	}
	mail := &outbox{server: o.SMTP, paper: paper, reused: newMailObjects(levers[ReusedMailer])}
	origin, err := newOrigin(n, st, levers, mail)
	if err != nil {
		return nil, fmt.Errorf("open shop: %w", err)
	}
	decoy, err := newExtras(o.Decoys, n, st)
	if err != nil {
		return nil, fmt.Errorf("open shop: %w", err)
	}
	decoy.join(origin)
	behind := newUpstream(levers[ShiftedQueue], coalesced(levers[CoalescedRequest], origin), origin.who, n)
	s := &Shop{awake: awake, fault: levers, hang: origin.hangUp.ring, hub: origin.hub, names: n, store: st, mail: mail, edge: &edge{
		origin:   behind,
		cookie:   n.of("sid"),
		cacheTag: n.header("x-cache"),
		rules:    edgeRules(levers, n),
		who:      origin.who,
		now:      time.Now,
		held:     map[string][]stored{},
	}}
	s.front = s.edge
	s.decoy = decoy
	if decoy.has(StaticPages) {
		s.edge.rules = append(s.edge.rules, helpRule{n.text("/~help/"), decoy})
	}
	if o.Bare {
		s.front = behind
	}
	if o.Lenient {
		origin.lenient()
	}
	s.flush = func() {
		s.edge.clear()
		origin.empty()
	}
	origin.flush = s.flush
	s.quiet, s.forget = func() { origin.quiet(behind) }, origin.forget
	return s, nil
}

// empty empties the caches within the origin.
func (o *origin) empty() {
	o.clearShelves()
	o.accounts.loader.flush()
	o.loader.flush()
	o.states.restart()
}

// quiet ends what faults have opened: connections, and files.
func (o *origin) quiet(behind *upstream) {
	behind.close()
	o.accounts.remote.close()
	o.papers.close()
}

// forget empties what faults remember of customers where no flush takes it.
func (o *origin) forget() {
	o.threads.forget()
	o.drafts.forget()
	o.copies.forget()
}

// edgeRules are the faults that the edge can have, one a line.
func edgeRules(l levers, n *names) []edgeRule {
	return []edgeRule{
		newPersonalRule(l[EdgeCache], n),
		bypassRule{l[CachedCookie]},
		newCookielessRule(l[CookielessCache], n),
		anyVariantRule{l[WrongVariant]},
		newThumbnails(l[SharedThumbnail], n),
	}
}

// ServeHTTP answers a request: through the edge, unless the shop is bare.
func (s *Shop) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.front.ServeHTTP(w, r) }

// Wake lets the faults of a shop that was opened asleep strike from now on, as
// a release does that brings them.
func (s *Shop) Wake() { s.awake.Store(true) }

// Counts are how often each fault of the shop could have struck so far, and did.
func (s *Shop) Counts() map[string]Count { return s.fault.counts() }

// Served are how often each decoy of the shop gave out so far what looks like a
// leak: pieces of pages, fields of answers, cookies, kept answers. Where a decoy
// resembles other customers, only what resembles somebody else counts. A page
// that the edge keeps counts once.
func (s *Shop) Served() map[string]int { return s.decoy.served() }

// Close sends the mail that waits, within a few seconds, and forgets every
// account, session, order and cached answer. A closed shop still answers, as
// one that has just opened.
func (s *Shop) Close() {
	s.hang()
	s.hub.drain(closing)
	s.mail.drain(draining)
	s.mail.reused.clear()
	s.quiet()
	s.store.clear()
	s.decoy.forget()
	s.forget()
	s.flush()
}

// maxHeader is how large a request's header may be, about as servers that stand
// in front of shops have it: who sends more is answered 431.
const maxHeader = 32 << 10

// closing is how long requests under way may take once a server closes.
const closing = 2 * time.Second

// Serve listens on an address such as "127.0.0.1:0" and serves the shop there
// until ctx ends; then it closes within a few seconds. It returns the base
// address, such as "http://127.0.0.1:41234", and a channel that yields once
// everything is closed: nil, or what went wrong.
func (s *Shop) Serve(ctx context.Context, addr string) (base string, done <-chan error, err error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", addr)
	if err != nil {
		return "", nil, fmt.Errorf("serve shop: %w", err)
	}
	srv := &http.Server{
		Handler:           s,
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       time.Minute,
		MaxHeaderBytes:    maxHeader,
	}
	srv.RegisterOnShutdown(s.hang)
	failed := make(chan error, 1)
	go func() { failed <- srv.Serve(l) }()
	closed := make(chan error, 1)
	go func() {
		err := until(ctx, srv, failed)
		s.hub.drain(closing) // the server has forgotten its sockets
		s.mail.drain(draining)
		s.quiet()
		closed <- err
	}()
	return "http://" + l.Addr().String(), closed, nil
}

// until waits for the end of ctx or of the server, and closes what is open.
func until(ctx context.Context, srv *http.Server, failed <-chan error) error {
	select {
	case err := <-failed:
		return fmt.Errorf("serve shop: %w", err)
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), closing)
	defer cancel()
	err := srv.Shutdown(grace)
	if errors.Is(err, context.DeadlineExceeded) {
		err = srv.Close()
	}
	if ended := <-failed; err == nil && !errors.Is(ended, http.ErrServerClosed) {
		err = ended
	}
	return err
}
