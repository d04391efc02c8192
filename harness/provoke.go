package harness

import (
	"context"
	"errors"
	"time"

	"crosstalk/harness/history"
)

// provokeLimit is how long a walk's provocations may take in all: a target that
// answers an error by hanging must not hold up the round.
const provokeLimit = 20 * time.Second

// errProvokedLong ends the provocations of a walk.
var errProvokedLong = errors.New("the time for provocations was over")

// provokesAt says whether the journey's provocations come before step k.
func (p *walker) provokesAt(k int) bool {
	return k > 0 && p.walk.Provoke == k && !p.heir
}

// provoke performs the journey's provocations, each for itself: how one ends is
// no failure and keeps the next from nothing. An error says that the session is
// lost, or that we broke.
func (p *walker) provoke(ctx context.Context, k int) error {
	inner, cancel := context.WithTimeoutCause(ctx, provokeLimit, errProvokedLong)
	defer cancel()
	for _, st := range p.journey.Provoke {
		if inner.Err() != nil || sends(st.Op) && !p.pace.wait(inner) {
			return nil
		}
		if _, err := p.stepOf(inner, history.PartProvoke, k, st); err != nil {
			return err
		}
	}
	return nil
}
