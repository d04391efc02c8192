package browser

import (
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/customer"
	"crosstalk/harness/history"
)

// logo is an answer with a file that everybody is given.
func logo(session, viewer string) history.Exchange {
	return history.Exchange{
		Session: session, Viewer: viewer, Method: "GET", URL: "https://shop.test/logo.png", Resource: "image", Status: 200,
		Headers: []history.Header{{Name: "ETag", Value: `"1"`}, {Name: "Cache-Control", Value: "max-age=60"}}, Body: history.Body{Type: "image/png"},
	}
}

// proven is a memory in which the logo was read often enough.
func proven() *Assets {
	a := NewAssets()
	for i, who := range []string{"c01", "c02", "c01"} {
		x := logo(fmt.Sprintf("s%03d", i), who)
		a.Read(&x, []byte("pixels"))
	}
	return a
}

// offTurn is a session that does not read the logo by the fixed share.
func offTurn(address string) string {
	for i := range readShare {
		if s := fmt.Sprintf("s%03d", i); !turn(s, address) {
			return s
		}
	}
	return ""
}

func TestAFileThatAllAreGivenIsSparedOnceProven(t *testing.T) {
	x := logo(offTurn(logo("", "").URL), "c03")
	picture, ok := proven().Spare(&x, len("pixels"))
	require.True(t, ok)
	require.Equal(t, customer.AvatarHash([]byte("pixels")), picture)
	_, ok = NewAssets().Spare(&x, len("pixels"))
	require.False(t, ok, "never read")
	_, ok = (*Assets)(nil).Spare(&x, len("pixels"))
	require.False(t, ok, "no memory")
}

func TestAFileThatNeverChangesNeedsNoValidator(t *testing.T) {
	for value, spared := range map[string]bool{"public, max-age=31536000, immutable": true, "max-age=31536000, immutable": false, "public, max-age=60": false} {
		a := NewAssets()
		x := logo(offTurn(logo("", "").URL), "c01")
		x.Headers = []history.Header{{Name: "Cache-Control", Value: value}}
		for _, who := range []string{"c01", "c02", "c03"} {
			x.Viewer = who
			a.Read(&x, []byte("pixels"))
		}
		_, ok := a.Spare(&x, len("pixels"))
		require.Equal(t, spared, ok, value)
	}
}

func TestNothingThatMayBeSomebodysIsSpared(t *testing.T) {
	header := func(name, value string) func(*history.Exchange) {
		return func(x *history.Exchange) { x.Headers = append(x.Headers, history.Header{Name: name, Value: value}) }
	}
	for name, change := range map[string]func(*history.Exchange){
		"a document": func(x *history.Exchange) { x.Resource = "document" }, "data": func(x *history.Exchange) { x.Resource = "fetch" },
		"another method": func(x *history.Exchange) { x.Method = "POST" }, "an error": func(x *history.Exchange) { x.Status = 404 },
		"another address": func(x *history.Exchange) { x.URL += "?for=zoe" }, "a broken load": func(x *history.Exchange) { x.Failed = "net::ERR_FAILED" },
		"credentials": func(x *history.Exchange) {
			x.RequestHeaders = []history.Header{{Name: "authorization", Value: "Bearer t"}}
		},
		"a cookie": header("Set-Cookie", "a=1"), "varies by cookie": header("vary", "Accept-Encoding, Cookie"), "varies by all": header("Vary", "*"),
		"private": header("cache-control", "max-age=0, Private"), "private field": header("Cache-Control", `private="x"`), "no-store": header("Cache-Control", "no-store"),
		"a service worker's": func(x *history.Exchange) { x.From = "service-worker" },
		"another validator":  func(x *history.Exchange) { x.Headers[0].Value = `"2"` },
		"no validator":       func(x *history.Exchange) { x.Headers = x.Headers[1:] },
		"another type":       func(x *history.Exchange) { x.Body.Type = "image/webp" },
	} {
		x := logo(offTurn(logo("", "").URL), "c03")
		change(&x)
		_, ok := proven().Spare(&x, len("pixels"))
		require.False(t, ok, name)
	}
	x := logo(offTurn(logo("", "").URL), "c03")
	_, ok := proven().Spare(&x, len("pixel"))
	require.False(t, ok, "another length")
}

func TestAnAddressThatGaveTwoBodiesIsReadForEver(t *testing.T) {
	a := proven()
	x := logo(offTurn(logo("", "").URL), "c03")
	a.Read(&x, []byte("others"))
	for range 10 {
		a.Read(&x, []byte("pixels"))
	}
	_, ok := a.Spare(&x, len("pixels"))
	require.False(t, ok)
}

func TestOneCustomersReadingsProveNothing(t *testing.T) {
	a := NewAssets()
	x := logo(offTurn(logo("", "").URL), "c01")
	for range 9 {
		a.Read(&x, []byte("pixels"))
	}
	nobody := logo("s001", history.Nobody)
	a.Read(&nobody, []byte("pixels"))
	_, ok := a.Spare(&x, len("pixels"))
	require.False(t, ok)
}

func TestOneSessionInEightReadsEachFileAllTheSame(t *testing.T) {
	for _, address := range []string{"https://shop.test/logo.png", "https://shop.test/app.js", "https://cdn.test/a.css?v=2"} {
		turns := 0
		for i := range 80 {
			if turn(fmt.Sprintf("s%03d", i), address) {
				turns++
			}
		}
		require.Equal(t, 10, turns, address)
	}
}

func TestTheMemoryOfFilesIsBounded(t *testing.T) {
	a := NewAssets()
	for i := range maxAssets + 100 {
		x := logo("s001", "c01")
		x.URL = fmt.Sprint("https://shop.test/", i)
		a.Read(&x, []byte("pixels"))
	}
	require.Len(t, a.all, maxAssets)
}

func TestSessionsSpareWhatTheOthersHaveRead(t *testing.T) {
	served := atomic.Int32{}
	file := func(w http.ResponseWriter, _ *http.Request) {
		served.Add(1)
		w.Header().Set("ETag", `"1"`)
		give("text/css", "p{color:red}")(w, nil)
	}
	s := shop(t, map[string]http.HandlerFunc{"/": html(`<link rel=stylesheet href=/a.css>`), "/a.css": file})
	assets := NewAssets()
	session := func(id, customer string) seenExchange {
		w := beginWith(t, s.URL, func(x *history.SessionSpec) { x.Session.ID, x.Session.Customer = id, customer },
			func(o *DriverOptions) { o.Assets = assets })
		w.do(visit("/"))
		w.end()
		return w.sink.exchange(t, "/a.css")
	}
	address := s.URL + "/a.css"
	for i, who := range []string{"c01", "c02", "c01"} {
		require.NotEmpty(t, session(fmt.Sprintf("s9%d", i), who).response)
	}
	x := session(offTurn(address), "c03")
	require.Empty(t, x.response)
	require.Equal(t, history.UnseenSampled, x.Body.Unseen)
	require.Equal(t, int64(len("p{color:red}")), x.Body.Size)
	for i := range readShare {
		if id := fmt.Sprintf("s%03d", i); turn(id, address) {
			require.NotEmpty(t, session(id, "c04").response, "its turn")
		}
	}
	require.Equal(t, int32(5), served.Load(), "what is spared is loaded all the same")
}

func TestWhatComesFromAPagesOwnMemoryIsReadOnce(t *testing.T) {
	s := shop(t, map[string]http.HandlerFunc{
		"/": html(`<img src=/a.png><a href=/>Again</a>`),
		"/a.png": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Cache-Control", "max-age=600")
			give("image/png", string(onePixel()))(w, r)
		},
	})
	w := begin(t, s.URL)
	w.do(visit("/"), click("link", "Again"), click("link", "Again"))
	w.end()
	read := 0
	for _, x := range w.sink.all("/a.png") {
		require.Empty(t, x.Body.Unseen)
		if x.response != "" {
			read++
		} else {
			require.NotEmpty(t, x.From)
		}
	}
	require.Equal(t, 1, read)
}
