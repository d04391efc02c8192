package mailbox

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"strings"
	"sync"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// Bounds of one mail's envelope and content.
const (
	maxRecipients = 20_000
	maxAddress    = 1000      // bytes
	maxOverrun    = 256 << 20 // bytes behind MaxSize that are read to their end; more is hung up on
)

// session is one client's dialog.
type session struct {
	gate *gate
	line *line
	mu   sync.Mutex // what comes in chunks is read beside the commands, which may give it up
	envelope
}

// envelope says who sends a mail, and to whom.
type envelope struct {
	from  string
	to    []string
	known map[string]bool // recipients so far, in their one spelling
}

// lineOf finds our end of a connection, which TLS may be around.
func lineOf(c net.Conn) (*line, error) {
	if secure, ok := c.(*tls.Conn); ok {
		c = secure.NetConn()
	}
	if l, ok := c.(*line); ok {
		return l, nil
	}
	return nil, errors.New("not a connection of this server")
}

// Mail begins a mail.
func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	s.line.busy.Store(true)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.envelope = envelope{from: from, known: map[string]bool{}}
	return nil
}

// Rcpt adds a recipient: everybody is welcome.
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	if len(to) > maxAddress {
		return &smtp.SMTPError{Code: 553, EnhancedCode: smtp.EnhancedCode{5, 1, 3}, Message: "Address too long"}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if spelled := canonical(to); !s.known[spelled] {
		s.known[spelled] = true
		s.to = append(s.to, to)
	}
	return nil
}

// Data receives the mail and delivers it to each recipient.
func (s *session) Data(r io.Reader) error {
	s.line.exchange.begin()
	defer s.line.exchange.end()
	s.line.content.Store(true)
	defer s.line.content.Store(false)
	s.mu.Lock()
	e := s.envelope
	s.mu.Unlock()
	m := Mail{From: e.from}
	var over bool
	m.Raw, m.Unseen, over = take(r)
	h := readHeader(m.Raw)
	m.Subject, m.ID = h.subject, h.id
	if m.From == "" {
		m.From = h.from
	}
	if m.Unseen != "" {
		s.gate.logf("from %s to %d: %s after %d bytes", m.From, len(e.to), m.Unseen, len(m.Raw))
	}
	for _, m.To = range e.to {
		if !s.gate.pass(m) {
			return &smtp.SMTPError{Code: 421, EnhancedCode: smtp.EnhancedCode{4, 3, 2}, Message: "Closing"}
		}
	}
	if over {
		_ = s.line.Close() // there is no end to wait for
	}
	return nil
}

// take reads a mail up to its bound, says why there is no more of it, and
// whether it went on beyond all measure.
func take(r io.Reader) (raw []byte, unseen string, over bool) {
	raw, err := io.ReadAll(io.LimitReader(r, MaxSize))
	if err != nil {
		return raw, UnseenCut, false
	}
	rest, err := io.CopyN(io.Discard, r, maxOverrun)
	if rest > 0 {
		unseen = UnseenLarge
	}
	if err != nil && !errors.Is(err, io.EOF) && rest == 0 {
		unseen = UnseenCut
	}
	return raw, unseen, err == nil
}

// Reset forgets the mail: it is through, or given up.
func (s *session) Reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.envelope = envelope{}
	s.line.busy.Store(false)
}

// Logout ends the dialog.
func (s *session) Logout() error { return nil }

// AuthMechanisms lists the ways to sign in.
func (s *session) AuthMechanisms() []string { return []string{sasl.Plain, sasl.Login, cramMD5} }

// Auth accepts any credentials: staging shops are configured with some.
func (s *session) Auth(mechanism string) (sasl.Server, error) {
	switch strings.ToUpper(mechanism) {
	case sasl.Plain:
		return &questions{""}, nil
	case sasl.Login:
		return &questions{"Username:", "Password:"}, nil
	case cramMD5:
		return &questions{"<1@crosstalk>"}, nil
	}
	return nil, smtp.ErrAuthUnknownMechanism
}

// cramMD5 is the way to sign in that some old mailers insist on.
const cramMD5 = "CRAM-MD5"

// questions are what a way to sign in asks; any answer will do.
type questions []string

// Next takes an answer and asks the next question. A client may answer the
// first one unasked; it has not when the answer is nil.
func (q *questions) Next(answer []byte) (challenge []byte, done bool, err error) {
	if answer != nil && len(*q) > 0 {
		*q = (*q)[1:]
	}
	if len(*q) == 0 {
		return nil, true, nil
	}
	return []byte((*q)[0]), false, nil
}
