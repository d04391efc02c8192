package leak

import "crosstalk/harness/history"

// pool keeps one copy of what the records of a run say again and again: who
// looked, at which address, and what was there. A record points at it, so a
// long run costs what is new in each record.
type pool struct {
	scenes map[scene]*scene
	bodies map[history.Body]*body // while the record is read
	steps  map[history.Step]*history.Step
	marks  map[[3]string]*copyMarks // those that only tell date, tag and age
}

func newPool() *pool {
	return &pool{scenes: map[scene]*scene{}, bodies: map[history.Body]*body{}, steps: map[history.Step]*history.Step{}, marks: map[[3]string]*copyMarks{}}
}

func (p *pool) scene(s scene) *scene {
	known := p.scenes[s]
	if known == nil {
		known = &s
		p.scenes[s] = known
	}
	return known
}

func (p *pool) body(b history.Body) *body {
	known := p.bodies[b]
	if known == nil {
		known = &body{Body: b}
		p.bodies[b] = known
	}
	return known
}

func (p *pool) copyMarks(m copyMarks) *copyMarks {
	if len(m.says)+len(m.ids) > 0 {
		return &m
	}
	key := [3]string{m.date, m.etag, m.age}
	if p.marks[key] == nil {
		p.marks[key] = &m
	}
	return p.marks[key]
}

func (p *pool) step(s history.Step) step {
	taken := step{Start: s.Start, End: s.End}
	s.Session, s.Start, s.End = "", 0, 0
	taken.Step = p.steps[s]
	if taken.Step == nil {
		taken.Step = &s
		p.steps[s] = taken.Step
	}
	return taken
}
