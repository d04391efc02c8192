package harness

import (
	"time"

	"crosstalk/harness/history"
	"crosstalk/scenarios"
)

// gateOf is the gate that a request comes to, and how long it is held there at
// most; zero: it is not.
func (g *gates) gateOf(i, step int, place history.Place) (gateKey, time.Duration) {
	w := g.walks[i]
	timeouts, ok := w.held[step]
	most := min(timeouts, g.patience.inStep)
	if !ok || w.step != step || w.waited >= most || w.gates >= mostGates {
		return gateKey{}, 0
	}
	w.gates++
	if w.herd && w.gates == 1 {
		return gateKey{place: firstPlace}, min(g.patience.gate, most)
	}
	return gateKey{journey: w.journey, step: step, place: place}, min(g.patience.gate, most)
}

// come counts a walk at a gate. It answers where to wait; nil: nowhere.
func (g *gates) come(i int, key gateKey, patience time.Duration) *gate {
	w := g.walks[i]
	if patience <= 0 || w.left || w.vain >= g.patience.inVain || g.opened[key] {
		return nil
	}
	at := g.closed[key]
	if at == nil {
		at = &gate{came: map[int]time.Time{}, open: make(chan struct{})}
		at.late = time.AfterFunc(patience, func() { g.giveUp(key, at) })
		g.closed[key] = at
	}
	if _, ok := at.came[i]; ok {
		return nil // once is enough: a page may ask for the same place twice
	}
	at.came[i] = time.Now()
	w.late = false
	g.settle(key, at)
	return at
}

// expects says whether a walk may still come to a gate.
func (g *gates) expects(w *gated, key gateKey) bool {
	if w == nil || w.left || w.late || w.vain >= g.patience.inVain {
		return false
	}
	if key.journey == "" {
		return w.herd && w.past <= w.first
	}
	return w.journey == key.journey && w.past <= key.step
}

// settle opens a gate at which nobody is missing that can come: no more than
// parallel sessions of a kind are under way at once.
func (g *gates) settle(key gateKey, at *gate) {
	came := map[scenarios.Client]int{}
	for i := range at.came {
		came[g.walks[i].client]++
	}
	for i, w := range g.walks {
		if _, ok := at.came[i]; !ok && g.expects(w, key) && came[w.client] < g.parallel {
			return
		}
	}
	g.open(key, at)
}

func (g *gates) open(key gateKey, at *gate) {
	at.late.Stop()
	delete(g.closed, key)
	g.opened[key] = true
	close(at.open)
}

// giveUp opens a gate at which somebody is missing. A walk that is not even
// ready for the step by now has fallen behind: nobody waits for it again until
// it has caught up, or each step would cost everybody the same again.
func (g *gates) giveUp(key gateKey, at *gate) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed[key] != at {
		return
	}
	for i, w := range g.walks {
		came, ok := at.came[i]
		switch {
		case ok:
			w.vain += time.Since(came)
		case key.place == "" && g.expects(w, key):
			w.late = true
		}
	}
	g.open(key, at)
	g.settleAll()
}

// passed says that a walk's step has ended, and comes to its gates no more.
func (g *gates) passed(i, step int) {
	g.tell(i, func(w *gated) { w.past = max(w.past, step+1) })
}

// left says that a walk has ended.
func (g *gates) left(i int) { g.tell(i, func(w *gated) { w.left = true }) }

func (g *gates) tell(i int, what func(*gated)) {
	if g == nil || g.walks[i] == nil {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	what(g.walks[i])
	g.settleAll()
}

// settleAll opens whatever was closed for the sake of somebody who does not
// come.
func (g *gates) settleAll() {
	for key, at := range g.closed {
		g.settle(key, at)
	}
}
