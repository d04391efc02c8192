package zoo

import "slices"

// Needed are medians of what it took to find the cases that were found, beside
// what it takes without luck either way.
type Needed struct {
	Exposures     float64 `json:"exposures"`     // at the place of the finding
	Opportunities float64 `json:"opportunities"` // of the fault
	Expected      float64 `json:"expected"`      // 1/rate, of both; 0 at rate 0
}

// median of numbers; 0 of none.
func median(all []int) float64 {
	if len(all) == 0 {
		return 0
	}
	slices.Sort(all)
	half := len(all) / 2
	return float64(all[half]+all[len(all)-1-half]) / 2
}

// needed are the medians of the cases that were found.
func needed(rate float64, rows []Row) Needed {
	var exposures, opportunities []int
	for _, row := range rows {
		if row.Found {
			exposures, opportunities = append(exposures, row.Exposures), append(opportunities, row.Chances.Opportunities)
		}
	}
	n := Needed{Exposures: median(exposures), Opportunities: median(opportunities)}
	if rate > 0 {
		n.Expected = 1 / rate
	}
	return n
}
