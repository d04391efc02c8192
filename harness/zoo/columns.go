package zoo

import "fmt"

// column is one of a table.
type column struct {
	title string
	width int // of what stands in it, to the right for numbers; 0: as it comes, at the end
	right bool
	wide  bool // only where there is room
	value func(Row) string
}

// faultColumns are those of the faults at a rate.
func faultColumns(rate float64) []column {
	if rate <= 0 {
		return idleColumns()
	}
	return []column{
		{title: "class", width: 5, right: true, wide: true, value: func(r Row) string { return fmt.Sprint(r.Class) }},
		{title: "fault/variant", width: 26, value: func(r Row) string { return r.name() }},
		{title: "found", width: 5, value: func(r Row) string { return foundMark(r) }},
		{title: "exposed", width: 7, right: true, value: exposed},
		{title: "everywhere", width: 10, right: true, wide: true, value: func(r Row) string { return fmt.Sprint(r.AllExposures) }},
		{title: "struck", width: 8, right: true, value: func(r Row) string {
			return fmt.Sprintf("%d/%d", r.Chances.Strikes, r.Chances.Opportunities)
		}},
		{title: "rule", width: 4, value: func(r Row) string { return mark(r, r.RuleRight) }},
		{title: "surf", width: 4, value: func(r Row) string { return mark(r, r.SurfaceRight) }},
		{title: "cause", width: 5, value: func(r Row) string { return mark(r, r.CauseRight) }},
		{title: "by", width: 8, value: by},
		{title: "at", width: 5, right: true, value: func(r Row) string {
			if !r.Found {
				return "–"
			}
			return clock(r.Proven)
		}},
		{title: "took", width: 5, right: true, wide: true, value: func(r Row) string { return clock(r.Duration) }},
	}
}

func decoyColumns() []column {
	return append([]column{
		{title: "row", width: 5, right: true, wide: true, value: func(r Row) string { return fmt.Sprint(r.Class) }},
		{title: "decoy", width: 16, value: func(r Row) string { return r.Name }},
		{title: "silent", width: 6, value: silentMark},
		{title: "served", width: 6, right: true, value: func(r Row) string { return fmt.Sprint(r.Served) }},
	}, quietColumns()...)
}

// idleColumns are those of faults that never strike.
func idleColumns() []column {
	return append([]column{
		{title: "class", width: 5, right: true, wide: true, value: func(r Row) string { return fmt.Sprint(r.Class) }},
		{title: "fault/variant", width: 26, value: func(r Row) string { return r.name() }},
		{title: "silent", width: 6, value: silentMark},
	}, quietColumns()...)
}

// quietColumns are what all cases have that must be silent.
func quietColumns() []column {
	return []column{
		{title: "exposed", width: 7, right: true, value: func(r Row) string { return fmt.Sprint(r.AllExposures) }},
		{title: "proofs", width: 6, right: true, value: func(r Row) string { return fmt.Sprint(len(r.Alarms)) }},
		{title: "suspicions", width: 10, right: true, value: func(r Row) string { return fmt.Sprint(len(r.Suspicions)) }},
		{title: "verdict", width: 12, value: func(r Row) string { return string(r.Verdict) }},
		{title: "took", width: 5, right: true, value: func(r Row) string { return clock(r.Duration) }},
	}
}

func yes(ok bool) string {
	if ok {
		return "✓"
	}
	return "✗"
}

// mark is empty where nothing was found that could be right.
func mark(r Row, ok bool) string {
	if !r.Found {
		return ""
	}
	return yes(ok)
}

// by is the schedule that showed it, marked where others were expected to.
func by(r Row) string {
	if r.Found && !r.ScheduleRight {
		return r.Schedule + "≠"
	}
	return r.Schedule
}

// exposed is a number of exposures at the place of the finding, if there is one.
func exposed(r Row) string {
	if !r.Found {
		return "–"
	}
	return fmt.Sprint(r.Exposures)
}

// silentMark has a word of its own where nobody knows: neither is good.
func silentMark(r Row) string {
	switch {
	case r.Error != "":
		return "broke"
	case r.Open:
		return "open"
	}
	return yes(r.Expected)
}

func foundMark(r Row) string {
	switch {
	case r.Error != "":
		return "broke"
	case len(r.Alarms) > 0 && !r.Found:
		return "alarm"
	case r.Found && len(r.Impure)+len(r.Alarms) > 0:
		return "✓ !"
	}
	return yes(r.Found)
}
