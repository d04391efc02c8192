package demoshop_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-message/mail"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"crosstalk/harness/mailbox"
	"crosstalk/scenarios/demoshop"
)

// postbox is a mail server and what it received.
type postbox struct {
	mu   sync.Mutex
	mail []mailbox.Mail
	addr string
}

func newPostbox(t testing.TB) *postbox {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	p := &postbox{}
	owners := mailbox.Owners(map[string]string{"zoe": zoe().email, "jan": jan().email})
	s, err := mailbox.Serve(l, mailbox.Options{Owner: owners, Deliver: p.deliver, Log: t.Output()})
	require.NoError(t, err)
	p.addr = s.Addr()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		assert.NoError(t, s.Close(ctx))
	})
	return p
}

func (p *postbox) deliver(m mailbox.Mail) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.mail = append(p.mail, m)
}

// of lists what an owner received.
func (p *postbox) of(owner string) []mailbox.Mail {
	p.mu.Lock()
	defer p.mu.Unlock()
	var out []mailbox.Mail
	for _, m := range p.mail {
		if m.Owner == owner {
			out = append(out, m)
		}
	}
	return out
}

func serve(t *testing.T, shop *demoshop.Shop) string {
	srv := httptest.NewServer(shop)
	t.Cleanup(srv.Close)
	return srv.URL
}

// parts takes a mail apart: texts, and attachments by file name.
func parts(t *testing.T, raw []byte) (h mail.Header, texts, files map[string]string) {
	t.Helper()
	r, err := mail.CreateReader(bytes.NewReader(raw))
	require.NoError(t, err)
	texts, files = map[string]string{}, map[string]string{}
	for {
		p, err := r.NextPart()
		if errors.Is(err, io.EOF) {
			return r.Header, texts, files
		}
		require.NoError(t, err)
		b, err := io.ReadAll(p.Body)
		require.NoError(t, err)
		switch h := p.Header.(type) {
		case *mail.InlineHeader:
			kind, _, err := h.ContentType()
			require.NoError(t, err)
			texts[kind] = string(b)
		case *mail.AttachmentHeader:
			name, err := h.Filename()
			require.NoError(t, err)
			files[name] = string(b)
		}
	}
}

func TestEachCustomerGetsTheirOwnMailInTheirOwnLanguage(t *testing.T) {
	box := newPostbox(t)
	shop, err := demoshop.New(demoshop.Options{Latency: -1, SMTP: box.addr})
	require.NoError(t, err)
	base := serve(t, shop)
	var both sync.WaitGroup
	for _, p := range []person{zoe(), jan()} {
		both.Go(func() {
			c := newClient(t, base)
			c.signUp(p, nil)
			c.buy(p, nil)
		})
	}
	both.Wait()
	shop.Close()
	for owner, want := range map[string]struct {
		p        person
		other    person
		subjects []string
		file     string
	}{
		"zoe": {zoe(), jan(), []string{"Välkommen till Northlight, Zoë", "Din beställning 1000N är bekräftad"}, "faktura-1000N.pdf"},
		"jan": {jan(), zoe(), []string{"Witamy w Northlight, Łukasz", "Twoje zamówienie 1000N jest potwierdzone"}, "faktura-1000N.pdf"},
	} {
		got := box.of(owner)
		require.Len(t, got, 2, owner)
		for i, m := range got {
			assert.Equal(t, want.subjects[i], strings.NewReplacer("10001", "1000N", "10002", "1000N").Replace(m.Subject))
			h, texts, files := parts(t, m.Raw)
			to, err := h.AddressList("To")
			require.NoError(t, err)
			assert.Equal(t, want.p.email, to[0].Address)
			assert.Equal(t, want.p.first+" "+want.p.last, to[0].Name)
			sent, err := h.Date()
			require.NoError(t, err)
			assert.WithinDuration(t, time.Now(), sent, time.Minute)
			assert.NotEmpty(t, m.ID)
			for _, kind := range []string{"text/plain", "text/html"} {
				for _, s := range []string{want.p.first, want.p.last, want.p.address(), want.p.email} {
					assert.Contains(t, texts[kind], s, kind)
				}
				assert.NotContains(t, texts[kind], want.other.last)
				assert.NotContains(t, texts[kind], "{")
				assert.Equal(t, i == 1, strings.Contains(texts[kind], want.p.gift))
			}
			require.Len(t, files, i, "the invoice comes with the order")
			for name, pdf := range files {
				assert.Equal(t, want.file, strings.NewReplacer("10001", "1000N", "10002", "1000N").Replace(name))
				assert.True(t, strings.HasPrefix(pdf, "%PDF-"))
			}
		}
	}
	assert.Len(t, box.mail, 4)
}

func TestAMailerThatKeepsItsRecipientsSendsOthersMailToo(t *testing.T) {
	box := newPostbox(t)
	shop, err := demoshop.New(demoshop.Options{Latency: -1, SMTP: box.addr})
	require.NoError(t, err)
	shop.ForgetfulMailer()
	base := serve(t, shop)
	newClient(t, base).signUp(zoe(), nil)
	newClient(t, base).signUp(jan(), nil)
	shop.Close()
	require.Len(t, box.of("jan"), 1)
	got := box.of("zoe")
	require.Len(t, got, 2)
	_, texts, _ := parts(t, got[1].Raw)
	require.Contains(t, texts["text/plain"], jan().last)
}

func TestAGuestAndAnAppGetTheirConfirmations(t *testing.T) {
	box := newPostbox(t)
	shop, err := demoshop.New(demoshop.Options{Latency: -1, SMTP: box.addr})
	require.NoError(t, err)
	base := serve(t, shop)
	newClient(t, base).buy(jan(), jan().fields())
	newClient(t, base).signUp(zoe(), nil)
	app := newClient(t, base)
	token := login(app, zoe())
	app.api("POST", "/api/basket", token, `{"product": 101, "quantity": 1}`)
	app.api("POST", "/api/orders", token, "{}")
	shop.Close()
	require.Len(t, box.of("jan"), 1)
	require.Len(t, box.of("zoe"), 2)
}

func TestARenamedShopPutsItsMailsDifferently(t *testing.T) {
	said := map[uint64]map[string]bool{}
	for _, seed := range []uint64{0, 1, 2} {
		box := newPostbox(t)
		shop, err := demoshop.New(demoshop.Options{Latency: -1, SMTP: box.addr, Rename: seed})
		require.NoError(t, err)
		c := newClient(t, serve(t, shop))
		c.signUp(zoe(), nil)
		c.buy(zoe(), nil)
		shop.Close()
		require.Len(t, box.of("zoe"), 2)
		said[seed] = map[string]bool{}
		for _, m := range box.of("zoe") {
			said[seed][m.Subject] = true
			_, texts, files := parts(t, m.Raw)
			for line := range strings.Lines(texts["text/plain"]) {
				if len(line) > 40 && !strings.Contains(line, "Northlight") {
					said[seed][line] = true
				}
			}
			for name := range files {
				said[seed][name] = true
			}
		}
	}
	for seed, other := range map[uint64]uint64{0: 1, 1: 2, 2: 0} {
		for line := range said[seed] {
			assert.NotContains(t, said[other], line, "seeds %d and %d", seed, other)
		}
	}
}

func TestAMailServerThatIsDownOrSilentDoesNotHoldUpACheckout(t *testing.T) {
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	silent := l.Addr().String() // nobody ever answers there
	t.Cleanup(func() { _ = l.Close() })
	for name, addr := range map[string]string{"down": "127.0.0.1:1", "silent": silent} {
		t.Run(name, func(t *testing.T) {
			t.Parallel() // most of it is waiting
			shop, err := demoshop.New(demoshop.Options{Latency: -1, SMTP: addr})
			require.NoError(t, err)
			c := newClient(t, serve(t, shop))
			began := time.Now()
			c.signUp(zoe(), nil)
			require.Contains(t, c.buy(zoe(), nil).text(), "Thank you")
			require.Less(t, time.Since(began), 8*time.Second, "it takes ten to give up such a server")
			began = time.Now()
			shop.Close()
			require.Less(t, time.Since(began), 15*time.Second)
		})
	}
}
