package harness

import (
	"sync"
	"time"
)

// meter counts what the live view shows.
type meter struct {
	record *recorder
	report func(Progress)
	began  time.Time
	total  time.Duration

	mu  sync.Mutex
	now Progress
}

func newMeter(c Config, r *recorder, began time.Time) *meter {
	return &meter{record: r, report: c.Progress, began: began, total: c.For}
}

// tell reports the state after a change.
func (m *meter) tell(change func(p *Progress)) {
	m.mu.Lock()
	change(&m.now)
	p := m.now
	m.mu.Unlock()
	p.Exchanges, p.Sightings, p.Foreign = int(m.record.exchanges.Load()), int(m.record.sightings.Load()), int(m.record.foreign.Load())
	p.Elapsed, p.Total = time.Since(m.began), m.total
	m.report(p)
}

func (m *meter) begin(phase string, round int) {
	m.tell(func(p *Progress) { p.Phase, p.Round = phase, round })
}

func (m *meter) opened() { m.tell(func(p *Progress) { p.Active++ }) }

func (m *meter) closed() { m.tell(func(p *Progress) { p.Active-- }) }

func (m *meter) walked(w walked) {
	m.tell(func(p *Progress) {
		p.Walks++
		if w.Failed != "" {
			p.Failed++
		}
	})
}

func (m *meter) lost() { m.tell(func(p *Progress) { p.Lost++ }) }

// say reports something worth a line of its own.
func (m *meter) say(line string) {
	m.mu.Lock()
	p := m.now
	m.mu.Unlock()
	p.Line = line
	p.Elapsed, p.Total = time.Since(m.began), m.total
	m.report(p)
}
