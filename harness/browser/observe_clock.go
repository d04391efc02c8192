package browser

import (
	"time"

	"crosstalk/harness/history"
)

// believable is how far the browser's wall clock may be from ours, in either
// direction, before an event's own time is anchored at its arrival instead: a
// browser on another machine has another clock.
const believable = 2 * time.Second

// clock converts the browser's monotonic seconds to moments of the run. It is
// anchored once, so that intervals stay what they were.
type clock struct {
	now      func() history.Moment
	anchored bool
	offset   float64 // microseconds to add to the browser's
}

// anchor ties an event's monotonic time to the run's clock, by the wall time
// that the browser gives with it.
func (c *clock) anchor(monotonic, wall float64) {
	if c.anchored {
		return
	}
	c.anchored = true
	now, lag := c.now(), time.Duration(0)
	if wall > 0 {
		lag = time.Since(time.UnixMicro(int64(wall * 1e6)))
	}
	if lag < -believable || lag > believable {
		lag = 0
	}
	c.offset = float64(now) - float64(lag.Microseconds()) - monotonic*1e6
}

// moment is the run's time of the browser's; never later than now.
func (c *clock) moment(monotonic float64) history.Moment {
	now := c.now()
	if !c.anchored || monotonic <= 0 {
		return now
	}
	return max(0, min(now, history.Moment(monotonic*1e6+c.offset)))
}
