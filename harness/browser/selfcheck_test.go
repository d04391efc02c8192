package browser

import (
	"context"
	"testing"
	"time"

	"github.com/go-rod/rod/lib/proto"
	"github.com/stretchr/testify/require"
)

func TestContextsOfOneBrowserAreProvedIsolated(t *testing.T) {
	b := testBrowser(t, Options{})
	start := time.Now()
	d := Describe(soon(t), b)
	require.Less(t, time.Since(start), 15*time.Second)
	require.Len(t, d.Checks, len(probes())+1)
	for _, c := range d.Checks {
		require.True(t, c.OK, "%s: %s", c.Name, c.Detail)
	}
	require.True(t, d.Isolated)
	require.NotEmpty(t, d.Product)
	require.NotEmpty(t, d.SandboxWhy)
	r, err := proto.TargetGetBrowserContexts{}.Call(b.Rod().Context(soon(t)))
	require.NoError(t, err)
	require.Empty(t, r.BrowserContextIDs, "the checks leave no context behind")
}

func TestTheSelfChecksFailWhereTheContextIsShared(t *testing.T) {
	b := testBrowser(t, Options{})
	var made proto.BrowserBrowserContextID
	again := func(ctx context.Context) (proto.BrowserBrowserContextID, error) {
		r, err := proto.TargetGetBrowserContexts{}.Call(b.Rod().Context(ctx))
		if err != nil {
			return "", err
		}
		made = r.BrowserContextIDs[0]
		return made, nil
	}
	for _, c := range selfChecks(soon(t), b, again) {
		if c.Name == "sessionStorage" {
			continue // it belongs to a tab: a shared context does not share it
		}
		require.False(t, c.OK, c.Name)
		require.NotEmpty(t, c.Detail)
	}
	require.NotEmpty(t, made)
}

func TestSelfChecksThatCanNotBeMadeAreNotOK(t *testing.T) {
	b, err := Launch(soon(t), Options{Binary: testBinary(t)})
	require.NoError(t, err)
	require.NoError(t, b.Close())
	checks := SelfChecks(soon(t), b)
	require.NotEmpty(t, checks)
	for _, c := range checks {
		require.False(t, c.OK, c.Name)
		require.Contains(t, c.Detail, "browser closed")
	}
}

func TestSelfChecksWorkBehindAProxyThatKnowsNothingOfThem(t *testing.T) {
	b := testBrowser(t, Options{Proxy: "http://127.0.0.1:1"})
	for _, c := range SelfChecks(soon(t), b) {
		require.True(t, c.OK, "%s: %s", c.Name, c.Detail)
	}
}
