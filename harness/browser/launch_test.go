package browser

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/history"
)

func TestALaunchedBrowserAnswersAndMakesContexts(t *testing.T) {
	b := testBrowser(t, Options{})
	require.Contains(t, b.Version(), "Chrom")
	require.NoError(t, b.Err())
	ids := map[string]bool{}
	for range 3 {
		id, err := b.NewContext(soon(t))
		require.NoError(t, err)
		ids[string(id)] = true
		require.NoError(t, b.DisposeContext(soon(t), id))
	}
	require.Len(t, ids, 3)
	id, err := b.NewContext(soon(t))
	require.NoError(t, err)
	require.NoError(t, b.DisposeContext(soon(t), id))
	require.ErrorIs(t, b.DisposeContext(soon(t), id), history.ErrLost, "a context that is gone is not asked again")
}

func TestCloseLeavesNoProfileAndNoGoroutineAndCanBeRepeated(t *testing.T) {
	binary := testBinary(t)
	before := runtime.NumGoroutine()
	b, err := Launch(soon(t), Options{Binary: binary})
	require.NoError(t, err)
	_, err = b.NewContext(soon(t))
	require.NoError(t, err)
	root := b.profile.root
	require.DirExists(t, root)
	start := time.Now()
	require.NoError(t, b.Close())
	require.NoError(t, b.Close())
	require.Less(t, time.Since(start), 15*time.Second)
	require.NoDirExists(t, root)
	requireGoroutines(t, before)
	<-b.Lost()
	require.ErrorIs(t, b.Err(), history.ErrLost)
	_, err = b.NewContext(soon(t))
	require.ErrorIs(t, err, history.ErrLost)
}

// requireGoroutines waits until there are no more goroutines than before.
func requireGoroutines(t testing.TB, before int) {
	t.Helper()
	deadline := time.Now().Add(hung)
	for runtime.NumGoroutine() > before {
		if time.Now().After(deadline) {
			stacks := make([]byte, 1<<20)
			t.Fatalf("%d goroutines, %d before:\n%s", runtime.NumGoroutine(), before, stacks[:runtime.Stack(stacks, true)])
		}
		runtime.Gosched()
	}
}

func TestAProgramThatIsNoBrowserFailsInTimeAndSaysWhatItPrinted(t *testing.T) {
	cases := map[string]struct {
		path string
		want []string
	}{
		"one that ends at once":           {"/bin/true", []string{"ended at once", "exit status 0"}},
		"one that complains":              {script(t, "echo the moon is full >&2; exit 3"), []string{"exit status 3", "the moon is full"}},
		"one that hangs":                  {script(t, "echo thinking; sleep 1000"), []string{"did not say where it listens", "thinking"}},
		"one that is not there":           {"/no/such/browser", []string{"no such file"}},
		"one that can't be run":           {"/etc/passwd", []string{"permission denied"}},
		"one that listens at no one":      {script(t, "echo 'DevTools listening on ws://127.0.0.1:1/devtools/browser/x'; sleep 1000"), []string{"connection refused"}},
		"one whose address is incomplete": {script(t, "printf 'DevTools listening on ws://127.0.0.1:1/dev'; sleep 1000"), []string{"did not say where it listens"}},
		"one that lacks a library":        {script(t, "echo 'x: error while loading shared libraries: libnss3.so' >&2; exit 127"), []string{"libraries that it needs are missing"}},
		"one without a sandbox":           {script(t, "echo 'No usable sandbox! If you are' >&2; exit 1"), []string{"user namespaces"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			temp := t.TempDir()
			t.Setenv("TMPDIR", temp)
			before := runtime.NumGoroutine()
			start := time.Now()
			limit := 20 * time.Second // ends by itself, on a busy machine too
			if strings.Contains(c.want[0], "did not say") {
				limit = time.Second
			}
			_, err := Launch(t.Context(), Options{Binary: Binary{Path: c.path}, Timeout: limit})
			require.Error(t, err)
			require.Less(t, time.Since(start), limit+15*time.Second)
			for _, w := range c.want {
				require.ErrorContains(t, err, w)
			}
			requireGoroutines(t, before)
			left, _ := filepath.Glob(temp + "/*")
			require.Empty(t, left, "profile left behind")
		})
	}
}

func TestALaunchThatIsInterruptedEndsAtOnce(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(100*time.Millisecond, cancel)
	start := time.Now()
	_, err := Launch(ctx, Options{Binary: Binary{Path: script(t, "sleep 1000")}})
	require.ErrorIs(t, err, context.Canceled)
	require.Less(t, time.Since(start), 15*time.Second)
}

func TestWhatCanNotBeHadIsRefusedBeforeAnythingStarts(t *testing.T) {
	for name, o := range map[string]Options{
		"a window of a headless shell":    {Binary: Binary{Path: "/x/chromium-headless-shell"}, Headed: true},
		"a window of a remote browser":    {Binary: Binary{Path: "ws://127.0.0.1:1/x"}, Headed: true},
		"names resolved remotely":         {Binary: Binary{Path: "ws://127.0.0.1:1/x"}, Resolve: []string{"shop.test:127.0.0.1"}},
		"a host resolved to no address":   {Binary: Binary{Path: "/bin/true"}, Resolve: []string{"shop.test:nowhere"}},
		"a rule smuggled in by a comma":   {Binary: Binary{Path: "/bin/true"}, Resolve: []string{"a,MAP b:127.0.0.1"}},
		"an address that answers nothing": {Binary: Binary{Path: "ws://127.0.0.1:1"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Launch(soon(t), o)
			require.Error(t, err)
			t.Log(err)
		})
	}
}

func TestAProfileThatWasGivenIsKept(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "mine")
	b, err := Launch(soon(t), Options{Binary: testBinary(t), Profile: dir})
	require.NoError(t, err)
	require.Equal(t, dir, b.profile.dir)
	require.NoError(t, b.Close())
	require.NoDirExists(t, b.profile.root)
	kept, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.NotEmpty(t, kept)
}

func TestTheBrowsersTemporaryFilesGoWithTheProfile(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir()+strings.Repeat("x", 60))
	require.NoError(t, os.MkdirAll(os.TempDir(), 0o700))
	long, err := newProfile("")
	require.NoError(t, err)
	require.Empty(t, long.environment(false), "a socket would not fit")
	require.Equal(t, []string{"TMPDIR=" + long.root + "/t"}, long.environment(true), "a headless shell has none")
	require.NoError(t, long.remove(soon(t)))
	t.Setenv("TMPDIR", "/tmp")
	short, err := newProfile("")
	require.NoError(t, err)
	require.Equal(t, []string{"TMPDIR=" + short.root + "/t"}, short.environment(false))
	require.NoError(t, short.remove(soon(t)))
}

func TestOnlyProfilesThatNobodyUsesAreSwept(t *testing.T) {
	parent := t.TempDir()
	t.Setenv("TMPDIR", parent)
	used, err := newProfile("")
	require.NoError(t, err)
	abandoned, young := filepath.Join(parent, profilePrefix+"1"), filepath.Join(parent, profilePrefix+"2")
	require.NoError(t, os.MkdirAll(filepath.Join(abandoned, "data"), 0o700))
	require.NoError(t, os.MkdirAll(young, 0o700))
	old := time.Now().Add(-time.Hour)
	require.NoError(t, os.Chtimes(abandoned, old, old))
	require.NoError(t, os.Chtimes(used.root, old, old))
	sweep(parent)
	require.NoDirExists(t, abandoned)
	require.DirExists(t, young)
	require.DirExists(t, used.root)
	require.NoError(t, used.remove(soon(t)))
	require.NoDirExists(t, used.root)
}

func TestResolverRulesTakeBothKindsOfAddress(t *testing.T) {
	rules, err := resolverRules([]string{"shop.test:127.0.0.1", "*.cdn.test:[::1]", "six.test:::1"})
	require.NoError(t, err)
	require.Equal(t, "MAP shop.test 127.0.0.1,MAP *.cdn.test [::1],MAP six.test [::1]", rules)
}

func TestTheSandboxIsOffForRootAlone(t *testing.T) {
	require.Equal(t, os.Geteuid() == 0, needsNoSandbox() != "")
	with, err := arguments(Options{}, "/p", true)
	require.NoError(t, err)
	require.NotContains(t, with, "--no-sandbox")
	without, err := arguments(Options{}, "/p", false)
	require.NoError(t, err)
	require.Contains(t, without, "--no-sandbox")
	for _, flag := range with {
		require.NotContains(t, flag, "site-isolation")
	}
}

// ledger is a log that several goroutines write and a test reads.
type ledger struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *ledger) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *ledger) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func TestTheAddressIsFoundHoweverTheOutputIsCut(t *testing.T) {
	const output = "noise\nDevTools listening on ws://127.0.0.1:7/devtools/browser/a-b\nmore\n"
	for size := 1; size <= len(output); size++ {
		log := &ledger{}
		kept := newTail(log)
		for rest := output; rest != ""; {
			n := min(size, len(rest))
			_, err := kept.Write([]byte(rest[:n]))
			require.NoError(t, err)
			rest = rest[n:]
		}
		require.Equal(t, "ws://127.0.0.1:7/devtools/browser/a-b", <-kept.address, "pieces of %d", size)
		require.Equal(t, output, log.String())
	}
}

func FuzzTheTailTakesWhateverAProgramPrints(f *testing.F) {
	f.Add("DevTools listening on ws://x\n", 3)
	f.Add(strings.Repeat("\xff\n", 9000), 1000)
	f.Fuzz(func(t *testing.T, output string, size int) {
		kept := newTail(nil)
		for rest := output; rest != ""; {
			n := min(max(size, 1), len(rest))
			_, _ = kept.Write([]byte(rest[:n]))
			rest = rest[n:]
		}
		if len(kept.text()) > 3*tailSize {
			t.Errorf("%d bytes kept", len(kept.text()))
		}
	})
}

func TestALossNamesItsReasonAndItsCause(t *testing.T) {
	cause := errors.New("signal: killed")
	err := lost("browser lost", cause)
	require.ErrorIs(t, err, history.ErrLost)
	require.ErrorIs(t, err, cause)
	require.EqualError(t, err, "browser lost: signal: killed")
	require.ErrorIs(t, lost("browser closed", nil), history.ErrLost)
}
