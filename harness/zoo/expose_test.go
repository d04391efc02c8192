package zoo

import (
	"iter"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"crosstalk/harness/history"
	"crosstalk/harness/leak"
)

// asked are the events of customers who ask at a place, in this order, one
// session each.
func asked(phase string, every history.Moment, who ...string) []history.Event {
	var all []history.Event
	for i, viewer := range who {
		id, at := phase+string(rune('a'+i)), history.Moment(i+1)*every
		all = append(all, history.Event{At: at, Session: &history.Session{ID: id, Customer: viewer, Phase: phase, Round: 1}},
			history.Event{At: at, Exchange: &history.Exchange{ID: id + ".1", Session: id, Viewer: viewer, Place: "GET /api/passport", Start: at}},
			history.Event{At: at, Exchange: &history.Exchange{ID: id + ".2", Session: id, Viewer: viewer, Place: "GET /", Start: at}})
	}
	return all
}

func sequence(all []history.Event) iter.Seq2[history.Event, error] {
	return func(yield func(history.Event, error) bool) {
		for _, e := range all {
			if !yield(e, nil) {
				return
			}
		}
	}
}

func TestWhereNobodyReadsTheirOwnExposuresAreWhoAskedBehindAnother(t *testing.T) {
	const second = history.Moment(1_000_000)
	narrow := []history.Event{{Plan: &history.Plan{Schedule: history.PhaseRelay, Round: 1, Window: second}}}
	for name, c := range map[string]struct {
		events []history.Event
		want   int
	}{
		"each behind another":             {asked(history.PhaseRelay, second, "c01", "c02", "c01"), 2},
		"a passer-by behind them":         {asked(history.PhaseRelay, second, "c01", "nobody", "nobody"), 2},
		"one's own, and nobody's":         {asked(history.PhaseRelay, second, "nobody", "c01", "c01"), 0},
		"solo":                            {asked(history.PhaseSolo, second, "c01", "c02", "c03"), 0},
		"too long after":                  {asked(history.PhaseRelay, 11*second, "c01", "c02"), 0},
		"too long after, as the plan has": {append(narrow, asked(history.PhaseRelay, 2*second, "c01", "c02")...), 0},
		"nobody":                          {nil, 0},
	} {
		n, err := asks(sequence(c.events), "GET /api/passport")
		require.NoError(t, err)
		assert.Equal(t, c.want, n, name)
	}
}

func TestExposuresAreCountedAsFarAsTheFinding(t *testing.T) {
	all := asked(history.PhaseRelay, 1500, "c01", "c02")
	end, err := until(sequence(all), leak.Finding{FirstSeen: 2})
	require.NoError(t, err)
	u := upTo{end: end}
	all = append(all, history.Event{At: 9000, Identity: &history.Identity{Session: "relaya", State: history.SignedIn}})
	kept := slices.DeleteFunc(slices.Clone(all), u.later)
	require.Len(t, kept, 4, "one session, its two exchanges, and that it was signed in, which is noted later")
	assert.NotNil(t, kept[3].Identity)

	all[1].Exchange.End = 9000
	end, err = until(sequence(all), leak.Finding{FirstSeen: 1, Exchange: all[1].Exchange.ID})
	require.NoError(t, err)
	assert.Equal(t, history.Moment(9000), end, "it was had when it had come")
}

func TestExposuresOfAFindingAreThoseOfItsSurfaceOrTheMostOfItsPlace(t *testing.T) {
	all := []leak.Coverage{{Place: "GET /me", Surface: history.SurfacePage, Exposures: 4}, {Place: "GET /me", Surface: history.SurfaceResponse, Exposures: 2}}
	assert.Equal(t, 2, exposuresAt(all, leak.Finding{Place: "GET /me", Surface: history.SurfaceResponse}))
	assert.Equal(t, 4, exposuresAt(all, leak.Finding{Place: "GET /me", Surface: history.SurfaceCookie}))
	assert.Zero(t, exposuresAt(all, leak.Finding{Place: "GET /wallet", Surface: history.SurfaceResponse}))
}
