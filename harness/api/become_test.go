package api_test

import (
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"crosstalk/harness/history"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// talking is a shop whose event stream says what a test tells it to.
type talking struct {
	say  chan string
	mu   sync.Mutex
	auth []string
}

func (p *talking) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	p.auth = append(p.auth, r.Header.Get("Authorization")+r.Header.Get("X-Key"))
	p.mu.Unlock()
	if r.URL.Path != "/events" {
		http.SetCookie(w, &http.Cookie{Name: "device", Value: "d-1", Path: "/"})
		fmt.Fprint(w, "hello zoe@shop.example")
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	w.WriteHeader(http.StatusOK)
	for {
		w.(http.Flusher).Flush()
		select {
		case text := <-p.say:
			fmt.Fprintf(w, "retry: 50\nid: same\ndata: %s\n\n", text)
			if text == "bye" {
				return
			}
		case <-r.Context().Done():
			return
		}
	}
}

func newTalking() *talking { return &talking{say: make(chan string)} }

func (p *talking) tell(t *testing.T, text string) {
	t.Helper()
	select {
	case p.say <- text:
	case <-time.After(hang):
		t.Fatal("nobody listens")
	}
}

func TestWhatIsAskedAndHeardFromThenOnIsTheHeirs(t *testing.T) {
	shop := newTalking()
	s := open(t, serve(t, shop.ServeHTTP).URL)
	require.Empty(t, s.do("listen: /events", "visit: /").Error)
	shop.tell(t, "for zoe")
	require.Empty(t, s.do("hear: {text: for zoe}").Error)
	s.Become("c02")
	shop.tell(t, "for jan")
	require.Empty(t, s.do("hear: {text: for jan}", "visit: /").Error)
	shop.tell(t, "bye") // the stream opens itself again
	shop.tell(t, "again")
	require.Empty(t, s.do("hear: {text: again}").Error)

	viewers := map[string]string{}
	aside := map[string]int{}
	for _, f := range s.framed() {
		viewers[f.text] = f.Viewer
		if f.Body.Type == history.SegmentsType {
			aside[f.Viewer]++
		}
	}
	assert.Equal(t, "c01", viewers["for zoe"])
	assert.Equal(t, "c02", viewers["for jan"])
	assert.Equal(t, "c02", viewers["again"])
	assert.Equal(t, map[string]int{"c01": 1, "c02": 1}, aside, "what is not news for one is for the other")
	var asked []string
	for _, x := range s.asked() {
		asked = append(asked, x.Viewer+" "+string(x.Place))
	}
	assert.Equal(t, []string{"c01 GET /events", "c01 GET /", "c02 GET /", "c02 GET /events"}, asked)
	assert.Equal(t, s.asked()[1].Connection, s.asked()[2].Connection, "one client keeps its connections")
}

func TestTheJarIsRecordedAgainForTheHeir(t *testing.T) {
	s := open(t, serve(t, newTalking().ServeHTTP).URL)
	require.Empty(t, s.do("visit: /").Error)
	s.Become("c02")
	device := history.Segment{Where: "device", Text: "d-1", Attributes: "Path=/"}
	require.Equal(t, [][]history.Segment{{device}, {device}}, s.cookies)
	assert.Equal(t, []string{"c01", "c02"}, []string{s.jars[0].Viewer, s.jars[1].Viewer})
	assert.Equal(t, s.asked()[0].ID, s.jars[0].Exchange)
	assert.Empty(t, s.jars[1].Exchange, "no answer to the heir brought it")
}

func TestAnHeirsStepsLookAtNothingThatTheOtherWasShown(t *testing.T) {
	shop := newTalking()
	s := open(t, serve(t, shop.ServeHTTP).URL)
	require.Empty(t, s.do("listen: /events", "visit: /", "shows: [email]").Error)
	shop.tell(t, "one")
	require.Eventually(t, func() bool { return len(s.framed()) == 2 }, hang, time.Millisecond)
	s.Become("c02")
	assert.Equal(t, "shows: nothing was requested yet", s.do("shows: [email]").Error)
	assert.Contains(t, s.do("{hear: {text: one}, timeout: 20ms}").Error, "not in time")
	assert.Empty(t, s.do("reload:", "shows: [email]").Error, "what was read last can be asked for again")
}

func TestAnHeirNeverSendsWhatProvedWhoTheOtherWas(t *testing.T) {
	for _, step := range []string{`request: {url: /, bearer: secret}`, `request: {url: /, headers: {X-Key: secret}}`} {
		shop := newTalking()
		s := open(t, serve(t, shop.ServeHTTP).URL)
		require.Empty(t, s.do(step, "reload:").Error)
		s.Become("c02")
		assert.Equal(t, "nothing to reload: nothing was read yet", s.do("reload:").Error)
		assert.Len(t, shop.auth, 2)
	}
}

func TestANobodyCanBecomeSomebodyAndBack(t *testing.T) {
	s := open(t, serve(t, newTalking().ServeHTTP).URL)
	s.Become("")
	s.do("visit: /")
	s.Become("c02")
	s.do("visit: /")
	assert.Equal(t, history.Nobody, s.asked()[0].Viewer)
	assert.Equal(t, "c02", s.asked()[1].Viewer)
}
