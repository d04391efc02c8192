package browser

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/go-rod/rod/lib/cdp"
	"github.com/go-rod/rod/lib/proto"
	"github.com/stretchr/testify/require"

	"crosstalk/harness/history"
)

// impatient is a pace for tests: loss shows within seconds, and a busy machine
// is no loss.
func impatient() pace {
	return pace{beat: 50 * time.Millisecond, patience: 1500 * time.Millisecond, write: 1500 * time.Millisecond, call: 5 * time.Second}
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
	require.NoError(t, b.process.cmd.Process.Kill())
	for range 4 {
		require.ErrorIs(t, <-calls, history.ErrLost)
	}
	require.Less(t, time.Since(start), 10*time.Second)
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
	require.Less(t, time.Since(start), 10*time.Second)

	start = time.Now()
	_, err = b.NewContext(soon(t))
	require.ErrorIs(t, err, history.ErrLost)
	<-b.Lost()
	require.ErrorIs(t, b.Err(), history.ErrLost)
	require.Less(t, time.Since(start), 20*time.Second)
	start = time.Now()
	require.NoError(t, b.Close())
	require.Less(t, time.Since(start), 15*time.Second)
}

func TestAnEndpointThatAcceptsAndSaysNothingFailsTheLaunchInTime(t *testing.T) {
	silent := endpointThat(t, func(ctx context.Context, _ *websocket.Conn) { <-ctx.Done() })
	start := time.Now()
	_, err := Launch(t.Context(), Options{Binary: Binary{Path: silent}, Timeout: 500 * time.Millisecond})
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.Less(t, time.Since(start), 15*time.Second)
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

func TestFragmentedMessagesWithPingsBetweenArriveWhole(t *testing.T) {
	host := testBrowser(t, Options{})
	b, err := Launch(soon(t), Options{Binary: fragmenting(t, endpointOfRunning(t, host))})
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
	host := testBrowser(t, Options{})
	endpoint := endpointOfRunning(t, host)
	u := endpoint[:strings.Index(endpoint, "/devtools")]
	for _, address := range []string{endpoint, u, strings.Replace(u, "ws://", "http://", 1)} {
		b, err := Launch(soon(t), Options{Binary: Binary{Path: address}})
		require.NoError(t, err, address)
		_, err = b.NewContext(soon(t))
		require.NoError(t, err)
		require.NoError(t, b.Close())
	}
	require.Eventually(t, func() bool {
		r, err := proto.TargetGetBrowserContexts{}.Call(host.Rod().Context(soon(t)))
		return err == nil && len(r.BrowserContextIDs) == 0
	}, hung, 20*time.Millisecond)
	require.NoError(t, host.Err())
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

func TestATokenInABrowsersAddressIsNeverPrinted(t *testing.T) {
	for _, address := range []string{
		"ws://me:s3cret@127.0.0.1:1/chromium?token=s3cret", "ws://me:s3cret@127.0.0.1:1", "http://me:s3cret@127.0.0.1:1/",
		"ws://s3cret:x y@[/?token=s3cret",
	} {
		_, err := Launch(soon(t), Options{Binary: Binary{Path: address}})
		require.Error(t, err)
		require.NotContains(t, err.Error(), "s3cret")
		t.Log(err)
	}
}
