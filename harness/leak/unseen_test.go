package leak_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/history"
	"crosstalk/harness/leak"
)

func TestWhatWasUnseenIsListedAtEveryPlaceWithItsReason(t *testing.T) {
	tr := readTranscript(t, `customers 2
solo each GET /account page dd "{email}"
relay c01 GET /help response x | unseen=aborted
relay c01 GET /help response x | unseen=tab-gone
relay c02 GET /help response x | unseen=tab-gone
relay c02 GET /terms response x | unseen=redirect
relay c02 GET /terms response x | unseen=sampled
relay c02 GET /logo response <h1>hello</h1>
`)
	require.Equal(t, []leak.Unseen{
		{Place: "GET /help", Surface: history.SurfaceResponse, Reason: "tab-gone", Count: 2},
		{Place: "GET /help", Surface: history.SurfaceResponse, Reason: "aborted", Count: 1, Expected: true},
		{Place: "GET /terms", Surface: history.SurfaceResponse, Reason: "redirect", Count: 1, Expected: true},
		{Place: "GET /terms", Surface: history.SurfaceResponse, Reason: "sampled", Count: 1, Expected: true},
	}, judge(t, tr, nil).UnseenPlaces)
}

func TestTheListOfWhatWasUnseenIsBoundedAndItsSumIsNot(t *testing.T) {
	text, total := "customers 2\n", 0
	for i := range 700 {
		// Words, for a number would be the same place.
		text += fmt.Sprintf("relay c01 GET /p%c%c response x | unseen=gone\n", 'a'+i/26, 'a'+i%26)
	}
	all := judge(t, readTranscript(t, text), nil).UnseenPlaces
	require.Len(t, all, 501)
	for _, u := range all {
		total += u.Count
	}
	require.Equal(t, 700, total)
	require.Equal(t, 200, all[500].Count)
}
