package leak

import (
	"fmt"
	"sort"

	"crosstalk/harness/history"
)

// Unseen is what could not be had at one place, own or not, for one reason.
type Unseen struct {
	Place   history.Place   `json:"place"`
	Surface history.Surface `json:"surface"`
	Reason  string          `json:"reason"`
	Count   int             `json:"count"`
	// Expected says that the reason is part of how a run is driven or how its
	// clients work: a redirect's body in a browser, what the plan cut or the page
	// gave up, assets that are sampled. It counts for no minimum.
	Expected bool `json:"expected,omitempty"`
}

// mostUnseen is how many of them a judgement lists; what is left is summed by
// reason under unlistedPlaces.
const (
	mostUnseen     = 500
	unlistedPlaces = history.Place("other places")
)

// notKept is the reason of what was had, and is not in the store any more.
const notKept = "not in the record any more"

// expected says whether a body unseen for this reason is counted apart: the
// smallest share that must be seen (Minima.Unseen) does not ask for it.
func expected(reason string) bool {
	switch reason {
	case history.UnseenRedirect, history.UnseenCancelled, history.UnseenAborted, history.UnseenSampled:
		return true
	}
	return false
}

type unseenAt struct {
	at     stage
	reason string
}

// unseenPlaces counts by place what could not be had or not be read to its
// end: what was not had at all first, the most first.
func (c *court) unseenPlaces() []Unseen {
	counts := map[unseenAt]int{}
	for _, x := range c.rec.exchanges {
		if x.body.Unseen != "" {
			counts[unseenAt{stage{x.place, history.SurfaceResponse}, x.body.Unseen}]++
		}
	}
	for _, s := range c.rec.sightings {
		at := stage{s.place, s.surface}
		if s.exchange == nil || s.surface != history.SurfaceResponse { // that an exchange's own body is unseen was counted
			if s.body.Unseen != "" {
				counts[unseenAt{at, s.body.Unseen}]++
			}
		}
		if s.body.closed != "" {
			counts[unseenAt{at, notDecoded + s.body.closed}]++
		}
		if s.body.gone {
			counts[unseenAt{at, notKept}]++
		}
	}
	return listUnseen(counts)
}

func listUnseen(counts map[unseenAt]int) []Unseen {
	all := make([]Unseen, 0, len(counts))
	for k, n := range counts {
		all = append(all, Unseen{k.at.place, k.at.surface, k.reason, n, expected(k.reason)})
	}
	sortUnseen(all)
	if len(all) <= mostUnseen {
		return all
	}
	rest := map[unseenAt]int{}
	for _, u := range all[mostUnseen:] {
		rest[unseenAt{stage{unlistedPlaces, u.Surface}, u.Reason}] += u.Count
	}
	var sums []Unseen
	for k, n := range rest {
		sums = append(sums, Unseen{k.at.place, k.at.surface, k.reason, n, expected(k.reason)})
	}
	sortUnseen(sums)
	return append(all[:mostUnseen:mostUnseen], sums[:min(len(sums), mostUnseen)]...)
}

func sortUnseen(all []Unseen) {
	key := func(u Unseen) string { return fmt.Sprintf("%s\x00%s\x00%s", u.Place, u.Surface, u.Reason) }
	sort.Slice(all, func(i, k int) bool {
		a, b := all[i], all[k]
		if a.Expected != b.Expected {
			return b.Expected
		}
		if a.Count != b.Count {
			return a.Count > b.Count
		}
		return key(a) < key(b)
	})
}
