package harness

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/customer"
	"crosstalk/harness/history"
)

func TestWhatAsksForACustomersOwnTownIsOnePlaceForAllCustomers(t *testing.T) {
	dir := t.TempDir()
	journal, err := history.Create(dir, nil)
	require.NoError(t, err)
	record := newRecorder(journal, dir)
	record.knows(personalWords([]customer.Customer{{First: "Zoe", Last: "Lindqvist", City: "Charlotte"}, {First: "Ida", Last: "Berg", City: "Lund"}}))
	var held []history.Place
	hold := record.placing(func(_ context.Context, _ int, place history.Place) bool {
		held = append(held, place)
		return true
	})
	for _, c := range []struct{ asked, place history.Place }{
		{"GET /reach?town=Charlotte&zip={}", "GET /reach?town={}&zip={}"},
		{"GET /reach?town=lund&zip={}", "GET /reach?town={}&zip={}"},
		{"GET /greet?first=Ida&view=orders", "GET /greet?first={}&view=orders"},
		{"GET /lund?view=orders", "GET /lund?view=orders"},
		{"GET /orders?Ida=lunds&x=", "GET /orders?Ida=lunds&x="},
		{"GET /orders?Lund", "GET /orders?Lund"},
		{"GET /orders", "GET /orders"},
	} {
		record.Exchange(history.Exchange{Session: "s1", Place: c.asked}, nil, nil)
		record.Sighting(history.Sighting{Session: "s1", Place: c.asked, Surface: history.SurfacePage}, []byte("x"))
		require.True(t, hold(t.Context(), 1, c.asked))
		require.Equal(t, c.place, held[len(held)-1])
	}
	require.NoError(t, journal.Close())
	exchanges, sightings := []history.Place{}, []history.Place{}
	for _, e := range events(t, dir) {
		switch {
		case e.Exchange != nil:
			exchanges = append(exchanges, e.Exchange.Place)
		case e.Sighting != nil:
			sightings = append(sightings, e.Sighting.Place)
		}
	}
	require.Equal(t, held, exchanges)
	require.Equal(t, held, sightings)
	require.Nil(t, record.placing(nil))
}
