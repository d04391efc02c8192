package scenarios

import (
	"net"
	"strconv"
	"time"

	"github.com/goccy/go-yaml/ast"
)

// Mail says where the mail that the shop sends to its customers comes in. Both
// may be given; neither: mail is not watched.
type Mail struct {
	SMTP    string        // address at which crosstalk listens for it, "127.0.0.1:1025"
	Mailpit string        // address of the Mailpit server that the shop sends it to
	Settle  time.Duration // how long mail may take to come after the last round; zero: two seconds
}

func (r *reader) mail(n ast.Node) Mail {
	keys, sound := r.keys(n, "mail", "smtp", "mailpit", "settle")
	var m Mail
	if sound && keys["smtp"] == nil && keys["mailpit"] == nil {
		r.fail(posOf(n), `smtp: "127.0.0.1:1025", to which the shop sends, or mailpit: http://…, which it sends to already`, "mail says nowhere where mail is")
	}
	if v := keys["smtp"]; v != nil {
		s, whole := r.scalar(v, "mail.smtp")
		if s != "" && whole && !Listens(s) {
			r.fail(posOf(v), `such as "127.0.0.1:1025", or ":1025" for every address of this machine`, "mail.smtp is no address to listen at: %q", s)
		}
		m.SMTP = s
	}
	if v := keys["mailpit"]; v != nil {
		s, whole := r.scalar(v, "mail.mailpit")
		if s != "" && whole && !isHTTP(s) {
			r.fail(posOf(v), "such as http://mail.staging.example:8025", "mail.mailpit is no http address: %q", s)
		}
		m.Mailpit = s
	}
	if v := keys["settle"]; v != nil {
		m.Settle = r.duration(v, "mail.settle")
	}
	return m
}

// Listens says whether a text is an address that one can listen at: host
// (or none) and port.
func Listens(s string) bool {
	_, port, err := net.SplitHostPort(s)
	n, nan := strconv.ParseUint(port, 10, 16)
	return err == nil && nan == nil && n <= 1<<16-1
}
