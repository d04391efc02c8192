package mailbox

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net"
	"time"

	"github.com/emersion/go-smtp"
)

// Server is an SMTP server that accepts every mail to anybody, with any
// credentials.
type Server struct {
	gate     *gate
	exchange *exchange
	smtp     *smtp.Server
	served   chan error // yields once nobody is accepted any more
}

// Serve takes over a listener and receives mail there until Close. It fails
// only where a certificate was wanted and could not be made.
func Serve(l net.Listener, o Options) (*Server, error) {
	s := &Server{
		gate:     newGate(o),
		exchange: &exchange{Listener: l, lines: map[*line]struct{}{}},
		served:   make(chan error, 1),
	}
	s.smtp = smtp.NewServer(smtp.BackendFunc(s.session))
	s.smtp.Domain = "crosstalk"
	s.smtp.ErrorLog = log.New(s.gate.log(), "mailbox: ", 0)
	s.smtp.MaxRecipients = maxRecipients
	s.smtp.MaxLineLength = 0   // line has bounds that let a mail's own lines be as they are
	s.smtp.MaxMessageBytes = 0 // what is too long is taken and called unseen: refused, nobody would know of it
	s.smtp.AllowInsecureAuth = true
	s.smtp.EnableSMTPUTF8 = true
	s.smtp.EnableBINARYMIME = true
	s.smtp.EnableDSN = true
	if o.StartTLS {
		var err error
		if s.smtp.TLSConfig, err = selfMade(); err != nil {
			return nil, fmt.Errorf("serve mail: %w", err)
		}
	}
	go func() { s.served <- s.smtp.Serve(s.exchange) }()
	return s, nil
}

func (s *Server) session(c *smtp.Conn) (smtp.Session, error) {
	l, err := lineOf(c.Conn())
	if err != nil {
		return nil, err
	}
	return &session{gate: s.gate, line: l}, nil
}

// Addr is where the server listens, such as "127.0.0.1:1025".
func (s *Server) Addr() string { return s.exchange.Addr().String() }

// hangingUp is how long it may take until those who were hung up on have gone.
const hangingUp = 2 * time.Second

// Close stops listening, lets mails that are arriving arrive as long as they
// make progress and ctx lasts, and then hangs up. When it returns, nothing is
// delivered any more, unless its error says that Deliver did not return in
// time. It is called once.
func (s *Server) Close(ctx context.Context) error {
	err := s.exchange.Close()
	if served := <-s.served; served != nil && !errors.Is(served, net.ErrClosed) {
		err = errors.Join(err, served)
	}
	s.settle(ctx)
	last, cancel := context.WithTimeoutCause(context.WithoutCancel(ctx), hangingUp, errDeliver)
	defer cancel()
	if down := s.smtp.Shutdown(last); down != nil && !errors.Is(down, net.ErrClosed) {
		err = errors.Join(err, context.Cause(last))
	}
	if err = errors.Join(err, s.gate.close(last)); err != nil {
		return fmt.Errorf("close mailbox: %w", err)
	}
	return nil
}

var errDeliver = errors.New("a mail is still being delivered")

// settle waits until nobody is in the middle of a mail, or ctx ends, and hangs
// up on all.
func (s *Server) settle(ctx context.Context) {
	ticker := time.NewTicker(tick)
	defer ticker.Stop()
	for !s.exchange.clear(ctx.Err() != nil) {
		select {
		case <-ticker.C:
		case <-ctx.Done():
			s.exchange.clear(true)
			return
		}
	}
}
