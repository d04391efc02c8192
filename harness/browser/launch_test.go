package browser

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestABrowserIsLaunchedAndLeavesNothingBehind(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	start := time.Now()
	b, err := Launch(ctx, Options{Binary: Binary{Path: "/usr/lib/chromium/chromium-headless-shell"}})
	require.NoError(t, err)
	t.Log(time.Since(start), b.Version())
	id, err := b.NewContext(ctx)
	require.NoError(t, err)
	require.NoError(t, b.DisposeContext(ctx, id))
	start = time.Now()
	require.NoError(t, b.Close())
	t.Log(time.Since(start))
}
