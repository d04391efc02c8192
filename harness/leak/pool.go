package leak

import (
	"strings"

	"crosstalk/harness/history"
)

// pool keeps one copy of what the records of a run say again and again: who
// looked, at which address, and what was there. A record points at it, so a
// long run costs what is new in each record.
type pool struct {
	scenes map[scene]*scene
	bodies map[history.Body]*body // while the record is read
	steps  map[history.Step]*history.Step
	marks  map[[3]string]*copyMarks // those that only tell date, tag and age

	routes      map[string]*route
	connections map[string]int32
}

func newPool() *pool {
	return &pool{
		scenes: map[scene]*scene{}, bodies: map[history.Body]*body{}, steps: map[history.Step]*history.Step{}, marks: map[[3]string]*copyMarks{},
		routes: map[string]*route{}, connections: map[string]int32{},
	}
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

// route keeps one copy of each way there was, of a bounded number: a server can
// name itself anew with each answer.
func (p *pool) route(r route) *route {
	key := strings.Join(r.edges, ",") + " " + r.cache
	known := p.routes[key]
	if known == nil && len(p.routes) >= mostRoutes && len(r.edges) > 0 && r.edges[0] != otherEdges {
		return p.route(route{[]string{otherEdges}, r.cache})
	}
	if known == nil {
		known = &r
		p.routes[key] = known
	}
	return known
}

// connection is the number of a connection, by the name that its driver gave it.
func (p *pool) connection(name string) int32 {
	if name == "" {
		return 0
	}
	n := p.connections[name]
	if n == 0 {
		n = int32(len(p.connections) + 1)
		p.connections[strings.Clone(name)] = n
	}
	return n
}
