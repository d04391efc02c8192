package harness

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"crosstalk/scenarios"
)

func TestGuardAllowsLoopbackAndNamedHostsOnly(t *testing.T) {
	g := guard{hosts: []string{"staging.example", "*.preview.example:8443"}}
	for host, want := range map[string]bool{
		"127.0.0.1:8080": true, "localhost": true, "shop.localhost:3000": true, "[::1]:80": true, "127.8.9.1": true,
		"staging.example": true, "STAGING.example:443": true, "staging.example.": true, "a.preview.example": true,
		"preview.example": false, "evilstaging.example": false, "staging.example.evil.test": false,
		"www.example": false, "10.0.0.1": false, "": false, "localhost.evil.test": false, "0.0.0.0": false,
	} {
		require.Equal(t, want, g.allowed(host), host)
	}
}

func TestAProofOfStagingIsAskedForAndBelievedOnlyWhenItIsThere(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/.well-known/staging" && r.Header.Get("X-Key") == "let me in" {
			w.Header().Set("X-Environment", "staging-eu")
			_, _ = w.Write([]byte("this is staging"))
		}
	}))
	defer server.Close()
	c := Config{Target: server.URL, Scenario: &scenarios.Scenario{}, Header: []string{"X-Key: let me in"}}
	for name, at := range map[string]struct {
		proof *scenarios.Proof
		holds bool
	}{
		"none asked for": {nil, true},
		"header":         {&scenarios.Proof{Path: "/.well-known/staging", Header: "X-Environment", Value: "staging"}, true},
		"any value":      {&scenarios.Proof{Path: "/.well-known/staging", Header: "X-Environment"}, true},
		"wrong value":    {&scenarios.Proof{Path: "/.well-known/staging", Header: "X-Environment", Value: "production"}, false},
		"wrong header":   {&scenarios.Proof{Path: "/.well-known/staging", Header: "X-Stage"}, false},
		"text":           {&scenarios.Proof{Path: "/.well-known/staging", Text: "this is staging"}, true},
		"wrong path":     {&scenarios.Proof{Text: "this is staging"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			err := guard{}.prove(context.Background(), c, at.proof)
			if at.holds {
				require.NoError(t, err)
				return
			}
			var refusal *ConfigError
			require.ErrorAs(t, err, &refusal)
		})
	}
	server.Close()
	err := guard{}.prove(context.Background(), c, &scenarios.Proof{Text: "x"})
	var target *TargetError
	require.ErrorAs(t, err, &target, "a target that is down has not refused anything")
}
