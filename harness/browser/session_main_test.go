package browser

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/customer"
	"crosstalk/harness/history"
	"crosstalk/scenarios"
)

// shared is the one browser that the session tests use; each test has
// contexts of its own in it.
var shared struct {
	once   sync.Once
	driver *Driver
	err    error
}

func TestMain(m *testing.M) {
	code := m.Run()
	if d := shared.driver; d != nil {
		d.Close()
		if err := d.browser.Close(); err != nil {
			fmt.Fprintln(os.Stderr, "close the shared browser:", err)
			code = 1
		}
	}
	os.Exit(code)
}

func testDriver(t testing.TB) *Driver {
	t.Helper()
	binary := testBinary(t)
	shared.once.Do(func() {
		b, err := Launch(context.Background(), Options{Binary: binary})
		if shared.err = err; err == nil {
			shared.driver = NewDriver(b, DriverOptions{StepTimeout: hung})
		}
	})
	require.NoError(t, shared.err)
	return shared.driver
}

// oneAfterTheOther skips what a session does alone, one step after the other,
// where tests are to be short: so they run under the race detector, and it sees
// the same goroutines in the tests that stay.
func oneAfterTheOther(t testing.TB) {
	t.Helper()
	if testing.Short() {
		t.Skip("nothing here meets anything that other short tests lack")
	}
}

// record is a sink that keeps everything.
type record struct {
	begun time.Time

	mu        sync.Mutex
	exchanges []seenExchange
	sightings []seenSighting
	shots     [][]byte
	losses    []history.Lost
	foreign   func(history.Sighting, []byte) bool
}

type seenExchange struct {
	history.Exchange
	request, response string
}

type seenSighting struct {
	history.Sighting
	text string
}

func (r *record) Now() history.Moment { return history.Moment(time.Since(r.begun).Microseconds()) }

func (r *record) Exchange(x history.Exchange, request, response []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.exchanges = append(r.exchanges, seenExchange{x, string(request), string(response)})
}

func (r *record) Sighting(s history.Sighting, content []byte) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.sightings = append(r.sightings, seenSighting{s, string(content)})
	return r.foreign != nil && r.foreign(s, content)
}

func (r *record) Shot(_ string, png []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.shots = append(r.shots, png)
}

func (r *record) Lost(l history.Lost) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.losses = append(r.losses, l)
}

// exchange is the last recorded one of a path; it fails the test when there
// is none.
func (r *record) exchange(t testing.TB, path string) seenExchange {
	t.Helper()
	all := r.all(path)
	require.NotEmpty(t, all, "no exchange of %s", path)
	return all[len(all)-1]
}

func (r *record) all(path string) []seenExchange {
	r.mu.Lock()
	defer r.mu.Unlock()
	var found []seenExchange
	for _, x := range r.exchanges {
		if string(x.Place) == x.Method+" "+path {
			found = append(found, x)
		}
	}
	return found
}

// on is what was sighted on a surface, in order.
func (r *record) on(surface history.Surface) []seenSighting {
	r.mu.Lock()
	defer r.mu.Unlock()
	var found []seenSighting
	for _, s := range r.sightings {
		if s.Surface == surface {
			found = append(found, s)
		}
	}
	return found
}

// walk is one session under test with the shop it walks in.
type walk struct {
	testing.TB
	*Session
	sink   *record
	fields scenarios.Fields
	steps  int // so far
}

// shop serves pages by path.
func shop(t testing.TB, pages map[string]http.HandlerFunc) *httptest.Server {
	t.Helper()
	mux := http.NewServeMux()
	for path, h := range pages {
		mux.HandleFunc(path, h)
	}
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s
}

func html(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, "<!doctype html><title>Shop</title>", text)
	}
}

func begin(t testing.TB, target string) *walk { return beginWith(t, target, nil, nil) }

func beginWith(t testing.TB, target string, spec func(*history.SessionSpec), options func(*DriverOptions)) *walk {
	t.Helper()
	return beginIn(t, testDriver(t), target, spec, options)
}

// beginIn is beginWith in another browser than the one that tests share.
func beginIn(t testing.TB, d *Driver, target string, spec func(*history.SessionSpec), options func(*DriverOptions)) *walk {
	t.Helper()
	o := d.options
	if options != nil {
		options(&o)
	}
	w := &walk{TB: t, sink: &record{begun: time.Now()}, fields: scenarios.Fields{Target: target, Customer: someone()}}
	x := history.SessionSpec{
		Session: history.Session{ID: t.Name(), Client: "browser", Customer: "c01"},
		Target:  target, Sink: w.sink, Observe: true,
		Allowed: func(host string) bool { return host == "127.0.0.1" },
	}
	if spec != nil {
		spec(&x)
	}
	s, err := d.open(soon(t), x, o)
	require.NoError(t, err)
	w.Session = s
	t.Cleanup(func() { w.end() })
	return w
}

// end closes the session, once.
func (w *walk) end() {
	if w.Session == nil {
		return
	}
	s := w.Session
	w.Session = nil
	begun := time.Now()
	require.NoError(w, s.Close(context.Background()))
	require.Less(w, time.Since(begun), 10*time.Second)
}

func someone() *customer.Customer {
	return &customer.Customer{
		ID: "c01", First: "Zoë", Last: "Lindqvist", Email: "zoe@c01.test", Phone: "070-174 06 35",
		Street: "Storgatan", House: "7", Address: "Storgatan 7", Avatar: onePixel(),
	}
}

// do performs a step and fails the test unless it is done.
func (w *walk) do(steps ...scenarios.Step) history.Outcome {
	w.Helper()
	var out history.Outcome
	for _, st := range steps {
		var err error
		st.Index = w.steps
		w.steps++
		out, err = w.Do(w.Context(), st, w.fields)
		require.NoError(w, err, st.String())
		require.Equal(w, history.StepDone, out.Outcome, "%s: %s", st, out.Error)
	}
	return out
}

// fails performs a step that must fail, and answers what it says.
func (w *walk) fails(st scenarios.Step) string {
	w.Helper()
	st.Index = w.steps
	w.steps++
	out, err := w.Do(w.Context(), st, w.fields)
	require.NoError(w, err, st.String())
	require.Equal(w, history.StepFailed, out.Outcome, st.String())
	return out.Error
}

// hung is how long a test waits for what must happen: it tells a hang from a
// machine that is slow or busy, and no more.
const hung = time.Minute

// await waits until nothing is missing any more, and fails the test with what
// is. It performs no step and looks at nothing.
func (w *walk) await(missing func() string) {
	w.Helper()
	end := time.Now().Add(hung)
	for what := missing(); what != ""; what = missing() {
		if time.Now().After(end) {
			require.Fail(w, "waited for what never came", "%v passed without %s", hung, what)
		}
		require.NoError(w, sleep(w.Context(), 5*time.Millisecond))
	}
}

// asks waits until requests of these paths have been answered and recorded.
func (w *walk) asks(paths ...string) {
	w.Helper()
	w.await(func() string {
		var missing []string
		for _, path := range paths {
			if len(w.sink.all(path)) == 0 {
				missing = append(missing, path)
			}
		}
		return strings.Join(missing, ", ")
	})
}

func visit(path string) scenarios.Step { return scenarios.Step{Op: scenarios.Visit, URL: path} }

func stepOn(op scenarios.Op, l scenarios.Locator) scenarios.Step {
	return scenarios.Step{Op: op, Target: &l}
}

func fillIn(label, text string) scenarios.Step {
	return scenarios.Step{Op: scenarios.Fill, Target: &scenarios.Locator{Label: label, Nth: -1}, With: text}
}

func click(role, name string) scenarios.Step {
	return stepOn(scenarios.Click, scenarios.Locator{Role: role, Name: name, Nth: -1})
}

func see(text string) scenarios.Step {
	return stepOn(scenarios.See, scenarios.Locator{Text: text, Nth: -1})
}

// briefly makes a step give up soon.
func briefly(st scenarios.Step) scenarios.Step {
	st.Timeout = 700 * time.Millisecond
	return st
}
