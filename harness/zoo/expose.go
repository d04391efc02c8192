package zoo

import (
	"context"
	"fmt"
	"iter"

	"crosstalk/harness"
	"crosstalk/harness/history"
	"crosstalk/harness/leak"
	"crosstalk/scenarios"
)

// expose counts the exposures of a run up to the row's finding: the judge's,
// from the history as far as that. A run goes on for a while behind its proof,
// until the judge has found it.
func (r *Row) expose(ctx context.Context, result harness.Result, sc *scenarios.Scenario) error {
	folder, err := history.Open(result.Folder)
	if err != nil {
		return fmt.Errorf("count exposures: %w", err)
	}
	end, err := until(folder.Events(), *r.Finding)
	if err != nil {
		return fmt.Errorf("count exposures: %w", err)
	}
	h := upTo{folder, end}
	j, err := leak.Judge(ctx, h, sc)
	if err != nil {
		return fmt.Errorf("count exposures: %w", err)
	}
	r.Exposures, r.AllExposures = exposuresAt(j.Coverage, *r.Finding), j.Exposures
	if r.Exposures > 0 {
		return nil
	}
	if r.Exposures, err = asks(h.Events(), r.Finding.Place); err != nil {
		return fmt.Errorf("count exposures: %w", err)
	}
	r.AllExposures += r.Exposures
	return nil
}

// exposuresAt are those at a finding's place: on its surface, or, where the
// place is nobody's own on that surface (a cookie's, a picture's), the most on
// any.
func exposuresAt(coverage []leak.Coverage, f leak.Finding) int {
	most := 0
	for _, c := range coverage {
		if c.Place != f.Place {
			continue
		}
		if c.Surface == f.Surface {
			return c.Exposures
		}
		most = max(most, c.Exposures)
	}
	return most
}

// asks counts how often somebody asked at a place where another customer had
// been last, within the window of the round: the exposures of a place at which
// the judge counts none, for nobody reads anything of their own there: all of it
// is masked, encoded or a key, or another's from the first answer on. None at all
// means that what was shown came from elsewhere, or is older than the window.
func asks(events iter.Seq2[history.Event, error], place history.Place) (int, error) {
	rounds, windows := map[string]round{}, map[round]history.Moment{}
	last, when, n := "", history.Moment(0), 0
	for e, err := range events {
		switch {
		case err != nil:
			return 0, err
		case e.Plan != nil:
			windows[round{e.Plan.Schedule, e.Plan.Round}] = e.Plan.Window
		case e.Session != nil:
			rounds[e.Session.ID] = round{e.Session.Phase, e.Session.Round}
		}
		at, ok := callerOf(e, place)
		if !ok {
			continue
		}
		in := rounds[at.session]
		window := windows[in]
		if window == 0 {
			window = history.DefaultWindow
		}
		if inRounds(in.schedule) && last != "" && last != at.viewer && at.moment-when <= window {
			n++
		}
		if at.viewer != history.Nobody {
			last, when = at.viewer, at.moment
		}
	}
	return n, nil
}

type round struct {
	schedule string
	number   int
}

func inRounds(phase string) bool {
	switch phase {
	case "", history.PhaseSelfCheck, history.PhaseBaseline, history.PhaseSignUp, history.PhaseSolo, history.PhaseCleanUp:
		return false
	}
	return true
}

// caller is somebody who was at a place.
type caller struct {
	session, viewer string
	moment          history.Moment
}

// callerOf is who an event tells of; what is seen of an answer is the
// answer's.
func callerOf(e history.Event, place history.Place) (caller, bool) {
	switch {
	case e.Exchange != nil && e.Exchange.Place == place && e.Exchange.From == "":
		return caller{e.Exchange.Session, e.Exchange.Viewer, e.Exchange.Start}, true
	case e.Sighting != nil && e.Sighting.Place == place && e.Sighting.Exchange == "" && !e.Sighting.Sent:
		return caller{e.Sighting.Session, e.Sighting.Viewer, e.At}, true
	}
	return caller{}, false
}

// upTo is a history without what was asked for, or shown, after a moment. What
// was noted later of sessions that had begun is there: that one had signed in is
// written when its step has ended.
type upTo struct {
	*history.Folder
	end history.Moment
}

// until is when a finding was had: the end of its answer, which may be of another
// who asked a moment later; else the end of the millisecond in which it was seen.
func until(events iter.Seq2[history.Event, error], f leak.Finding) (history.Moment, error) {
	end := history.Moment(f.FirstSeen+1)*1000 - 1
	for e, err := range events {
		if err != nil {
			return 0, err
		}
		if x := e.Exchange; x != nil && x.ID == f.Exchange && f.Exchange != "" {
			end = max(end, x.End)
		}
	}
	return end, nil
}

// Events are those of the run up to the moment.
func (u upTo) Events() iter.Seq2[history.Event, error] {
	return func(yield func(history.Event, error) bool) {
		for e, err := range u.Folder.Events() {
			if err == nil && u.later(e) {
				continue
			}
			if !yield(e, err) {
				return
			}
		}
	}
}

func (u upTo) later(e history.Event) bool {
	switch {
	case e.Exchange != nil:
		return e.Exchange.Start > u.end
	case e.Sighting != nil, e.Session != nil, e.Plan != nil, e.Phase != nil:
		return e.At > u.end
	}
	return false
}
