package api_test

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"crosstalk/harness/api"
	"crosstalk/harness/history"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const plain = "zoe@shop.example lives here"

func coded(t *testing.T, coding string) []byte {
	t.Helper()
	var b bytes.Buffer
	bare, err := flate.NewWriter(&b, flate.DefaultCompression)
	require.NoError(t, err)
	frames, err := zstd.NewWriter(&b)
	require.NoError(t, err)
	w := map[string]io.WriteCloser{
		"gzip": gzip.NewWriter(&b), "deflate": zlib.NewWriter(&b), "raw": bare, "br": brotli.NewWriter(&b), "zstd": frames,
	}[coding]
	_, err = w.Write([]byte(plain))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return b.Bytes()
}

func TestBodiesAreRecordedWithTheirCodingUndone(t *testing.T) {
	for name, header := range map[string]string{"gzip": "gzip", "deflate": "deflate", "raw": "deflate", "br": "br", "zstd": "zstd"} {
		t.Run(name, func(t *testing.T) {
			s := open(t, serve(t, func(w http.ResponseWriter, r *http.Request) {
				assert.Contains(t, r.Header.Get("Accept-Encoding"), header)
				w.Header().Set("Content-Encoding", header)
				_, _ = w.Write(coded(t, name))
			}).URL)
			require.Empty(t, s.do("visit: /", "shows: [email]").Error)
			assert.Equal(t, plain, string(s.exchanges[0].response))
			assert.Empty(t, s.exchanges[0].Body.Unseen)
			assert.Equal(t, []string{header}, value(s.exchanges[0].Headers, "Content-Encoding"))
		})
	}
}

func TestABodyThatCannotBeDecodedIsUnseenWithItsReason(t *testing.T) {
	for header, want := range map[string]string{
		"gzip":                         `content coding "gzip" could not be undone: gzip: invalid header`,
		"snappy":                       `content coding "snappy" could not be undone: not known`,
		strings.Repeat("identity,", 9): "coded 9 times",
	} {
		s := open(t, serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", header)
			fmt.Fprint(w, plain)
		}).URL)
		s.do("visit: /")
		assert.Equal(t, want, s.exchanges[0].Body.Unseen)
		assert.Equal(t, plain, string(s.exchanges[0].response), "the bytes as they came")
	}
}

func TestBodiesBeyondTheLimitAreCutAndUnseen(t *testing.T) {
	bomb := func() []byte {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		_, _ = w.Write(make([]byte, 1<<20))
		_ = w.Close()
		return b.Bytes()
	}()
	s := open(t, serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/bomb" {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(bomb)
			return
		}
		_, _ = w.Write(make([]byte, 100<<10))
	}).URL, func(o *api.Options, _ *history.SessionSpec) { o.BodyLimit = 64 << 10 })
	for i, path := range []string{"/large", "/bomb"} {
		require.Empty(t, s.do("visit: "+path).Error)
		assert.Equal(t, "larger than 64 KiB", s.exchanges[i].Body.Unseen)
		assert.Len(t, s.exchanges[i].response, 64<<10)
	}
}

// stalling answers a beginning, and then nothing until the client is gone.
func stalling(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/slow" {
		fmt.Fprint(w, "a beginning")
		w.(http.Flusher).Flush()
	}
	<-r.Context().Done()
}

func TestASlowAnswerFailsTheStepInTimeAndWhatCameIsKept(t *testing.T) {
	s := open(t, serve(t, stalling).URL)
	for i, path := range []string{"/dead", "/slow"} {
		o := s.do("{visit: " + path + ", timeout: 1s}")
		assert.Equal(t, history.StepFailed, o.Outcome)
		assert.Equal(t, "GET "+path+" failed: no whole answer within the step's timeout", o.Error)
		assert.Equal(t, "no whole answer within the step's timeout", s.exchanges[i].Failed)
		assert.Less(t, s.exchanges[i].End.Millis(), int64(20_000))
	}
	assert.Equal(t, "a beginning", string(s.exchanges[1].response))
	assert.NotEmpty(t, s.exchanges[1].Body.Unseen)
	assert.Empty(t, s.exchanges[0].Body.Unseen, "nothing was delivered")
}

func TestTheDriversTimeoutHoldsForStepsWithoutOne(t *testing.T) {
	s := open(t, serve(t, stalling).URL, func(o *api.Options, _ *history.SessionSpec) { o.StepTimeout = 50 * time.Millisecond })
	assert.Equal(t, history.StepFailed, s.do("visit: /").Outcome)
}

func TestWhatTheRunCancelsIsCutAndNotFailed(t *testing.T) {
	s := open(t, serve(t, stalling).URL)
	ctx, cancel := context.WithTimeout(context.Background(), 400*time.Millisecond)
	defer cancel()
	o := s.perform(ctx, parse(t, "visit: /slow")[0])
	assert.Equal(t, history.StepCut, o.Outcome)
	assert.Empty(t, o.Error)
	assert.Equal(t, history.UnseenAborted, s.exchanges[0].Body.Unseen)
	assert.Equal(t, history.StepCut, s.perform(ctx, parse(t, "wait: 10s")[0]).Outcome)
}

func TestWaitingTakesAsLongAsItSays(t *testing.T) {
	s := open(t, serve(t, shop).URL, func(o *api.Options, _ *history.SessionSpec) { o.StepTimeout = time.Millisecond })
	begun := time.Now()
	require.Empty(t, s.do("wait: 30ms").Error)
	assert.GreaterOrEqual(t, time.Since(begun), 30*time.Millisecond)
}

// breaking is a server that cuts the connection, after a part of an answer or
// before any.
func breaking(t *testing.T, part string) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			_, _ = conn.Read(make([]byte, 4096))
			_, _ = conn.Write([]byte(part))
			_ = conn.(*net.TCPConn).SetLinger(0)
			_ = conn.Close()
		}
	}()
	t.Cleanup(func() { _ = listener.Close(); <-done })
	return "http://" + listener.Addr().String()
}

func TestAConnectionThatBreaksFailsTheStepAndIsRecorded(t *testing.T) {
	s := open(t, breaking(t, ""))
	o := s.do("request: {method: POST, url: /}")
	assert.Equal(t, history.StepFailed, o.Outcome)
	assert.Regexp(t, `^POST / failed: (read: .*connection reset by peer|EOF)$`, o.Error)
	require.Len(t, s.exchanges, 1)
	assert.Zero(t, s.exchanges[0].Status)
	assert.NotEmpty(t, s.exchanges[0].Remote)

	s = open(t, breaking(t, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nzoe@shop"))
	o = s.do("visit: /")
	assert.Equal(t, history.StepFailed, o.Outcome)
	assert.Equal(t, 200, s.exchanges[0].Status)
	assert.NotEmpty(t, s.exchanges[0].Body.Unseen)
}

func TestAServerThatIsDownFailsTheStep(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	s := open(t, server.URL)
	assert.Contains(t, s.do("visit: /").Error, "connection refused")
	assert.Len(t, s.exchanges, 1)
	assert.Equal(t, "GET / failed: lookup nowhere.invalid: no such host", withoutServer(open(t, "http://nowhere.invalid", func(_ *api.Options, spec *history.SessionSpec) {
		spec.Allowed = nil
	}).do("visit: /").Error))
}

// withoutServer drops what differs between machines from a DNS failure.
func withoutServer(s string) string {
	s = strings.Replace(s, "dial tcp: ", "", 1)
	if before, after, ok := strings.Cut(s, " on "); ok {
		_, rest, _ := strings.Cut(after, ": ")
		s = before + ": " + rest
	}
	return s
}

func TestClosingASessionClosesItsConnections(t *testing.T) {
	var live atomic.Int32
	server := httptest.NewUnstartedServer(http.HandlerFunc(shop))
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		switch state {
		case http.StateNew:
			live.Add(1)
		case http.StateClosed:
			live.Add(-1)
		default:
		}
	}
	server.Start()
	t.Cleanup(server.Close)
	s := open(t, server.URL)
	s.do("visit: /")
	assert.Equal(t, int32(1), live.Load())
	require.NoError(t, s.Close(context.Background()))
	assert.Eventually(t, func() bool { return live.Load() == 0 }, 20*time.Second, 5*time.Millisecond)
}

func TestClosedSessionsLeaveNoGoroutines(t *testing.T) {
	before := runtime.NumGoroutine()
	for range 5 {
		server := httptest.NewServer(http.HandlerFunc(stalling))
		s := &session{}
		*s = *open(t, server.URL)
		s.do("{visit: /slow, timeout: 20ms}", "{visit: /, timeout: 20ms}")
		require.NoError(t, s.Close(context.Background()))
		server.Close()
	}
	// Connections end in the background once they are told to.
	for deadline := time.Now().Add(5 * time.Second); runtime.NumGoroutine() > before && time.Now().Before(deadline); {
		runtime.Gosched()
	}
	if after := runtime.NumGoroutine(); after > before {
		stacks := make([]byte, 1<<16)
		t.Fatalf("%d goroutines before, %d after:\n%s", before, after, stacks[:runtime.Stack(stacks, true)])
	}
}
