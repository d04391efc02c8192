package leak_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTheRemedyFitsHowTheShopRefused(t *testing.T) {
	for _, c := range []struct{ failure, want string }{
		{"no text; POST /api/sign-in was answered 429", "raise its limits on staging"},
		{"POST /login answered 429", "raise its limits on staging"},
		{"no text; POST shop.test/api was blocked by CORS: it goes to another origin than the page's", "tell the shop its public address"},
		{"no text; POST /api/sign-in was answered 422", "by hand"},
	} {
		signUp := readTranscript(t, "customers 3\nsign-up each fails see:Welcome "+c.failure+"\n")
		require.Contains(t, judge(t, signUp, nil).Reasons[0].Remedy, c.want, c.failure)
		walks := readTranscript(t, "customers 3\njourneys shopper\nsolo each fails see:Welcome "+c.failure+"\n")
		var all []string
		for _, r := range judge(t, walks, nil).Reasons {
			all = append(all, r.Text+" → "+r.Remedy)
		}
		require.Contains(t, strings.Join(all, "\n"), c.want, c.failure)
	}
}

func TestARunThatStoppedEarlyAsksForNothingThatWouldNotHelp(t *testing.T) {
	for name, text := range map[string]string{
		"shop down":  "customers 0\nbare\nbaseline nobody fails visit:/ connection refused\n",
		"no sign-up": "customers 3\nsign-up each fails see:Welcome no text\n",
	} {
		for _, r := range judge(t, readTranscript(t, text), nil).Reasons {
			require.NotContains(t, r.Text, "there were no customers", name)
			require.NotContains(t, r.Remedy, "--for", name)
		}
	}
	var remedies []string
	for _, r := range judge(t, readTranscript(t, "customers 3\nsolo each GET /me response {\"email\":\"{email}\"}\n"), nil).Reasons {
		remedies = append(remedies, r.Remedy)
	}
	require.Contains(t, strings.Join(remedies, "\n"), "--for", "a run that was only too short")
}
