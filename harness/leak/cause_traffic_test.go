package leak

import (
	"math/rand/v2"
	"sort"
	"testing"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/history"
)

func TestLanesAnswerAsLookingThroughAllWould(t *testing.T) {
	for seed := range uint64(200) {
		random := rand.New(rand.NewPCG(seed, 3))
		l := &lane{}
		for range 1 + random.IntN(30) {
			start := history.Moment(random.IntN(100))
			l.all = append(l.all, &exchange{scene: &scene{}, start: start, end: start + history.Moment(random.IntN(40))})
		}
		sort.SliceStable(l.all, func(i, k int) bool { return l.all[i].start < l.all[k].start })
		all := l.all
		l.all = nil
		for _, x := range all {
			l.add(x)
		}
		l.finish()
		from := history.Moment(random.IntN(100))
		x := &exchange{scene: &scene{}, start: from, end: from + history.Moment(random.IntN(40))}
		besides, ended, latest := 0, 0, history.Moment(-1)
		for _, e := range all {
			if e.start < x.end && e.end > x.start {
				besides++
			}
			if e.end > x.start && e.end <= x.end {
				ended++
			}
			if e.end <= x.start {
				latest = max(latest, e.end)
			}
		}
		require.Len(t, l.beside(x), besides, "seed %d", seed)
		require.Equal(t, ended, l.ended(x.start, x.end), "seed %d", seed)
		if before := l.before(x.start); latest >= 0 {
			require.NotNil(t, before, "seed %d", seed)
			require.Equal(t, latest, before.end, "seed %d", seed)
		} else {
			require.Nil(t, before, "seed %d", seed)
		}
	}
}

func TestEveryCauseOfTheClosedListHasARow(t *testing.T) {
	var names []string
	for _, c := range causes() {
		names = append(names, c.name)
	}
	require.ElementsMatch(t, []string{
		CauseSharedCache, CauseCachedSetCookie, CauseCoalesced, CauseRace, CauseSwappedSession, CauseShiftedReplies, CauseWorkerResidue,
		CauseBroadcast, CauseClientStorage, CauseFileClash, CauseMailMixUp, CauseObjectLevel,
	}, names)
}
