package harness

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"mime"
	"mime/quotedprintable"
	"net"
	"net/http/httptest"
	"net/smtp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/customer"
	"crosstalk/harness/history"
)

// letter is a mail to the viewer: its header lines and body, less what every
// mail has. Its subject begins with "Probe" and its row's name, by which it is
// found again.
type letter func(m mark) (subject string, lines []string, body string)

// mailProbes show the marker in mail.
func mailProbes() []probe {
	row := func(name, what string, l letter) probe {
		return probe{name: name, what: what, surface: history.SurfaceMail, place: "MAIL Probe " + name, client: "mailbox", mail: l}
	}
	inSubject := row("mail-subject", "a mail's subject", func(m mark) (string, []string, string) {
		return mime.QEncoding.Encode("utf-8", "Probe mail-subject – for "+m.value), nil, "nothing"
	})
	inSubject.place = "MAIL Probe mail-subject – for {}"
	return []probe{
		row("mail-text", "a mail's text", func(m mark) (string, []string, string) {
			return "Probe mail-text", []string{"Content-Transfer-Encoding: quoted-printable"}, quoted("Grüße für " + m.value)
		}),
		row("mail-html", "a mail's HTML", func(m mark) (string, []string, string) {
			return "Probe mail-html", parts("alternative"), part("text/plain", "", "nothing") + part("text/html", "base64", "<p>for <b>"+m.value+"</b></p>") + lastPart
		}),
		inSubject,
		row("mail-header", "another header line of a mail", func(m mark) (string, []string, string) {
			return "Probe mail-header", []string{"Reply-To: =?utf-8?B?" + base64.StdEncoding.EncodeToString([]byte("für "+m.value)) + "?= <note@probe.test>"}, "nothing"
		}),
		row("mail-pdf", "a PDF attached to a mail", func(m mark) (string, []string, string) {
			w := httptest.NewRecorder()
			pdf(w, nil, m)
			return "Probe mail-pdf", parts("mixed"), part("text/plain", "", "nothing") + part("application/pdf; name=invoice.pdf", "base64", w.Body.String()) + lastPart
		}),
		row("mail-forwarded", "a mail in a mail", func(m mark) (string, []string, string) {
			return "Probe mail-forwarded", parts("mixed"), part("message/rfc822", "", "Subject: inner\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nfor "+m.value+"\r\n") + lastPart
		}),
		row("mail-hidden", "a mail that has the viewer in Bcc alone", func(m mark) (string, []string, string) {
			return "Probe mail-hidden", []string{"To: undisclosed-recipients:;"}, "for " + m.value
		}),
	}
}

const boundary, lastPart = "probe-part", "--probe-part--\r\n"

func parts(kind string) []string {
	return []string{"Content-Type: multipart/" + kind + "; boundary=" + boundary}
}

func part(media, coding, body string) string {
	head := "--" + boundary + "\r\nContent-Type: " + media + "\r\n"
	if coding == "base64" {
		head += "Content-Transfer-Encoding: base64\r\n"
		text := base64.StdEncoding.EncodeToString([]byte(body))
		body = ""
		for len(text) > 76 {
			body, text = body+text[:76]+"\r\n", text[76:]
		}
		body += text
	}
	return head + "\r\n" + body + "\r\n"
}

func quoted(text string) string {
	var b bytes.Buffer
	w := quotedprintable.NewWriter(&b)
	_, _ = w.Write([]byte(text)) // a buffer takes everything
	_ = w.Close()
	return b.String()
}

// postLetters sends all mails to the viewer, as a shop's mailer does.
func postLetters(t *testing.T, l net.Listener, all []probe, viewer *customer.Customer, m mark) {
	for _, row := range all {
		if row.mail == nil {
			continue
		}
		subject, lines, body := row.mail(m)
		var text strings.Builder
		fmt.Fprintf(&text, "From: shop@probe.test\r\nSubject: %s\r\nMessage-ID: <%s@probe.test>\r\nMIME-Version: 1.0\r\n", subject, row.name)
		if head := strings.Join(lines, "\r\n") + "\r\n"; len(lines) > 0 {
			text.WriteString(head)
		}
		if !strings.Contains(text.String(), "Content-Type:") {
			text.WriteString("Content-Type: text/plain; charset=utf-8\r\n")
		}
		text.WriteString("\r\n" + body + "\r\n")
		require.NoError(t, smtp.SendMail(l.Addr().String(), nil, "shop@probe.test", []string{viewer.Email}, []byte(text.String())), row.name)
	}
}

// letterAt is the row whose mail stands at a place.
func letterAt(place history.Place) (string, bool) {
	rest, ok := strings.CutPrefix(string(place), "MAIL Probe ")
	name, _, _ := strings.Cut(rest, " ")
	return name, ok
}

func listen(ctx context.Context, t *testing.T) net.Listener {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	return l
}
