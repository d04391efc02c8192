package leak_test

import (
	"fmt"
	"strconv"
	"time"

	"crosstalk/harness/history"
)

// round handles what a run was asked for and what happened to it as a whole:
// "window SCHEDULE ROUND 20s", "narrowed journey|place NAME",
// "hook SCHEDULE ROUND ok|WHY" and "pace PARALLEL WHY".
func (tr *transcript) round(line string, words []string) error {
	switch words[0] {
	case "window":
		n, err := strconv.Atoi(words[2])
		if err != nil {
			return fmt.Errorf("read round: %w", err)
		}
		d, err := time.ParseDuration(words[3])
		tr.add(history.Event{Plan: &history.Plan{Schedule: words[1], Round: n, Window: history.Moment(d.Microseconds())}})
		return err
	case "narrowed":
		if words[1] == "journey" {
			tr.journeys = append(tr.journeys, rest(line, 2))
		} else {
			tr.places = append(tr.places, rest(line, 2))
		}
		return nil
	case "hook":
		n, err := strconv.Atoi(words[2])
		failed := rest(line, 3)
		if failed == "ok" {
			failed = ""
		}
		tr.add(history.Event{Hook: &history.Hook{Schedule: words[1], Round: n, Command: "flush-cache --all", Start: tr.now, End: tr.now + tick, Failed: failed}})
		return err
	}
	n, err := strconv.Atoi(words[1])
	tr.add(history.Event{Pace: &history.Pace{Parallel: n, Why: rest(line, 2)}})
	return err
}

// step adds "step PART INDEX OP OUTCOME [ERROR]", which lasts until the line
// after the next.
func (tr *transcript) step(session string, words []string, failure string) error {
	index, err := strconv.Atoi(words[1])
	tr.add(history.Event{Step: &history.Step{
		Session: session, Part: words[0], Index: index, Op: words[2], Text: words[2], Start: tr.now, End: tr.now + 2*tick, Outcome: words[3], Error: failure,
	}})
	tr.now++ // what follows is shown in it
	return err
}
