package browser

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"
)

// passage is a byte-level proxy that can stop to carry anything.
type passage struct {
	listener net.Listener
	stalled  atomic.Bool
	carried  sync.WaitGroup
}

// through is a passage to a browser's debugging port.
func through(t testing.TB, b *Browser) (*passage, Binary) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	p := &passage{listener: listener}
	endpoint := endpointOfRunning(t, b)
	host, path, _ := strings.Cut(strings.TrimPrefix(endpoint, "ws://"), "/")
	p.carried.Go(func() {
		for {
			near, err := listener.Accept()
			if err != nil {
				return
			}
			far, err := net.Dial("tcp", host)
			if err != nil {
				_ = near.Close()
				return
			}
			t.Cleanup(func() { _, _ = near.Close(), far.Close() })
			p.carried.Go(func() { p.carry(far, near) })
			p.carried.Go(func() { p.carry(near, far) })
		}
	})
	t.Cleanup(func() { _ = listener.Close() })
	return p, Binary{Path: "ws://" + listener.Addr().String() + "/" + path}
}

func (p *passage) carry(to io.Writer, from io.Reader) {
	buffer := make([]byte, 4096)
	for {
		n, err := from.Read(buffer)
		if err != nil || p.stalled.Load() {
			return // the connection stays open, and silent
		}
		if _, err := to.Write(buffer[:n]); err != nil {
			return
		}
	}
}

// endpointOfRunning is where a browser that we started listens.
func endpointOfRunning(t testing.TB, b *Browser) string {
	t.Helper()
	address := addressIn(b.process.output.text() + "\n")
	require.NotEmpty(t, address)
	return address
}

// endpointThat serves one websocket after the other as told.
func endpointThat(t testing.TB, behave func(context.Context, *websocket.Conn)) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, err := websocket.Accept(w, r, nil)
		if err != nil {
			return
		}
		defer func() { _ = c.CloseNow() }()
		c.SetReadLimit(-1)
		ctx, cancel := context.WithCancel(r.Context())
		go func() {
			defer cancel()
			for {
				if _, _, err := c.Read(ctx); err != nil {
					return
				}
			}
		}()
		behave(ctx, c)
	}))
	t.Cleanup(server.Close)
	return "ws" + strings.TrimPrefix(server.URL, "http") + "/devtools/browser/x"
}

// fragmenting is a proxy before a real browser that cuts each of its messages
// into pieces and pings in between, as grids do.
func fragmenting(t testing.TB, endpoint string) Binary {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		near, err := websocket.Accept(w, r, nil)
		if err != nil {
			return
		}
		defer func() { _ = near.CloseNow() }()
		far, _, err := websocket.Dial(r.Context(), endpoint, nil)
		if err != nil {
			return
		}
		defer func() { _ = far.CloseNow() }()
		near.SetReadLimit(-1)
		far.SetReadLimit(-1)
		var pumps sync.WaitGroup
		pumps.Go(func() { copyFragmented(r.Context(), near, far) })
		for {
			kind, data, err := near.Read(r.Context())
			if err != nil || far.Write(r.Context(), kind, data) != nil {
				break
			}
		}
		_ = far.CloseNow()
		pumps.Wait()
	}))
	t.Cleanup(server.Close)
	return Binary{Path: "ws" + strings.TrimPrefix(server.URL, "http") + "/devtools/browser/x"}
}

func copyFragmented(ctx context.Context, near, far *websocket.Conn) {
	for {
		kind, data, err := far.Read(ctx)
		if err != nil {
			return
		}
		w, err := near.Writer(ctx, kind)
		if err != nil {
			return
		}
		for piece := range slicesOf(data, 3) {
			if _, err := w.Write(piece); err != nil {
				return
			}
			if err := near.Ping(ctx); err != nil {
				return
			}
		}
		if w.Close() != nil {
			return
		}
	}
}

func slicesOf(data []byte, n int) func(func([]byte) bool) {
	return func(yield func([]byte) bool) {
		size := max(1, (len(data)+n-1)/n)
		for len(data) > 0 {
			k := min(size, len(data))
			if !yield(data[:k]) {
				return
			}
			data = data[k:]
		}
	}
}
