package browser

import (
	"context"
	"encoding/json"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/go-rod/rod/lib/cdp"
	"github.com/go-rod/rod/lib/proto"
	"github.com/stretchr/testify/require"

	"crosstalk/harness/history"
)

// impatient is a pace for tests: loss shows within a second.
func impatient() pace {
	return pace{beat: 50 * time.Millisecond, patience: 400 * time.Millisecond, write: 400 * time.Millisecond, call: 2 * time.Second}
}

// endless is a call that the browser never answers by itself.
func endless(ctx context.Context, b *Browser) error {
	return doOnce(ctx, "wait for ever", func(ctx context.Context) error {
		id, err := b.NewContext(ctx)
		if err != nil {
			return err
		}
		target, err := proto.TargetCreateTarget{URL: "about:blank", BrowserContextID: id}.Call(b.Rod().Context(ctx))
		if err != nil {
			return err
		}
		page, err := b.Rod().Context(ctx).PageFromTarget(target.TargetID)
		if err != nil {
			return err
		}
		_, err = proto.RuntimeEvaluate{Expression: "new Promise(() => {})", AwaitPromise: true}.Call(page.Context(ctx))
		return err
	})
}

func TestKillingTheBrowserInMidCallLosesEverySessionAtOnce(t *testing.T) {
	b, err := Launch(soon(t), Options{Binary: testBinary(t)})
	require.NoError(t, err)
	defer func() { require.NoError(t, b.Close()) }()
	calls := make(chan error)
	for range 4 {
		go func() { calls <- endless(soon(t), b) }()
	}
	requireWaiting(t, b.conn, 4)
	start := time.Now()
	require.NoError(t, syscall.Kill(b.process.cmd.Process.Pid, syscall.SIGKILL))
	for range 4 {
		require.ErrorIs(t, <-calls, history.ErrLost)
	}
	require.Less(t, time.Since(start), 3*time.Second)
	<-b.Lost()
	require.ErrorIs(t, b.Err(), history.ErrLost)
	require.ErrorContains(t, b.Err(), "killed", "the reason is told, not just EOF")
}

// requireWaiting waits until n calls with promises are under way.
func requireWaiting(t testing.TB, c *connection, n int) {
	t.Helper()
	require.Eventually(t, func() bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		return len(c.pending) == n && c.last.Load() > int64(4*n)
	}, 20*time.Second, 5*time.Millisecond)
}

func TestAClosedTabIsALostTabAndTheBrowserGoesOn(t *testing.T) {
	b := testBrowser(t, Options{})
	id, err := b.NewContext(soon(t))
	require.NoError(t, err)
	page, err := openCheckPage(soon(t), b, id, "data:text/html,<script>var probes={}</script>")
	require.NoError(t, err)
	require.NoError(t, b.DisposeContext(soon(t), id))
	_, err = page.evaluate(soon(t), "1")
	require.ErrorIs(t, err, history.ErrLost)
	require.NoError(t, b.Err())
}

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
	found := listening.FindStringSubmatch(b.process.output.text() + "\n")
	require.NotNil(t, found)
	return found[1]
}

func TestAStalledConnectionFailsByDeadlineAndIsLost(t *testing.T) {
	p, binary := through(t, testBrowser(t, Options{}))
	b, err := Launch(soon(t), Options{Binary: binary, pace: impatient()})
	require.NoError(t, err)
	_, err = b.NewContext(soon(t))
	require.NoError(t, err)
	p.stalled.Store(true)

	short, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	start := time.Now()
	_, err = b.NewContext(short)
	require.Error(t, err)
	require.Less(t, time.Since(start), 2*time.Second)

	start = time.Now()
	_, err = b.NewContext(soon(t))
	require.ErrorIs(t, err, history.ErrLost)
	<-b.Lost()
	require.ErrorIs(t, b.Err(), history.ErrLost)
	require.Less(t, time.Since(start), 3*time.Second)
	start = time.Now()
	require.NoError(t, b.Close())
	require.Less(t, time.Since(start), 6*time.Second)
}

func TestAnEndpointThatAcceptsAndSaysNothingFailsTheLaunchInTime(t *testing.T) {
	silent := endpointThat(t, func(ctx context.Context, _ *websocket.Conn) { <-ctx.Done() })
	start := time.Now()
	_, err := Launch(t.Context(), Options{Binary: Binary{Path: silent}, Timeout: 500 * time.Millisecond})
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.Less(t, time.Since(start), 5*time.Second)
}

func TestAnEndpointThatTalksNonsenseIsLostAndNothingPanics(t *testing.T) {
	for name, nonsense := range map[string]string{
		"not JSON": "hello", "a list": "[1]", "empty": "", "a text for an id": `{"id":"one"}`,
		"half a message": `{"id":1,"result":`, "a number for an error": `{"id":1,"error":7}`,
	} {
		t.Run(name, func(t *testing.T) {
			endpoint := endpointThat(t, func(ctx context.Context, c *websocket.Conn) {
				_ = c.Write(ctx, websocket.MessageText, []byte(nonsense))
				<-ctx.Done()
			})
			_, err := Launch(soon(t), Options{Binary: Binary{Path: endpoint}})
			require.ErrorIs(t, err, history.ErrLost)
		})
	}
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

func TestFragmentedMessagesWithPingsBetweenArriveWhole(t *testing.T) {
	real := testBrowser(t, Options{})
	b, err := Launch(soon(t), Options{Binary: fragmenting(t, endpointOfRunning(t, real))})
	require.NoError(t, err)
	defer func() { require.NoError(t, b.Close()) }()
	id, err := b.NewContext(soon(t))
	require.NoError(t, err)
	page, err := openCheckPage(soon(t), b, id, "data:text/html,<script>var probes={}</script>")
	require.NoError(t, err)
	got, err := page.evaluate(soon(t), `"ö".repeat(1 << 20)`)
	require.NoError(t, err)
	require.Equal(t, strings.Repeat("ö", 1<<20), got)
	require.NoError(t, b.Err())
}

func TestLeavingARemoteBrowserDisposesOfOurContextsAndLetsItLive(t *testing.T) {
	real := testBrowser(t, Options{})
	endpoint := endpointOfRunning(t, real)
	u := endpoint[:strings.Index(endpoint, "/devtools")]
	for _, address := range []string{endpoint, u, strings.Replace(u, "ws://", "http://", 1)} {
		b, err := Launch(soon(t), Options{Binary: Binary{Path: address}})
		require.NoError(t, err, address)
		_, err = b.NewContext(soon(t))
		require.NoError(t, err)
		require.NoError(t, b.Close())
	}
	require.Eventually(t, func() bool {
		r, err := proto.TargetGetBrowserContexts{}.Call(real.Rod().Context(soon(t)))
		return err == nil && len(r.BrowserContextIDs) == 0
	}, 5*time.Second, 20*time.Millisecond)
	require.NoError(t, real.Err())
}

func FuzzAMessageOfTheBrowserNeverPanics(f *testing.F) {
	for _, seed := range []string{`{"id":1,"result":{}}`, `{"method":"a","params":{}}`, `{"id":1,"error":{"code":-1}}`, `{`, `null`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c := &connection{pending: map[int64]chan answer{}, events: make(chan *cdp.Event, 1), lost: make(chan struct{})}
		answers := c.expect(1)
		var m message
		if json.Unmarshal([]byte(text), &m) != nil || !c.deliver(&m) {
			return
		}
		if m.ID == 1 && len(answers) != 1 {
			t.Errorf("no answer for %q", text)
		}
	})
}

func TestManyCallsAtOnceEachGetTheirOwnAnswer(t *testing.T) {
	b := testBrowser(t, Options{})
	id, err := b.NewContext(soon(t))
	require.NoError(t, err)
	page, err := openCheckPage(soon(t), b, id, "data:text/html,<script>var probes={}</script>")
	require.NoError(t, err)
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	var calls sync.WaitGroup
	for i := range 200 {
		calls.Go(func() {
			want := time.Duration(seed + uint64(i)).String()
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
			defer cancel()
			got, err := page.ask(ctx, "(x => x)", want)
			if err != nil || got != want {
				t.Errorf("got %q, %v; want %q", got, err, want)
			}
		})
	}
	calls.Wait()
}
