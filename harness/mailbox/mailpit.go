package mailbox

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// polling is how often Mailpit is asked.
const polling = time.Second

// Mailpit follows the mails that a Mailpit server receives.
//
// Mailpit keeps no envelopes. Whoever was in one and in no header it adds to
// Bcc, so blind copies are known; whoever is in a header and was in no envelope
// cannot be told from a recipient.
type Mailpit struct {
	gate  *gate
	api   *mailpitAPI
	known map[string]bool // mails that were there before, or are handed on; of one goroutine at a time
	stop  context.CancelFunc
	done  chan struct{} // closed when nobody polls any more
}

// Follow looks at a Mailpit server, whose address such as
// "http://user:password@mail.staging:8025" may hold credentials and a path,
// and hands on every mail that comes after that first look, within about a
// second, until Close or the end of ctx. It fails when that first look does:
// the server cannot be reached, refuses, or is no Mailpit.
func Follow(ctx context.Context, base string, o Options) (*Mailpit, error) {
	api, err := newMailpitAPI(base)
	if err != nil {
		return nil, fmt.Errorf("follow mailpit: %w", err)
	}
	m := &Mailpit{gate: newGate(o), api: api, known: map[string]bool{}, done: make(chan struct{})}
	before, _, err := m.fresh(ctx, true)
	if err != nil {
		return nil, fmt.Errorf("follow mailpit: %w", err)
	}
	for _, s := range before {
		m.known[s.ID] = true
	}
	polled, stop := context.WithCancel(ctx)
	m.stop = stop
	go m.poll(polled)
	return m, nil
}

// Close takes a last look and stops. When it returns, nothing is delivered any
// more, unless its error says that Deliver did not return in time; its error
// also says that the server could not be read to the end. It is called once.
func (m *Mailpit) Close(ctx context.Context) error {
	m.stop()
	var err error
	select {
	case <-m.done:
		err = m.look(ctx, true)
	case <-ctx.Done():
		err = errDeliver
	}
	grace, cancel := context.WithTimeoutCause(context.WithoutCancel(ctx), hangingUp, errDeliver)
	defer cancel()
	err = errors.Join(err, m.gate.close(grace))
	m.api.client.CloseIdleConnections()
	if err != nil {
		return fmt.Errorf("close mailpit: %w", err)
	}
	return nil
}

// poll looks again and again. What fails is tried again, the last time by
// Close, so it is said once and not each second.
func (m *Mailpit) poll(ctx context.Context) {
	defer close(m.done)
	ticker := time.NewTicker(polling)
	defer ticker.Stop()
	said := ""
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		text := ""
		if err := m.look(ctx, false); err != nil && ctx.Err() == nil {
			text = err.Error()
		}
		if text != "" && text != said {
			m.gate.logf("%s", text)
		}
		said = text
	}
}

// look hands on what is new, the oldest first. The last look pages through
// everything, and gives up on what it does not get.
func (m *Mailpit) look(ctx context.Context, last bool) error {
	fresh, more, err := m.fresh(ctx, last)
	for _, s := range slices.Backward(fresh) {
		raw, unseen, failed := m.api.raw(ctx, s.ID)
		if failed != nil {
			err = errors.Join(err, failed)
			if !last {
				continue // the next look tries again
			}
			unseen = UnseenGone
		}
		m.known[s.ID] = true
		m.hand(s, raw, unseen)
	}
	if more && len(fresh) > 0 {
		m.gate.pass(Mail{Unseen: UnseenMany})
	}
	return err
}

// fresh lists what is not known, the newest first, and whether there is more
// than it reads. A page without anything new ends the search, unless all is to
// be seen: where Mailpit goes by the mails' own dates, new ones stand anywhere.
func (m *Mailpit) fresh(ctx context.Context, all bool) (fresh []summary, more bool, err error) {
	seen := map[string]bool{}
	start := 0
	for range maxPages {
		page, err := m.api.page(ctx, start)
		if err != nil {
			return fresh, false, err
		}
		before := len(fresh)
		for _, s := range page {
			if !m.known[s.ID] && !seen[s.ID] {
				seen[s.ID] = true
				fresh = append(fresh, s)
			}
		}
		if len(page) < pageSize || !all && len(fresh) == before {
			return fresh, false, nil
		}
		start += len(page)
	}
	return fresh, true, nil
}

// hand delivers a mail to everybody it names.
func (m *Mailpit) hand(s summary, raw []byte, unseen string) {
	mail := Mail{From: s.From.Address, Subject: s.Subject, ID: s.MessageID, Raw: raw, Unseen: unseen}
	for _, mail.To = range s.recipients() {
		m.gate.pass(mail)
	}
}
