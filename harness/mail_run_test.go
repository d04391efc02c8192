package harness

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/smtp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/history"
	"crosstalk/harness/leak"
	"crosstalk/harness/mailbox"
	"crosstalk/scenarios"
)

const mailingShop = `
name: mailing
journeys:
  app:
    client: api
    customer: one
    setup:
      - request: {method: POST, url: /accounts, json: {email: "{{email}}", first: "{{first}}"}}
    steps:
      - request: {method: POST, url: /login, json: {email: "{{email}}"}}
      - request: {url: /me}
      - shows: [email]
      - request: {method: POST, url: /order, json: {gift: "{{gift}}"}}
      - request: {url: /me}
    cleanup:
      - request: {method: POST, url: /login, json: {email: "{{email}}"}}
      - request: {method: POST, url: /leave}
`

// mailer is a shop that writes to its customers when they sign up, order and
// leave.
type mailer struct {
	to     string // the mail server
	staff  string // gets a copy of each order
	crowd  bool   // orders are announced to all who never signed in, without a word about whose
	mixed  bool   // each order's mail goes to the customer who ordered before
	letter bool   // everybody is sent news after the first order

	mu       sync.Mutex
	accounts map[string]string // session → e-mail
	names    map[string]string
	signed   []string
	came     map[string]bool // who signed in
	before   string
	news     bool
	wrong    error
}

func (m *mailer) send(to, subject, text string) {
	raw := fmt.Sprintf("From: Shop <shop@mailing.test>\r\nTo: %s\r\nSubject: %s\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n%s\r\n", to, subject, text)
	if err := smtp.SendMail(m.to, nil, "shop@mailing.test", []string{to}, []byte(raw)); err != nil {
		m.wrong = err
	}
}

func (m *mailer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	m.mu.Lock()
	defer m.mu.Unlock()
	email := ""
	if cookie, err := r.Cookie("sid"); err == nil {
		email = m.accounts[cookie.Value]
	}
	var in struct{ Email, First, Gift string }
	_ = json.NewDecoder(r.Body).Decode(&in)
	switch r.Method + " " + r.URL.Path {
	case "POST /accounts":
		m.signed = append(m.signed, in.Email)
		m.names[in.Email] = in.First
		m.send(in.Email, "Welcome, "+in.First, "Nice to have you, "+in.First)
	case "POST /login":
		sid := fmt.Sprintf("%d-%s", len(m.accounts), strings.ReplaceAll(in.Email, "@", "-"))
		m.accounts[sid], m.came[in.Email] = in.Email, true
		http.SetCookie(w, &http.Cookie{Name: "sid", Value: sid, Path: "/"})
	case "GET /me":
		_ = json.NewEncoder(w).Encode(map[string]string{"email": email})
	case "POST /order":
		m.ordered(email, in.Gift)
	case "POST /leave":
		m.send(email, "Good-bye", "Come again, "+m.names[email])
	}
}

func (m *mailer) ordered(email, gift string) {
	to := email
	if m.mixed && m.before != "" {
		to = m.before
	}
	m.before = email
	m.send(to, fmt.Sprintf("Order %d is on its way", 10_000+len(m.accounts)), "Dear "+m.names[email]+", your note was "+gift)
	if m.staff != "" {
		m.send(m.staff, fmt.Sprintf("Copy of order %d", 10_000+len(m.accounts)), "For "+email)
	}
	for _, all := range m.signed {
		if m.crowd && !m.came[all] {
			m.send(all, "Somebody just ordered", "Hurry up!")
		}
	}
	if m.letter && !m.news {
		m.news = true
		for _, all := range m.signed {
			m.send(all, "News", "We have news.")
		}
	}
}

// judged runs against the shop, with a mail server of the run's own.
func (m *mailer) judged(t *testing.T, change func(*Config)) (Result, []history.Event) {
	t.Helper()
	m.accounts, m.names, m.came = map[string]string{}, map[string]string{}, map[string]bool{}
	shop := httptest.NewServer(m)
	defer shop.Close()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	m.to = listener.Addr().String()
	sc, err := scenarios.Parse("mailing.yaml", []byte(mailingShop), func(string) (string, bool) { return "", false })
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Minute)
	defer cancel()
	c := Config{Scenario: sc, Target: shop.URL, Customers: 3, Seed: 7, Rounds: 4, Schedules: []string{history.PhaseRelay, history.PhaseMingle}, Out: t.TempDir(), MailListener: listener, Settle: 300 * time.Millisecond}
	if change != nil {
		change(&c)
	}
	r, err := Run(ctx, c)
	require.NoError(t, err)
	require.NoError(t, m.wrong)
	return r, events(t, r.Folder)
}

func TestMailThatReachesItsOwnersRaisesNothing(t *testing.T) {
	t.Parallel()
	r, recorded := (&mailer{}).judged(t, nil)
	require.Empty(t, r.Findings)
	require.Equal(t, leak.Isolated, r.Verdict, r.Reasons)
	require.True(t, r.Mail.Watched)
	require.Empty(t, r.Mail.Strays)
	require.Equal(t, 3, r.Customers)
	require.Equal(t, 1, r.Bystanders)
	walks, open := 0, map[string]bool{}
	mails := map[string]map[history.Place]int{}
	for _, e := range recorded {
		switch {
		case e.Session != nil && e.Session.Client == history.ClientMailbox:
			open[e.Session.ID] = true
		case e.Session != nil:
			walks++
		case e.Closed != nil:
			delete(open, e.Closed.Session)
		case e.Sighting != nil && e.Sighting.Surface == history.SurfaceMail:
			if mails[e.Sighting.Viewer] == nil {
				mails[e.Sighting.Viewer] = map[history.Place]int{}
			}
			mails[e.Sighting.Viewer][e.Sighting.Place]++
		}
	}
	require.Empty(t, open, "mailboxes that were not closed")
	require.Equal(t, walks, r.Sessions, "a mailbox is no session that walked")
	require.Len(t, mails, 4)
	require.Equal(t, map[history.Place]int{"MAIL Welcome, {}": 1, "MAIL Good-bye": 1}, mails["c04"], "the bystander signed up and left")
	require.Positive(t, mails["c01"]["MAIL Order {} is on its way"])
}

func TestMailThatReachesAnotherCustomerIsALeak(t *testing.T) {
	t.Parallel()
	r, _ := (&mailer{mixed: true}).judged(t, nil)
	require.Equal(t, leak.Leak, r.Verdict)
	for _, f := range r.Findings {
		require.Equal(t, history.SurfaceMail, f.Surface, f)
		require.Equal(t, leak.CauseMailMixUp, f.Cause, f.Evidence)
	}
}

func TestACopyForTheStaffIsForAPersonToWeigh(t *testing.T) {
	t.Parallel()
	r, _ := (&mailer{staff: "Orders@mailing.test"}).judged(t, nil)
	require.Equal(t, leak.Inconclusive, r.Verdict)
	require.NotEmpty(t, r.Findings)
	for _, f := range r.Findings {
		require.Equal(t, leak.Suspicion, f.Strength)
		require.Equal(t, "orders@mailing.test", f.Viewer)
		require.Equal(t, history.Place("MAIL Copy of order {} to orders@mailing.test"), f.Place)
	}
	require.Len(t, r.Mail.Strays, 1)
	require.Equal(t, "orders@mailing.test", r.Mail.Strays[0].To)
	require.Equal(t, "Copy of order {}", r.Mail.Strays[0].Subject)
	require.Greater(t, r.Mail.Strays[0].Count, 5)

	r, _ = (&mailer{staff: "orders@mailing.test"}).judged(t, func(c *Config) {
		c.Scenario.Allow = []scenarios.Allowance{{Place: "MAIL * to orders@mailing.test", Kind: "*", Reason: "the packers need it"}}
		c.Scenario.Source = append(c.Scenario.Source, "allow: [{place: \"MAIL * to orders@mailing.test\", kind: \"*\", reason: packers}]\n"...)
	})
	require.Equal(t, leak.Isolated, r.Verdict, r.Reasons)
}

func TestABystanderIsSentNothing(t *testing.T) {
	t.Parallel()
	r, _ := (&mailer{crowd: true}).judged(t, nil)
	require.Equal(t, leak.Inconclusive, r.Verdict)
	require.Len(t, r.Findings, 1)
	f := r.Findings[0]
	require.Equal(t, leak.RuleBystander, f.Rule)
	require.Equal(t, "c04", f.Viewer)
	require.Equal(t, history.Place("MAIL Somebody just ordered"), f.Place)

	r, _ = (&mailer{letter: true}).judged(t, nil)
	require.Equal(t, leak.Isolated, r.Verdict, "news for all: %v", r.Reasons)
}

func TestBystandersChangeNobodyElse(t *testing.T) {
	t.Parallel()
	people := func(change func(*Config)) []Person {
		r, _ := (&mailer{}).judged(t, change)
		return r.People
	}
	none := people(func(c *Config) { c.Bystanders = NoBystanders })
	two := people(func(c *Config) { c.Bystanders = 2 })
	require.Len(t, none, 3)
	require.Len(t, two, 5)
	require.Equal(t, none, two[:3])
	require.True(t, two[3].Bystander && two[4].Bystander)
}

func TestAPortThatIsTakenEndsTheRunBeforeItBegins(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { require.NoError(t, taken.Close()) }()
	sc, err := scenarios.Parse("mailing.yaml", []byte(mailingShop), func(string) (string, bool) { return "", false })
	require.NoError(t, err)
	_, err = Run(t.Context(), Config{Scenario: sc, Target: "http://127.0.0.1:1", Out: t.TempDir(), SMTP: taken.Addr().String()})
	var config *ConfigError
	require.ErrorAs(t, err, &config)
	require.Contains(t, err.Error(), "--smtp")
}

func TestASubjectIsTheSameForEverybody(t *testing.T) {
	words := []string{"anna berg", "zoë", "anna", "berg"}
	for subject, want := range map[string]string{
		"Anna Berg, your order": "{}, your order",
		"Thanks ZOË!":           "Thanks {}!",
		"Bergen by night":       "Bergen by night",
		"Annabel and Anna":      "Annabel and {}",
		"İ am Anna":             "i am {}",
	} {
		require.Equal(t, want, blanked(subject, words))
	}
}

func TestAMailerThatWentMadFillsNoDisk(t *testing.T) {
	dir := t.TempDir()
	journal, err := history.Create(dir, nil)
	require.NoError(t, err)
	p := &post{open: make(chan struct{}), sessions: map[history.Session]string{}, received: map[string]int{}}
	p.deliverTo(newRecorder(journal, dir))
	big := make([]byte, mostMailBytes/4)
	for range 6 {
		p.deliver(mailbox.Mail{Owner: "c01", To: "a@shop.test", Place: "MAIL Big", Raw: big})
	}
	for range 2 * mostMails {
		p.deliver(mailbox.Mail{Owner: "c01", To: "a@shop.test", Place: "MAIL Hello", Raw: []byte("x")})
		p.deliver(mailbox.Mail{To: "b@shop.test", Place: "MAIL Hello", Raw: []byte("x")})
	}
	require.NoError(t, journal.Close())
	whole, unseen := map[string]int{}, map[history.Place]int{}
	for _, e := range events(t, dir) {
		switch {
		case e.Sighting == nil:
		case e.Sighting.Body.Unseen == "":
			whole[e.Sighting.Viewer]++
		default:
			require.Equal(t, unseenTooMany, e.Sighting.Body.Unseen)
			unseen[e.Sighting.Place]++
		}
	}
	require.Equal(t, 4, whole["c01"], "what fits")
	require.Equal(t, 2, unseen["MAIL {}"], "one for all that follow, of each")
	require.Equal(t, mostMails-4, unseen["MAIL Big"]+unseen["MAIL Hello"])
}
