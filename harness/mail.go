package harness

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"strings"
	"sync"
	"time"

	"crosstalk/harness/customer"
	"crosstalk/harness/history"
	"crosstalk/harness/mailbox"
)

// Waits for mail that is still on its way.
const (
	defaultSettle = 2 * time.Second // after the last round
	leaveSettle   = time.Second     // after the clean-up, at most
	mailDeadline  = 5 * time.Second // for what is arriving when the run ends
)

// What one run takes of mail. A shop whose mailer went mad must not fill the
// disk; that there was more is recorded as unseen.
const (
	mostMails     = 2000 // to one customer
	mostUnowned   = 2000 // to all addresses that are nobody's
	mostMailBytes = 256 << 20
	unseenTooMany = "more mail than one run records"
	longestTo     = 254 // characters of an address
)

// watchesMail says whether the run is told where mail comes in.
func (c Config) watchesMail() bool { return c.MailListener != nil || c.SMTP != "" || c.Mailpit != "" }

// post is the mail of a run: what reaches an address becomes a sighting of its
// owner's, in sessions of their own.
type post struct {
	settle time.Duration
	server *mailbox.Server
	follow *mailbox.Mailpit
	stop   context.CancelFunc
	open   chan struct{} // closed when there is a journal to write to, or never will be

	mu       sync.Mutex
	record   *recorder // nil: nothing is recorded
	owner    func(address string) string
	personal []string // what is blanked in subjects
	sessions map[history.Session]string
	received map[string]int // by owner
	bytes    int            // of all
	closed   bool
}

// openPost begins to listen: nil where no mail is watched. The shop may send
// from now on; what it sends is taken when deliverTo says where.
func openPost(ctx context.Context, c Config) (*post, error) {
	if !c.watchesMail() {
		return nil, nil
	}
	ctx, stop := context.WithCancel(context.WithoutCancel(ctx)) // an interrupted run still cleans up, and is sent mail for it
	p := &post{
		settle: c.Settle, stop: stop, open: make(chan struct{}), owner: func(string) string { return "" },
		sessions: map[history.Session]string{}, received: map[string]int{},
	}
	options := mailbox.Options{Owner: p.ownerOf, Blank: p.blank, Deliver: p.deliver, Log: c.Log}
	err := p.listen(ctx, c, options)
	if err == nil && c.Mailpit != "" {
		if p.follow, err = mailbox.Follow(ctx, c.Mailpit, options); err != nil {
			err = &ConfigError{fmt.Sprintf("the mail at %s cannot be read: %v", withoutUser(c.Mailpit), err), "check the address of Mailpit (--mailpit, or mail.mailpit in the scenario)"}
		}
	}
	if err != nil {
		p.close(ctx)
		return nil, err
	}
	return p, nil
}

func (p *post) listen(ctx context.Context, c Config, options mailbox.Options) (err error) {
	listener := c.MailListener
	if listener == nil && c.SMTP == "" {
		return nil
	}
	if listener == nil {
		if listener, err = new(net.ListenConfig).Listen(ctx, "tcp", c.SMTP); err != nil {
			return &ConfigError{fmt.Sprintf("mail cannot be received at %s: %v", c.SMTP, err), "end what listens there, or name another address (--smtp) and tell the shop"}
		}
	}
	if p.server, err = mailbox.Serve(listener, options); err != nil {
		_ = listener.Close() // it was not taken over
		return fmt.Errorf("receive mail: %w", err)
	}
	return nil
}

// mailpitShown is Mailpit's address without credentials; "" where there is none.
func (c Config) mailpitShown() string {
	if c.Mailpit == "" {
		return ""
	}
	return withoutUser(c.Mailpit)
}

// withoutUser is an address without the credentials in it.
func withoutUser(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "the given address"
	}
	u.User = nil
	return u.String()
}

// deliverTo has mail recorded from now on; nobody's it is until customers are
// known.
func (p *post) deliverTo(r *recorder) {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.record = r
	close(p.open)
}

// belongTo says whose addresses are whose from now on.
func (p *post) belongTo(customers []customer.Customer) {
	if p == nil {
		return
	}
	addresses := map[string]string{}
	for i := range customers {
		addresses[customers[i].ID] = customers[i].Email
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.owner, p.personal = mailbox.Owners(addresses), personalWords(customers)
}

func (p *post) ownerOf(address string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.owner(address)
}

func (p *post) blank(subject string) string {
	p.mu.Lock()
	words := p.personal
	p.mu.Unlock()
	return blanked(subject, words)
}

// deliver records a mail. It waits for the journal: a mail can come before the
// run has one.
func (p *post) deliver(m mailbox.Mail) {
	<-p.open
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.record == nil {
		return
	}
	s := history.Sighting{
		Viewer: m.Owner, Surface: history.SurfaceMail, Place: m.Place, URL: "mailto:" + addressed(m.To),
		Body: history.Body{Type: mailbox.MediaType, Unseen: m.Unseen},
	}
	most := mostMails
	if m.Owner == "" {
		s.Viewer, most = history.Nobody, mostUnowned
		s.Place += history.Place(" to " + addressed(m.To))
	}
	if p.received[s.Viewer]++; p.received[s.Viewer] > most+1 {
		return
	}
	if p.received[s.Viewer] == most+1 { // one for all that follow
		s.Place, s.URL, s.Body.Unseen, m.Raw = "MAIL {}", "", unseenTooMany, nil
	}
	if p.bytes+len(m.Raw) > mostMailBytes {
		s.Body.Unseen, s.Body.Size, m.Raw = unseenTooMany, int64(len(m.Raw)), nil
	}
	p.bytes += len(m.Raw)
	s.Session = p.session(s.Viewer)
	p.record.Sighting(s, m.Raw)
}

// session is the owner's mailbox in the phase or round that is under way.
func (p *post) session(owner string) string {
	phase, round := p.record.under()
	key := history.Session{Client: history.ClientMailbox, Journey: history.JourneyMailbox, Customer: owner, Phase: phase, Round: round}
	if id, ok := p.sessions[key]; ok {
		return id
	}
	s := key
	s.ID = fmt.Sprintf("m-%s-%s-%d", owner, phase, round)
	p.sessions[key] = s.ID
	p.record.write(history.Event{Session: &s})
	return s.ID
}

// wait gives mail time to come; it ends early with ctx.
func (p *post) wait(ctx context.Context, most time.Duration) {
	if p != nil {
		sleep(ctx, min(p.settle, most))
	}
}

// reserve is how much of a run's time is kept for mail on its way.
func (p *post) reserve() time.Duration {
	if p == nil {
		return 0
	}
	return p.settle + min(p.settle, leaveSettle)
}

// close takes what is still arriving, a last look included, and closes the
// mailboxes. Twice is once.
func (p *post) close(ctx context.Context) {
	if p == nil || p.shut() {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), mailDeadline)
	defer cancel()
	if p.follow != nil {
		p.said(p.follow.Close(ctx))
	}
	if p.server != nil {
		p.said(p.server.Close(ctx))
	}
	p.stop()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.record == nil {
		return
	}
	for _, id := range p.sessions {
		p.record.write(history.Event{Closed: &history.Closed{Session: id}})
	}
	p.record = nil
}

// shut answers whether it was called before, and lets whatever waits for a
// journal go.
func (p *post) shut() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return true
	}
	p.closed = true
	if p.record == nil {
		close(p.open)
	}
	return false
}

// said records that mail could not be had to its end.
func (p *post) said(err error) {
	if err == nil {
		return
	}
	p.mu.Lock()
	record := p.record
	p.mu.Unlock()
	if record != nil {
		record.Lost(history.Lost{What: "mailbox", Reason: strings.Join(strings.Fields(err.Error()), " ")})
	}
}

// addressed is an address as it is written down: in lower case, of bounded
// length.
func addressed(to string) string {
	to = strings.ToLower(strings.Join(strings.Fields(to), ""))
	if all := []rune(to); len(all) > longestTo {
		return string(all[:longestTo])
	}
	return to
}
