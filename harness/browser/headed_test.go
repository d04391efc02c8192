package browser

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAWindowIsShownByTheFullBrowser(t *testing.T) {
	if os.Getenv("DISPLAY") == "" {
		t.Skip("SKIPPED, for want of a display: run it with xvfb-run and a full browser to be found")
	}
	t.Setenv("CROSSTALK_NO_INSTALL", "1")
	binary, err := Provide(t.Context(), Want{Full: true, Log: os.Stderr})
	if err != nil {
		t.Skipf("SKIPPED, for want of a full browser: %v", err)
	}
	b, err := Launch(soon(t), Options{Binary: binary, Headed: true})
	require.NoError(t, err)
	for _, c := range SelfChecks(soon(t), b) {
		require.True(t, c.OK, "%s: %s", c.Name, c.Detail)
	}
	require.NoError(t, b.Close())
}
