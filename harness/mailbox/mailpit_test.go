package mailbox_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/mailbox"
)

// pit answers as Mailpit does: the newest mail first, in pages, with
// credentials if it has any.
type pit struct {
	mu       sync.Mutex
	mails    []map[string]any // oldest first
	user     string
	broken   int // status of raw mails, if not 0
	paths    []string
	listed   int
	atBottom bool // new mails stand last, as with dates of their own
}

func (p *pit) add(id, subject string, to, cc, bcc []string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	people := func(list []string) []map[string]string {
		out := []map[string]string{}
		for _, a := range list {
			out = append(out, map[string]string{"Name": "", "Address": a})
		}
		return out
	}
	m := map[string]any{
		"ID": id, "MessageID": id + "@shop.example", "Subject": subject, "From": map[string]string{"Address": "shop@shop.example"},
		"To": people(to), "Cc": people(cc), "Bcc": people(bcc),
	}
	if p.atBottom {
		p.mails = append([]map[string]any{m}, p.mails...)
		return
	}
	p.mails = append(p.mails, m)
}

func (p *pit) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.paths = append(p.paths, r.URL.Path)
	if user, pass, _ := r.BasicAuth(); p.user != "" && user+":"+pass != p.user {
		w.Header().Set("WWW-Authenticate", `Basic realm="Login"`)
		http.Error(w, "not without a password", http.StatusUnauthorized)
		return
	}
	path := strings.TrimPrefix(r.URL.Path, "/mail/")
	if id, ok := strings.CutPrefix(path, "api/v1/message/"); ok {
		p.raw(w, strings.TrimSuffix(id, "/raw"))
		return
	}
	if path != "api/v1/messages" {
		http.NotFound(w, r)
		return
	}
	p.listed++
	start, _ := strconv.Atoi(r.FormValue("start"))
	limit, _ := strconv.Atoi(r.FormValue("limit"))
	page := []map[string]any{}
	for i := len(p.mails) - 1 - start; i >= 0 && len(page) < limit; i-- {
		page = append(page, p.mails[i])
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"total": len(p.mails), "messages": page, "start": start})
}

func (p *pit) raw(w http.ResponseWriter, id string) {
	if p.broken != 0 {
		http.Error(w, "sorry", p.broken)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	fmt.Fprintf(w, "Subject: whatever\r\n\r\nbody of %s\r\n", id)
}

func (p *pit) looks() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.listed
}

// follow begins to follow a server, with a place for what comes.
func follow(t *testing.T, base string) (*mailbox.Mailpit, *post) {
	t.Helper()
	p := &post{t: t}
	m, err := mailbox.Follow(t.Context(), base, mailbox.Options{Owner: mailbox.Owners(people), Deliver: p.deliver, Log: t.Output()})
	require.NoError(t, err)
	return m, p
}

func closePit(t *testing.T, m *mailbox.Mailpit) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	return m.Close(ctx)
}

func TestMailThatCameToMailpitSinceTheBeginningIsHandedOn(t *testing.T) {
	server := &pit{user: "qa:secret"}
	srv := httptest.NewServer(server)
	defer srv.Close()
	for i := range 450 {
		server.add(fmt.Sprintf("old%d", i), "old", []string{"anna@shop.example"}, nil, nil)
	}
	m, p := follow(t, strings.Replace(srv.URL, "http://", "http://qa:secret@", 1)+"/mail/")
	server.add("new1", "Order 10042", []string{"ANNA@shop.example"}, []string{"anna@shop.example"}, []string{"ben@shop.example", "x@y.example"})
	require.Eventually(t, func() bool { return len(p.got()) == 3 }, 20*time.Second, 10*time.Millisecond)
	for i := range 401 {
		server.add(fmt.Sprintf("late%d", i), "late", []string{"ben@shop.example"}, nil, nil)
	}
	require.NoError(t, closePit(t, m))
	require.Equal(t, []string{"c01", "c02", ""}, p.owners()[:3])
	first := p.got()[0]
	require.Equal(t, "body of new1", strings.TrimSpace(strings.Split(string(first.Raw), "\r\n\r\n")[1]))
	require.Equal(t, "shop@shop.example", first.From)
	require.Equal(t, "new1@shop.example", first.ID)
	require.EqualValues(t, "MAIL Order {}", first.Place)
	require.Len(t, p.got(), 3+401, "over several pages")
	require.Contains(t, string(p.got()[3].Raw), "late0\r\n", "the oldest first")
	for _, path := range server.paths {
		require.True(t, strings.HasSuffix(path, "/raw") || strings.HasSuffix(path, "/messages"), "%s: nothing that marks mail as read", path)
	}
}

func TestMailWithADateOfItsOwnIsFoundAtTheEnd(t *testing.T) {
	server := &pit{}
	srv := httptest.NewServer(server)
	defer srv.Close()
	for i := range 300 {
		server.add(fmt.Sprintf("old%d", i), "old", nil, nil, nil)
	}
	m, p := follow(t, srv.URL+"/mail")
	server.mu.Lock()
	server.atBottom = true
	server.mu.Unlock()
	server.add("new", "dated 1999", []string{"anna@shop.example"}, nil, nil)
	require.NoError(t, closePit(t, m))
	require.Equal(t, []string{"c01"}, p.owners())
}

func TestMailThatMailpitDoesNotGiveIsUnseen(t *testing.T) {
	for status, fails := range map[int]bool{http.StatusNotFound: false, http.StatusInternalServerError: true} {
		server := &pit{}
		srv := httptest.NewServer(server)
		m, p := follow(t, srv.URL+"/mail")
		server.mu.Lock()
		server.broken = status
		server.mu.Unlock()
		server.add("new", "lost", []string{"anna@shop.example"}, nil, nil)
		before := server.looks()
		require.Eventually(t, func() bool { return server.looks() > before+1 }, 20*time.Second, 10*time.Millisecond)
		require.Equal(t, fails, closePit(t, m) != nil)
		require.Len(t, p.got(), 1, "once, however often it was asked for")
		require.Equal(t, mailbox.UnseenGone, p.got()[0].Unseen)
		srv.Close()
	}
}

func TestAnswersOfTheDocumentedShapeAreRead(t *testing.T) {
	documented, err := os.ReadFile("testdata/messages.json")
	require.NoError(t, err)
	listed := false
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasSuffix(r.URL.Path, "/raw"):
			_, _ = w.Write([]byte(letter))
		case listed:
			_, _ = w.Write(documented)
		default:
			listed = true
			_, _ = w.Write([]byte(`{"total":0,"messages":[]}`))
		}
	}))
	defer srv.Close()
	m, p := follow(t, srv.URL)
	require.NoError(t, closePit(t, m))
	require.Equal(t, []string{"", "c01", "c02"}, p.owners(), "the one without a recipient is the older")
	require.EqualValues(t, "MAIL Ihre Bestellung {} ist bestätigt", p.got()[2].Place)
}

func TestWhatIsNoMailpitIsRefusedAtOnce(t *testing.T) {
	for name, c := range map[string]struct {
		status     int
		body, want string
	}{
		"another site": {200, "<!doctype html>", "does not answer as Mailpit does"},
		"another API":  {200, `{"items":[]}`, "does not answer as Mailpit does"},
		"a login":      {401, "no", "answers 401: put user and password"},
		"a proxy":      {502, "no", "answers 502"},
	} {
		t.Run(name, func(t *testing.T) {
			srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(c.status)
				_, _ = w.Write([]byte(c.body))
			}))
			defer srv.Close()
			_, err := mailbox.Follow(t.Context(), strings.Replace(srv.URL, "//", "//qa:secret@", 1), mailbox.Options{})
			require.ErrorContains(t, err, c.want)
			require.NotContains(t, err.Error(), "secret")
		})
	}
	for _, base := range []string{"", "mail:8025", "http://", "ftp://mail", "http://qa:secret@[", "http://qa:secret@127.0.0.1:1"} {
		_, err := mailbox.Follow(t.Context(), base, mailbox.Options{})
		require.Error(t, err, base)
		require.NotContains(t, err.Error(), "secret")
	}
}

func TestAMailpitThatHangsDoesNotHoldUpTheEnd(t *testing.T) {
	hang := make(chan struct{})
	first := true
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !first {
			select {
			case <-hang:
			case <-r.Context().Done():
			}
		}
		first = false
		_, _ = w.Write([]byte(`{"messages":[]}`))
	}))
	defer srv.Close()
	defer close(hang)
	m, _ := follow(t, srv.URL)
	ctx, cancel := context.WithTimeout(context.Background(), 200*time.Millisecond)
	defer cancel()
	began := time.Now()
	require.Error(t, m.Close(ctx))
	require.Less(t, time.Since(began), 15*time.Second)
}
