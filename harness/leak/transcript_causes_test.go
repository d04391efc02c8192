package leak_test

import (
	"fmt"
	"time"

	"crosstalk/harness/history"
)

// set gives an exchange what only some causes ask for.
func set(x *history.Exchange, name, value string) {
	switch name {
	case "from": // the client's own cache
		x.From = value
	case "connection": // its name
		x.Connection = value
	case "held": // for how long, before it was let go
		by, _ := time.ParseDuration(value)
		x.Sent = x.Start + history.Moment(by.Microseconds())
	case "lasts": // for how long it stays open after its answer has begun
		by, _ := time.ParseDuration(value)
		x.End = x.Start + history.Moment(by.Microseconds())
	case "failed": // no answer came
		x.Failed, x.Status = value, 0
	case "start": // earlier or later than the line says
		by, _ := time.ParseDuration(value)
		d := history.Moment(by.Microseconds())
		x.Start, x.Response, x.End = x.Start+d, x.Response+d, x.End+d
		if x.Sent > 0 {
			x.Sent += d
		}
	}
}

// cut adds a step that the plan cut, of this length from now on.
func (tr *transcript) cut(session, text string) error {
	d, err := time.ParseDuration(text)
	if err != nil {
		return fmt.Errorf("read length of a cut step: %w", err)
	}
	tr.add(history.Event{Step: &history.Step{
		Session: session, Part: "steps", Index: 1, Op: "visit", Text: "visit /", Start: tr.now, End: tr.now + history.Moment(d.Microseconds()), Outcome: history.StepCut,
	}})
	return nil
}
