package leak

import "crosstalk/harness/history"

// paced is a change of pace, and when it was made.
type paced struct {
	history.Pace
	at history.Moment
}

// takeCourse keeps what a run did as a whole.
func (r *record) takeCourse(e history.Event) {
	switch {
	case e.Plan != nil:
		r.takePlan(e.Plan)
	case e.Pace != nil:
		r.paces = append(r.paces, paced{*e.Pace, e.At})
	case e.Hook != nil:
		r.hooks = append(r.hooks, *e.Hook)
	case e.Phase != nil:
		r.phases = append(r.phases, *e.Phase)
	}
}

func (r *record) takePlan(p *history.Plan) {
	r.windows[roundOf{p.Schedule, p.Round}] = p.Window
	if p.Schedule == history.PlanSetting && len(p.Schedules) > 0 {
		r.run.Schedules = p.Schedules // what can be walked of what was asked for
	}
}

// roundOf names a round of a run.
type roundOf struct {
	schedule string
	number   int
}

// window is how long after one customer was at a place the next one there
// counts as exposed, in the round of this session: what its plan says, or
// history.DefaultWindow.
func (r *record) window(s *session) history.Moment {
	if w := r.windows[roundOf{s.Phase, s.Round}]; w > 0 {
		return w
	}
	return history.DefaultWindow
}
