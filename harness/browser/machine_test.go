package browser

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// testBinary is a real browser, or the test is skipped, aloud, unless
// CROSSTALK_REQUIRE says that this machine must have one.
func testBinary(t testing.TB) Binary {
	t.Helper()
	b, err := Provide(t.Context(), Want{Log: os.Stderr})
	if err != nil && !strings.Contains(os.Getenv("CROSSTALK_REQUIRE"), "chromium") {
		t.Skipf("SKIPPED, for want of a browser: %v", err)
	}
	require.NoError(t, err)
	return b
}

// testBrowser is a running one, closed at the end of the test.
func testBrowser(t testing.TB, o Options) *Browser {
	t.Helper()
	o.Binary = testBinary(t)
	b, err := Launch(t.Context(), o)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, b.Close()) })
	return b
}

// soon is a deadline within which nothing here should fail for slowness.
func soon(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	t.Cleanup(cancel)
	return ctx
}

// script writes a program for a shell.
func script(t testing.TB, text string) string {
	t.Helper()
	path := t.TempDir() + "/browser"
	require.NoError(t, os.WriteFile(path, []byte("#!/bin/sh\n"+text+"\n"), 0o755))
	return path
}
