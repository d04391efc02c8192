package mailbox_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/smtp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/mailbox"
)

// post is a mailbox server and what it delivered.
type post struct {
	*mailbox.Server
	t    *testing.T
	mu   sync.Mutex
	mail []mailbox.Mail
}

var people = map[string]string{"c01": "anna@shop.example", "c02": "ben@shop.example"}

func open(t *testing.T, change ...func(*mailbox.Options)) *post {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	p := &post{t: t}
	o := mailbox.Options{Owner: mailbox.Owners(people), Deliver: p.deliver, Log: t.Output()}
	for _, c := range change {
		c(&o)
	}
	p.Server, err = mailbox.Serve(l, o)
	require.NoError(t, err)
	return p
}

func (p *post) deliver(m mailbox.Mail) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.mail = append(p.mail, m)
}

func (p *post) got() []mailbox.Mail {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.mail
}

// owners lists who got mail, in order.
func (p *post) owners() []string {
	var out []string
	for _, m := range p.got() {
		out = append(out, m.Owner)
	}
	return out
}

func (p *post) close(within time.Duration) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), within)
	defer cancel()
	require.NoError(p.t, p.Close(ctx))
}

func (p *post) send(to []string, content string) {
	p.t.Helper()
	require.NoError(p.t, smtp.SendMail(p.Addr(), nil, "shop@shop.example", to, []byte(content)))
}

// dial is a client that can be as bad as it likes.
func (p *post) dial(lines ...string) net.Conn {
	p.t.Helper()
	c, err := new(net.Dialer).DialContext(p.t.Context(), "tcp", p.Addr())
	require.NoError(p.t, err)
	p.t.Cleanup(func() { _ = c.Close() })
	p.say(c, lines...)
	return c
}

func (p *post) say(c net.Conn, lines ...string) {
	p.t.Helper()
	_, err := io.WriteString(c, strings.Join(lines, ""))
	require.NoError(p.t, err)
}

// hear reads until a text came.
func (p *post) hear(c net.Conn, want string) {
	p.t.Helper()
	require.NoError(p.t, c.SetReadDeadline(time.Now().Add(10*time.Second)))
	var all bytes.Buffer
	for b := make([]byte, 4096); !strings.Contains(all.String(), want); {
		n, err := c.Read(b)
		all.Write(b[:n])
		require.NoError(p.t, err, "waiting for %q in %q", want, all.String())
	}
}

const letter = "From: Shop <shop@shop.example>\r\nTo: Anna <anna@shop.example>\r\nSubject: Order 10042\r\n confirmed\r\nMessage-ID: <7@shop.example>\r\n\r\nHello Anna\r\n.dot\r\n"

// onWire is the letter as a client says it: a dot at the beginning of a line is
// said twice.
const onWire = "From: Shop <shop@shop.example>\r\nTo: Anna <anna@shop.example>\r\nSubject: Order 10042\r\n confirmed\r\nMessage-ID: <7@shop.example>\r\n\r\nHello Anna\r\n..dot\r\n"

func TestTheEnvelopeDecidesWhoseMailboxAMailIsIn(t *testing.T) {
	p := open(t)
	p.send([]string{"ANNA+news@Shop.Example", "ben@shop.example", "stray@elsewhere.example", "anna+news@shop.example"}, letter)
	p.close(time.Second)
	require.Equal(t, []string{"c01", "c02", ""}, p.owners(), "each recipient once, Ben's blind copy too")
	m := p.got()[0]
	require.Equal(t, "ANNA+news@Shop.Example", m.To)
	require.Equal(t, "shop@shop.example", m.From)
	require.Equal(t, "Order 10042 confirmed", m.Subject)
	require.Equal(t, "7@shop.example", m.ID)
	require.EqualValues(t, "MAIL Order {} confirmed", m.Place)
	require.Equal(t, letter, string(m.Raw), "as it came, its dot as it was meant")
	require.Empty(t, m.Unseen)
}

func TestAShopMaySignInAndEncrypt(t *testing.T) {
	p := open(t, func(o *mailbox.Options) { o.StartTLS = true })
	for _, auth := range []smtp.Auth{nil, smtp.PlainAuth("", "any", "thing", "127.0.0.1"), smtp.CRAMMD5Auth("any", "thing")} {
		for _, secure := range []bool{true, false} {
			c, err := smtp.Dial(p.Addr())
			require.NoError(t, err)
			if secure {
				require.NoError(t, c.StartTLS(&tls.Config{InsecureSkipVerify: true})) //nolint:gosec // nobody vouches for it
			}
			if auth != nil {
				require.NoError(t, c.Auth(auth))
			}
			require.NoError(t, c.Mail("shop@shop.example"))
			require.NoError(t, c.Rcpt("ben@shop.example"))
			w, err := c.Data()
			require.NoError(t, err)
			_, err = io.WriteString(w, letter)
			require.NoError(t, err)
			require.NoError(t, w.Close())
			require.NoError(t, c.Quit())
		}
	}
	p.close(time.Second)
	require.Len(t, p.got(), 6)
}

func TestAMailerThatSignsInByQuestionsIsWelcome(t *testing.T) {
	for name, talk := range map[string][]string{
		"login, asked":      {"AUTH LOGIN\r\n", "334 VXNlcm5hbWU6", "YQ==\r\n", "334 UGFzc3dvcmQ6", "Yg==\r\n", "235"},
		"login, name given": {"AUTH LOGIN YQ==\r\n", "334 UGFzc3dvcmQ6", "Yg==\r\n", "235"},
		"plain, asked":      {"AUTH PLAIN\r\n", "334", "AGEAYg==\r\n", "235"},
		"plain, broken":     {"AUTH PLAIN YQ==\r\n", "235"},
	} {
		t.Run(name, func(t *testing.T) {
			p := open(t)
			c := p.dial("EHLO shop\r\n")
			p.hear(c, "SMTPUTF8")
			for i, line := range talk {
				if strings.HasSuffix(line, "\r\n") {
					p.say(c, line)
				} else {
					p.hear(c, talk[i])
				}
			}
			p.close(time.Second)
		})
	}
}

func TestEncryptionIsNotOfferedUnasked(t *testing.T) {
	p := open(t)
	c, err := smtp.Dial(p.Addr())
	require.NoError(t, err)
	offered, _ := c.Extension("STARTTLS")
	require.False(t, offered, "mailers that upgrade when they can would refuse our certificate")
	require.NoError(t, c.Close())
	p.close(time.Second)
}

func TestNonASCIIEnvelopesAreUnderstood(t *testing.T) {
	p := open(t, func(o *mailbox.Options) {
		o.Owner = mailbox.Owners(map[string]string{"c09": "zoë@käthe.example"})
	})
	c := p.dial("EHLO shop\r\n")
	p.hear(c, "SMTPUTF8")
	p.say(c, "MAIL FROM:<bücher@käthe.example> BODY=8BITMIME SMTPUTF8 RET=HDRS\r\n",
		"RCPT TO:<Zoë@KÄTHE.example> NOTIFY=NEVER\r\n", "DATA\r\nSubject: Grüße\r\n\r\nköstlich\r\n.\r\nQUIT\r\n")
	p.hear(c, "221")
	p.close(time.Second)
	require.Equal(t, []string{"c09"}, p.owners(), "commands may come all at once")
	require.Equal(t, "Grüße", p.got()[0].Subject)
}

func TestOverlongMailIsKnownByItsBeginning(t *testing.T) {
	p := open(t)
	c := p.dial("HELO shop\r\nMAIL FROM:<>\r\nRCPT TO:<anna@shop.example>\r\n")
	p.hear(c, "get")
	p.say(c, "DATA\r\n")
	p.hear(c, "354")
	p.say(c, onWire)
	chunk := strings.Repeat("x", 1<<20) // no line break in it, as some mailers write base64
	for range mailbox.MaxSize>>20 + 1 {
		p.say(c, chunk)
	}
	p.say(c, "\r\n.\r\n")
	p.hear(c, "queued")
	p.send([]string{"ben@shop.example"}, letter)
	p.close(time.Second)
	require.Equal(t, []string{"c01", "c02"}, p.owners())
	m := p.got()[0]
	require.Equal(t, mailbox.UnseenLarge, m.Unseen)
	require.Len(t, m.Raw, mailbox.MaxSize)
	require.Equal(t, "shop@shop.example", m.From, "a bounce has its sender in the header only")
}

func TestMailsWithoutLineBreaksComeWhole(t *testing.T) {
	p := open(t)
	p.send([]string{"anna@shop.example"}, letter+strings.Repeat("QUJD", 1<<20))
	p.close(time.Second)
	require.Empty(t, p.got()[0].Unseen)
	require.Len(t, p.got()[0].Raw, len(letter)+4<<20+2)
}

func TestMailThatIsCutOffIsUnseen(t *testing.T) {
	p := open(t)
	c := p.dial("HELO shop\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<anna@shop.example>\r\nDATA\r\n")
	p.hear(c, "354")
	p.say(c, onWire)
	require.NoError(t, c.Close())
	require.Eventually(t, func() bool { return len(p.got()) == 1 }, 20*time.Second, 5*time.Millisecond)
	p.close(time.Second)
	require.Equal(t, mailbox.UnseenCut, p.got()[0].Unseen)
	require.Equal(t, letter, string(p.got()[0].Raw))
}

func TestBadClientsNeitherHoldUpOthersNorTheEnd(t *testing.T) {
	for name, bad := range map[string]func(p *post){
		"silent":      func(p *post) { p.dial() },
		"never quits": func(p *post) { p.hear(p.dial("EHLO x\r\n"), "SMTPUTF8") },
		"half a mail": func(p *post) {
			p.hear(p.dial("EHLO x\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<x@y.example>\r\nDATA\r\nSubj"), "354")
		},
		"bare feeds": func(p *post) {
			p.hear(p.dial("EHLO x\nMAIL FROM:<a@b.example>\nRCPT TO:<x@y.example>\nDATA\nSubject: x\n\nx\n.\n"), "354")
		},
		"binary": func(p *post) {
			p.hear(p.dial(string([]byte{0, 1, 2, 255, 254, '\n'}), "\r\n\x80\r\n", "\xff\xff\xff\xff\xff\r\n"), "50")
		},
		"long command": func(p *post) { p.dial("EHLO ", strings.Repeat("x", 3<<20)) },
		"no end of chunk": func(p *post) {
			p.hear(p.dial("EHLO x\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<x@y.example>\r\nBDAT 1000\r\nxyz"), "get")
		},
		"tls where there is none": func(p *post) { p.hear(p.dial("EHLO x\r\nSTARTTLS\r\n"), "502") },
	} {
		t.Run(name, func(t *testing.T) {
			p := open(t)
			bad(p)
			p.send([]string{"anna@shop.example"}, letter)
			began := time.Now()
			p.close(5 * time.Second)
			require.Less(t, time.Since(began), 15*time.Second)
			require.Contains(t, p.owners(), "c01")
		})
	}
}

func TestAMailThatIsComingInAtTheEndStillComes(t *testing.T) {
	p := open(t)
	c := p.dial("EHLO x\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<anna@shop.example>\r\nDATA\r\n")
	p.hear(c, "354")
	closed := make(chan struct{})
	go func() { defer close(closed); p.close(5 * time.Second) }()
	require.Eventually(t, func() bool { // nobody new is let in
		again, err := net.Dial("tcp", p.Addr())
		if err == nil {
			_ = again.Close()
		}
		return err != nil
	}, 5*time.Second, 5*time.Millisecond)
	p.say(c, onWire, ".\r\n")
	p.hear(c, "queued")
	<-closed
	require.Equal(t, []string{"c01"}, p.owners())
	require.Empty(t, p.got()[0].Unseen)
}

func TestTenThousandRecipientsGetOneMailEach(t *testing.T) {
	p := open(t)
	var b strings.Builder
	b.WriteString("EHLO x\r\nMAIL FROM:<a@b.example>\r\n")
	for i := range 10_000 {
		fmt.Fprintf(&b, "RCPT TO:<r%d@y.example>\r\n", i)
	}
	b.WriteString("RCPT TO:<anna@shop.example>\r\nDATA\r\n")
	c := p.dial()
	go func() { _, _ = io.WriteString(c, b.String()) }()
	p.hear(c, "354")
	p.say(c, onWire, ".\r\n")
	p.hear(c, "queued")
	p.close(time.Second)
	require.Len(t, p.got(), 10_001)
	require.Equal(t, "c01", p.got()[10_000].Owner)
}

func TestCrowdsOfIdleClientsDoNotKeepMailOut(t *testing.T) {
	p := open(t)
	for range 200 {
		p.dial()
	}
	p.send([]string{"anna@shop.example"}, letter)
	p.close(5 * time.Second)
	require.Equal(t, []string{"c01"}, p.owners())
}

func TestADeliveryThatHangsIsSaid(t *testing.T) {
	release := make(chan struct{})
	entered := make(chan struct{})
	p := open(t, func(o *mailbox.Options) {
		o.Deliver = func(mailbox.Mail) { close(entered); <-release }
	})
	c := p.dial("EHLO x\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<anna@shop.example>\r\nDATA\r\n", onWire, ".\r\n")
	<-entered
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	require.ErrorContains(t, p.Close(ctx), "still being delivered")
	close(release)
	_ = c.Close()
}

func TestMailInChunksComesWhole(t *testing.T) {
	p := open(t)
	c := p.dial("EHLO x\r\nMAIL FROM:<a@b.example> BODY=BINARYMIME\r\nRCPT TO:<anna@shop.example>\r\n")
	p.hear(c, "get")
	p.say(c, fmt.Sprintf("BDAT %d\r\n%sBDAT %d LAST\r\n\x00\x01\n.\r\n", len(letter), letter, 6))
	p.hear(c, "queued")
	p.close(time.Second)
	require.Equal(t, []string{"c01"}, p.owners())
	require.Equal(t, letter+"\x00\x01\n.\r\n", string(p.got()[0].Raw))
	require.Empty(t, p.got()[0].Unseen)
}
