package leak_test

import (
	"encoding/json"
	"fmt"
	"iter"
	"runtime"
	"runtime/metrics"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/customer"
	"crosstalk/harness/history"
	"crosstalk/harness/leak"
)

// longRun is the history of a healthy run of any length that takes no room:
// events are made as they are asked for, and a body says in its hash what is
// in it.
type longRun struct {
	customers []customer.Customer
	sightings int
}

// Measures of a longRun: a session makes that many visits, each of one
// exchange and one look at the page.
const (
	visitsOfSession = 10
	pagesOfShop     = 5
)

func (r *longRun) Events() iter.Seq2[history.Event, error] {
	return func(yield func(history.Event, error) bool) {
		w := &writer{yield: func(e history.Event) bool { return yield(e, nil) }}
		w.put(history.Event{Run: &history.Run{Schema: history.SchemaVersion, Target: "http://shop.test"}})
		w.put(history.Event{SelfCheck: &history.SelfCheck{Name: "cookies", OK: true}})
		w.phase(history.PhaseBaseline, 0, func() {
			w.session(history.Nobody, history.PhaseBaseline, 0)
			w.session(history.Nobody, history.PhaseBaseline, 0)
		})
		for i := range r.customers {
			record, err := json.Marshal(r.customers[i])
			if err != nil {
				yield(history.Event{}, err)
				return
			}
			w.put(history.Event{Customer: &history.Customer{ID: r.customers[i].ID, Record: record}})
		}
		w.phase(history.PhaseSolo, 0, func() {
			for i := range r.customers {
				w.walk(r.customers[i].ID, history.PhaseSolo, 0)
			}
		})
		for round := 1; w.sightings < r.sightings && !w.stopped; round++ {
			w.phase(history.PhaseMingle, round, func() {
				for i := range r.customers {
					w.walk(r.customers[i].ID, history.PhaseMingle, round)
				}
			})
		}
		w.put(history.Event{End: &history.End{Reason: "rounds walked"}})
	}
}

// Body makes the page that a hash names: "c03/2/s17".
func (r *longRun) Body(hash string) ([]byte, error) {
	part := strings.Split(hash, "/")
	who, page, nonce := part[0], part[1], part[2]
	for i := range r.customers {
		if c := &r.customers[i]; c.ID == who {
			if part[3] == "page" {
				return json.Marshal([]history.Segment{{Where: "header>a", Text: "Hi, " + c.First}, {Where: "dd.email", Text: c.Email}, {Where: "main>p", Text: "Page " + page}})
			}
			return fmt.Appendf(nil, `{"page":%s,"user":{"name":%q,"email":%q,"phone":%q},"csrf":"tok%s9f3ab27c41d0"}`, page, c.Name(), c.Email, c.Phone, nonce), nil
		}
	}
	return nil, history.ErrNoBody
}

// writer writes a longRun.
type writer struct {
	yield     func(history.Event) bool
	stopped   bool
	now       history.Moment
	ids       int
	sightings int
}

func (w *writer) put(e history.Event) {
	e.At = w.now
	w.stopped = w.stopped || !w.yield(e)
}

func (w *writer) id(prefix string) string {
	w.ids++
	return prefix + strconv.Itoa(w.ids)
}

func (w *writer) phase(name string, round int, walk func()) {
	w.put(history.Event{Phase: &history.Phase{Name: name, Round: round}})
	walk()
	w.put(history.Event{Phase: &history.Phase{Name: name, Round: round, Done: true}})
}

func (w *writer) session(who, phase string, round int) string {
	id := w.id("s")
	w.put(history.Event{Session: &history.Session{ID: id, Client: "browser", Journey: "shopper", Customer: who, Phase: phase, Round: round}})
	return id
}

func (w *writer) walk(who, phase string, round int) {
	if w.stopped {
		return
	}
	id := w.session(who, phase, round)
	w.put(history.Event{Identity: &history.Identity{Session: id, Customer: who, State: history.SignedIn}})
	for i := range visitsOfSession {
		w.now += 20_000
		page := strconv.Itoa(i % pagesOfShop)
		url := "http://shop.test/account/page-" + page
		place := history.PlaceOf("GET", url, "shop.test")
		x := w.id("x")
		w.put(history.Event{Exchange: &history.Exchange{
			ID: x, Session: id, Viewer: who, Step: i, Method: "GET", URL: url, Place: place, Resource: "document", Status: 200,
			Headers: []history.Header{{Name: "Content-Type", Value: "application/json"}, {Name: "Date", Value: "Mon, 02 Jan 2006 15:04:05 GMT"}},
			Start:   w.now, Response: w.now + 5_000, End: w.now + 6_000,
			Body: history.Body{Hash: who + "/" + page + "/" + id + "/body", Size: 200, Type: "application/json"},
		}})
		w.put(history.Event{Sighting: &history.Sighting{
			ID: w.id("v"), Session: id, Viewer: who, Step: i, Surface: history.SurfacePage, Place: place, URL: url,
			Body: history.Body{Hash: who + "/" + page + "/0/page", Size: 200, Type: history.SegmentsType},
		}})
		w.put(history.Event{Step: &history.Step{Session: id, Part: "steps", Index: i, Op: "visit", Text: "visit " + url, Start: w.now, End: w.now + 10_000, Outcome: history.StepDone, URL: url}})
		w.sightings += 2
	}
	w.put(history.Event{Closed: &history.Closed{Session: id}})
}

// BenchmarkJudgeBySightings says what a judgement costs in time and memory by
// the length of the run, half of whose bodies are new in each session.
func BenchmarkJudgeBySightings(b *testing.B) {
	customers, err := customer.Allocate(1, 24, customer.Constraints{})
	require.NoError(b, err)
	for _, sightings := range []int{10_000, 100_000, 1_000_000} {
		b.Run(strconv.Itoa(sightings), func(b *testing.B) {
			run := &longRun{customers: customers, sightings: sightings}
			for b.Loop() {
				peak, began := watchHeap(), time.Now()
				j, err := leak.Judge(b.Context(), run, nil)
				took := time.Since(began)
				alive, all := peak()
				require.NoError(b, err)
				require.Equal(b, leak.Isolated, j.Verdict, "%v", j.Reasons)
				b.ReportMetric(float64(took.Microseconds())/float64(sightings), "µs/sighting")
				b.ReportMetric(float64(alive)/1e6, "MB-alive")
				b.ReportMetric(float64(alive)/float64(sightings), "B-alive/sighting")
				b.ReportMetric(float64(all)/1e6, "MB-peak")
			}
		})
	}
}

// watchHeap samples the heap until the answer is asked for: the most that a
// collection found alive, and the most there was with what awaited collection,
// above what was there at first.
func watchHeap() func() (alive, all uint64) {
	runtime.GC()
	before := heap()
	most := before
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-stop:
				return
			case <-tick.C:
				now := heap()
				most = [2]uint64{max(most[0], now[0]), max(most[1], now[1])}
			}
		}
	}()
	return func() (uint64, uint64) {
		close(stop)
		<-done
		return most[0] - before[0], most[1] - before[1]
	}
}

// heap is what the last collection found alive, and all objects there are.
func heap() [2]uint64 {
	samples := []metrics.Sample{{Name: "/gc/heap/live:bytes"}, {Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(samples)
	return [2]uint64{samples[0].Value.Uint64(), samples[1].Value.Uint64()}
}

func TestWhatALongRunReadsAgainIsJudgedAsAtFirst(t *testing.T) {
	for file, text := range given(t) {
		tr := readTranscript(t, text)
		for _, room := range []int{1, 3} {
			j, err := leak.JudgeWithin(t.Context(), tr.memory(nil), &tr.scenario, room)
			require.NoError(t, err)
			require.Equal(t, render(judge(t, readTranscript(t, text), nil)), render(j), "%s with room for %d", file, room)
		}
	}
}
