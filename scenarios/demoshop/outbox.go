package demoshop

import (
	"context"
	"fmt"
	"net"
	"net/smtp"
	"sync"
	"time"
)

// Bounds of the outbox.
const (
	maxOutbox   = 2000             // mails that wait; one more is lost, as a full disk loses it
	maxDelivery = 10 * time.Second // for one try
	tries       = 3
	betweenTry  = 300 * time.Millisecond
	draining    = 3 * time.Second // for what still waits when the shop closes
)

// outbox sends mail beside the requests that cause it: a mail server that is
// down or slow neither fails a checkout nor holds it up. One goroutine sends
// while there is something to send, in order.
type outbox struct {
	server string // host:port; empty: nothing is ever sent
	paper  *stationery
	mailer mailer // of the sending goroutine
	reused mailObjects

	mu    sync.Mutex
	queue []letter
	idle  chan struct{}      // closed when the sending goroutine ends; nil when there is none
	stop  context.CancelFunc // gives up what is being sent
}

// put queues a mail.
func (b *outbox) put(l letter) {
	if b.server == "" {
		return
	}
	l.Order = l.Order.toSend()
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.queue) >= maxOutbox {
		return
	}
	b.queue = append(b.queue, l)
	if b.idle != nil {
		return
	}
	var ctx context.Context
	ctx, b.stop = context.WithCancel(context.Background())
	b.idle = make(chan struct{})
	go b.run(ctx)
}

// run sends until nothing waits.
func (b *outbox) run(ctx context.Context) {
	for {
		l, ok := b.next()
		if !ok {
			return
		}
		l = b.reused.fill(l) // as it is, in a healthy shop
		for range tries {
			if b.send(ctx, l) == nil || ctx.Err() != nil {
				break
			}
			pause(ctx, betweenTry)
		}
	}
}

// next takes the mail whose turn it is. Without one the sending is over, and
// that is decided under the lock: whoever puts a mail later begins it again.
func (b *outbox) next() (letter, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.queue) == 0 {
		b.stop()
		close(b.idle)
		b.idle, b.queue = nil, nil
		return letter{}, false
	}
	l := b.queue[0]
	b.queue = b.queue[1:]
	return l, true
}

// drain waits until everything is sent, and gives up what is not within that
// time.
func (b *outbox) drain(within time.Duration) {
	b.mu.Lock()
	idle, stop := b.idle, b.stop
	b.mu.Unlock()
	if idle == nil {
		return
	}
	t := time.NewTimer(within)
	defer t.Stop()
	select {
	case <-idle:
		return
	case <-t.C:
	}
	b.mu.Lock()
	b.queue = nil
	b.mu.Unlock()
	stop()
	<-idle
}

func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}

// send writes a mail and hands it to the mail server.
func (b *outbox) send(ctx context.Context, l letter) error {
	raw, err := b.paper.write(l, time.Now())
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, maxDelivery)
	defer cancel()
	var d net.Dialer
	conn, err := d.DialContext(ctx, "tcp", b.server)
	if err != nil {
		return fmt.Errorf("reach mail server: %w", err)
	}
	defer context.AfterFunc(ctx, func() { _ = conn.Close() })() // ends whatever is waited for
	host, _, _ := net.SplitHostPort(b.server)
	c, err := smtp.NewClient(conn, host)
	if err != nil {
		_ = conn.Close() // the other error says more
		return fmt.Errorf("greet mail server: %w", err)
	}
	if err := deliver(c, b.mailer.recipients(l.receivers()), raw); err != nil {
		_ = c.Close() // the other error says more
		return err
	}
	return nil
}

func deliver(c *smtp.Client, to []string, raw []byte) error {
	if err := c.Mail(sender().Address); err != nil {
		return fmt.Errorf("begin mail: %w", err)
	}
	for _, address := range to {
		if err := c.Rcpt(address); err != nil {
			return fmt.Errorf("address mail: %w", err)
		}
	}
	w, err := c.Data()
	if err != nil {
		return fmt.Errorf("send mail: %w", err)
	}
	if _, err := w.Write(raw); err != nil {
		return fmt.Errorf("send mail: %w", err)
	}
	if err := w.Close(); err != nil {
		return fmt.Errorf("send mail: %w", err)
	}
	_ = c.Quit() // it was accepted: how the goodbye went does not matter
	return nil
}

// mailer addresses mails, as the libraries that shops use do: one object, with
// a list that is emptied before each mail.
type mailer struct {
	to     []string
	forget bool // to empty the list; tests do
}

func (m *mailer) recipients(all []contact) []string {
	if !m.forget {
		m.to = m.to[:0]
	}
	for _, c := range all {
		m.to = append(m.to, c.Email)
	}
	return m.to
}
