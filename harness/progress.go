package harness

import "time"

// Progress is how far a run is. Each is whole in itself: one that is missed is
// no loss.
type Progress struct {
	Phase     string // phase or schedule
	Round     int    // of the schedule
	Walks     int    // ended so far
	Active    int    // sessions under way
	Failed    int    // walks that ended at a step that failed, so far
	Lost      int    // sessions lost so far
	Exchanges int
	Sightings int
	Foreign   int           // sightings with a planted marker of another customer, so far
	Elapsed   time.Duration // since the run began
	Total     time.Duration // the budget; zero when there is none
	Line      string        // when set: something worth a line of its own
}
