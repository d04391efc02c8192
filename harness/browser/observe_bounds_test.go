package browser

import (
	"net/http"
	"testing"
	"time"

	"github.com/go-rod/rod"
	"github.com/go-rod/rod/lib/proto"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"crosstalk/harness/history"
)

func TestAnInboxThatOverflowsKeepsWhatASessionNeeds(t *testing.T) {
	b := newInbox()
	for range maxQueue + 10 {
		b.put(&rod.Message{Method: "Network.webSocketFrameReceived"})
	}
	for _, method := range []string{"Target.attachedToTarget", "Fetch.requestPaused", "Page.javascriptDialogOpening", "Network.loadingFinished"} {
		b.put(&rod.Message{Method: method})
	}
	require.Len(t, b.take(), maxQueue+4)
	require.Equal(t, 10, b.lost())
	b.put(&rod.Message{Method: "DOMStorage.domStorageItemAdded"})
	require.Len(t, b.take(), 1)
}

// deskless is an observer without a browser: what it pours goes to a record.
func deskless() (*observer, *record) {
	r := &record{begun: time.Now()}
	s := &Session{spec: history.SessionSpec{Session: history.Session{ID: "s001", Customer: "c01"}, Sink: r, Observe: true}, inbox: newInbox()}
	s.watch = newObserver(s)
	return s.watch, r
}

func request(id, address string) *proto.NetworkRequestWillBeSent {
	return &proto.NetworkRequestWillBeSent{
		RequestID: proto.NetworkRequestID(id), Type: proto.NetworkResourceTypeFetch, Timestamp: 1,
		Request: &proto.NetworkRequest{URL: address, Method: http.MethodGet},
	}
}

func TestRequestsWithoutEndAreCountedAndNotKept(t *testing.T) {
	o, r := deskless()
	for i := range maxFlights + 50 {
		o.sent(nil, request(string(rune(0x4e00+i)), "http://shop.test/hang"))
	}
	require.Len(t, o.flights, maxFlights)
	o.finish()
	require.Len(t, r.exchanges, maxFlights+1)
	require.Contains(t, r.exchanges[maxFlights].Body.Unseen+r.exchanges[0].Body.Unseen, "too many requests")
}

func TestHeadersOfNoRequestAreForgotten(t *testing.T) {
	o, _ := deskless()
	for i := range maxFlights {
		o.answeredHeaders(&proto.NetworkResponseReceivedExtraInfo{RequestID: proto.NetworkRequestID(string(rune(0x4e00 + i)))})
	}
	for _, f := range o.flights {
		f.begun = f.begun.Add(-2 * strayAfter)
	}
	o.sent(nil, request("7.7", "http://shop.test/"))
	require.Len(t, o.flights, 1)
	for range 10 * maxHops {
		o.sentHeaders(&proto.NetworkRequestWillBeSentExtraInfo{RequestID: "7.7"})
	}
	assert.LessOrEqual(t, len(o.flights["7.7"].sent), maxHops+1)
}

func TestASessionInAFloodOfRequestsEndsInTime(t *testing.T) {
	s := shop(t, map[string]http.HandlerFunc{
		"/":   html(`<p>Here</p><script>setInterval(() => { for (let i = 0; i < 20; i++) fetch("/ok?" + Math.random()).then((r) => r.text()) }, 20)</script>`),
		"/ok": give("text/plain", "ok"),
	})
	w := begin(t, s.URL)
	w.do(visit("/"), see("Here"), rest(time.Second))
	begun := time.Now()
	w.end()
	assert.Less(t, time.Since(begun), sessionCloseLimit+15*time.Second)
	assertNoneTwice(t, w.sink)
}
