package api_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"crosstalk/harness/api"
	"crosstalk/harness/customer"
	"crosstalk/harness/history"
	"crosstalk/scenarios"

	"github.com/stretchr/testify/require"
)

// seen is what a sink was given.
type seen struct {
	history.Exchange
	request, response []byte
}

type sink struct {
	mu        sync.Mutex
	began     time.Time
	exchanges []seen
	cookies   [][]history.Segment
	jars      []history.Sighting // the same, as they were recorded
	frames    []frame
}

// frame is what a sink was given of a stream.
type frame struct {
	history.Sighting
	text string
}

func (s *sink) Now() history.Moment { return history.Moment(time.Since(s.began).Microseconds()) }

func (s *sink) Exchange(x history.Exchange, request, response []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.exchanges = append(s.exchanges, seen{x, request, response})
}

func (s *sink) Sighting(g history.Sighting, content []byte) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	var segments []history.Segment
	if json.Unmarshal(content, &segments) == nil && g.Surface == history.SurfaceCookie {
		s.cookies, s.jars = append(s.cookies, segments), append(s.jars, g)
	}
	if g.Surface == history.SurfaceSocket {
		s.frames = append(s.frames, frame{g, string(content)})
	}
	return false
}

// framed is a copy of the frames so far.
func (s *sink) framed() []frame {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.frames)
}

// asked is a copy of the exchanges so far.
func (s *sink) asked() []seen {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.exchanges)
}

func (s *sink) Shot(string, []byte) {}
func (s *sink) Lost(history.Lost)   {}

// session is a client, its sink and its customer.
type session struct {
	*api.Client
	*sink
	t      *testing.T
	fields scenarios.Fields
}

// change adjusts the options and the specification of a test's session.
type change func(*api.Options, *history.SessionSpec)

func open(t *testing.T, target string, changes ...change) *session {
	t.Helper()
	s := &sink{began: time.Now()}
	options := api.Options{StepTimeout: 5 * time.Second}
	spec := history.SessionSpec{
		Session: history.Session{ID: "s001", Client: "api", Customer: "c01"}, Target: target, Sink: s, Observe: true,
		Allowed: func(host string) bool { return strings.HasPrefix(host, "127.0.0.1") },
	}
	for _, c := range changes {
		c(&options, &spec)
	}
	client, err := api.New(options).Open(context.Background(), spec)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, client.Close(context.Background())) })
	zoe := &customer.Customer{ID: "c01", First: "Zoë", Last: "Åkerö", Email: "zoe@shop.example", Phone: "070-174 06 35", Locale: "sv-SE"}
	return &session{Client: client, sink: s, t: t, fields: scenarios.Fields{Customer: zoe, Learned: map[customer.Kind]string{}, Target: target}}
}

// do performs steps written in the scenario language and answers the last
// one's outcome; what they learn, later ones know.
func (s *session) do(steps ...string) history.Outcome {
	s.t.Helper()
	var o history.Outcome
	for _, st := range parse(s.t, steps...) {
		o = s.perform(context.Background(), st)
	}
	return o
}

func (s *session) perform(ctx context.Context, st scenarios.Step) history.Outcome {
	s.t.Helper()
	o, err := s.Do(ctx, st, s.fields)
	require.NoError(s.t, err)
	for _, l := range o.Learned {
		s.fields.Learned[customer.Kind(l.Kind)] = l.Value
	}
	return o
}

// parse wraps steps into a scenario; what they use without remembering it
// comes from a step before them that is not answered, and a network that they
// leave as it is comes back behind them.
func parse(t *testing.T, steps ...string) []scenarios.Step {
	t.Helper()
	src, before := "name: t\njourneys:\n  j:\n    client: api\n    customer: one\n    steps:\n      - shows: [first]\n", 1
	if !strings.Contains(strings.Join(steps, " "), "listen:") {
		src, before = src+"      - listen: {url: /, as: live, socket: true}\n      - listen: {url: /, as: news}\n", 3
	}
	for _, st := range steps {
		src += "      - " + st + "\n"
	}
	src += "      - network: normal\n"
	sc, err := scenarios.Parse("test.yaml", []byte(src), func(string) (string, bool) { return "", false })
	require.NoError(t, err)
	return sc.Journeys[0].Steps[before : before+len(steps)]
}

func serve(t *testing.T, h http.HandlerFunc) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return server
}

func host(t *testing.T, server *httptest.Server) string {
	t.Helper()
	u, err := url.Parse(server.URL)
	require.NoError(t, err)
	return u.Host
}

func value(lines []history.Header, name string) []string {
	var all []string
	for _, l := range lines {
		if strings.EqualFold(l.Name, name) {
			all = append(all, l.Value)
		}
	}
	return all
}
