package api

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/history"
)

func TestTwoSessionsAreProvedIsolated(t *testing.T) {
	checks := SelfChecks(context.Background(), New(Options{}))
	require.Equal(t, []history.SelfCheck{{Name: "API sessions", OK: true}}, checks)
}

func TestASharedSessionIsFoundOut(t *testing.T) {
	d := New(Options{})
	var only *Client
	err := checkIsolation(context.Background(), func(ctx context.Context, s history.SessionSpec) (*Client, error) {
		if only == nil {
			c, err := d.Open(ctx, s)
			only = c
			return c, err
		}
		return only, nil
	})
	require.ErrorContains(t, err, "a session began with a cookie")
}
