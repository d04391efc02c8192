package customer_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/customer"
)

func TestANonceIsAnotherInEverySessionAndStepAndStrong(t *testing.T) {
	seen := map[string]string{}
	for seed := range uint64(3) {
		for session := range 400 {
			for step := range 4 {
				at := fmt.Sprintf("seed %d, s%04d, step %d", seed, session, step)
				nonce := customer.Nonce(seed, fmt.Sprintf("s%04d", session), step)
				require.Empty(t, seen[nonce], at)
				seen[nonce] = at
				require.Equal(t, customer.Strong, customer.LearnedStrength(nonce), nonce)
				require.Regexp(t, `^([a-z]{4}[0-9]){3}$`, nonce)
			}
		}
	}
	require.Equal(t, customer.Nonce(7, "s0001", 2), customer.Nonce(7, "s0001", 2))
}
