package browser

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"time"

	"crosstalk/harness/history"
	"crosstalk/scenarios"
)

// errStepTimeout is why a step's context ended: its own deadline, not the
// run's end.
var errStepTimeout = errors.New("step took too long")

// Do performs one step within its timeout (plus about two seconds for what is
// recorded afterwards) and pours what the session is shown into the sink. An
// error wraps history.ErrLost; what the shop did wrong is in the outcome. A
// context that history.ErrStopped ends stops the page's loading, and the session
// goes on; one that history.ErrLeft ends closes the tab at once, and every later
// step is cut.
func (s *Session) Do(ctx context.Context, st scenarios.Step, f scenarios.Fields) (history.Outcome, error) {
	if err := s.loss(); err != nil {
		return history.Outcome{}, err
	}
	if s.left.Load() {
		return history.Outcome{Outcome: history.StepCut, URL: s.watch.address()}, nil
	}
	step, cancel := s.within(ctx, st)
	defer cancel()
	s.watch.beginStep(st.Index)
	s.heedAgain(step)
	s.guard.take() // what an earlier page tried on its own is not this step's
	var out history.Outcome
	err := s.explained(st.Op, s.perform(step, st, f, &out))
	if host := s.guard.take(); host != "" {
		err = refusal(host)
	}
	after, done := afterwards(ctx, step)
	defer done()
	switch {
	case isLeft(ctx):
		return s.leave(ctx), nil
	case isStopped(ctx) && err != nil:
		s.stopLoading(after)
	case err != nil && step.Err() != nil && ctx.Err() == nil:
		s.giveUp(after)
	}
	if changesPage(st.Op) {
		s.look(after, st.Op)
	}
	if isLeft(ctx) {
		return s.leave(ctx), nil
	}
	return s.conclude(ctx, out, err)
}

// giveUp makes the page usable again after a step that took too long: it ends
// what hangs, be it a navigation or a script.
func (s *Session) giveUp(ctx context.Context) {
	if s.watch.activity(0).navigating {
		s.stop(ctx) // the page it was to leave may be what hangs
	}
	s.endHanging(ctx, 300*time.Millisecond)
}

// endHanging ends the script of a page that does not answer for so long: no other
// page could come in its place.
func (s *Session) endHanging(ctx context.Context, patience time.Duration) {
	ping, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if s.front().ask(ping, nil, "settled") != nil {
		s.front().interrupt(ctx)
	}
}

// within bounds a step by its timeout and by the session's life.
func (s *Session) within(ctx context.Context, st scenarios.Step) (context.Context, context.CancelFunc) {
	limit := st.Timeout
	if limit <= 0 {
		limit = s.options.StepTimeout
	}
	if st.Op == scenarios.Wait {
		limit += st.Wait
	}
	step, cancel := context.WithTimeoutCause(ctx, limit, errStepTimeout)
	stop := context.AfterFunc(s.ctx, cancel)
	return step, func() { stop(); cancel() }
}

// conclude sorts how a step ended: done, failed, cut by the run, or lost.
func (s *Session) conclude(ctx context.Context, out history.Outcome, err error) (history.Outcome, error) {
	if lossErr := s.loss(); lossErr != nil {
		return history.Outcome{}, lossErr
	}
	out.URL = s.watch.address()
	var wrong *failure
	switch {
	case err == nil:
		out.Outcome = history.StepDone
		return out, nil
	case errors.Is(err, history.ErrLost):
		s.lose("tab", err.Error())
		return history.Outcome{}, err
	case errors.As(err, &wrong):
		out.Error = wrong.text
	case errors.Is(err, context.DeadlineExceeded):
		out.Error = "took too long: the page did not answer"
	default:
		out.Error = err.Error()
	}
	out.Outcome, out.SignedIn, out.SignedOut, out.Learned = history.StepFailed, false, false, nil
	if ctx.Err() != nil {
		out.Outcome = history.StepCut
	}
	return out, nil
}

// perform does what the step says, and waits until the page has settled where
// the step may have set it in motion.
func (s *Session) perform(ctx context.Context, st scenarios.Step, f scenarios.Fields, out *history.Outcome) error {
	var l scenarios.Locator
	if st.Target != nil {
		var err error
		if l, err = f.Locator(*st.Target); err != nil {
			return fail("%v", err)
		}
		st.Target = &l
	}
	switch st.Op {
	case scenarios.Visit:
		return s.visit(ctx, st, f)
	case scenarios.Reload:
		return s.reload(ctx)
	case scenarios.Back:
		return s.back(ctx)
	case scenarios.Fill, scenarios.Select, scenarios.Check, scenarios.Upload:
		return s.enter(ctx, st, f)
	case scenarios.Click, scenarios.SignOut, scenarios.Press:
		return s.trigger(ctx, st, out)
	case scenarios.Download:
		return s.download(ctx, l)
	case scenarios.See:
		return s.see(ctx, st, f)
	case scenarios.Shows:
		return s.shows(ctx, st, f, out)
	case scenarios.Remember:
		return s.remember(ctx, st, f, out)
	default:
		return s.performBeside(ctx, st, f)
	}
}

// performBeside performs the steps that do nothing to the page.
func (s *Session) performBeside(ctx context.Context, st scenarios.Step, f scenarios.Fields) error {
	switch st.Op {
	case scenarios.Network:
		return s.changeNetwork(ctx, st.Network)
	case scenarios.Cookie:
		return s.putCookie(ctx, st, f)
	case scenarios.Wait:
		return sleep(ctx, st.Wait)
	case scenarios.Meet:
		return nil // the conductor holds the barrier
	default: // scenarios.Request
		return fail("a browser cannot perform the step %q", string(st.Op))
	}
}

// enter performs the steps that fill in a form.
func (s *Session) enter(ctx context.Context, st scenarios.Step, f scenarios.Fields) error {
	if st.Op == scenarios.Upload {
		if err := s.upload(ctx, st, f); err != nil {
			return err
		}
		return s.settle(ctx, settleIfBusy)
	}
	text, err := f.Expand(st.With)
	if err != nil {
		return fail("%v", err)
	}
	switch st.Op {
	case scenarios.Fill:
		err = s.fill(ctx, *st.Target, text)
	case scenarios.Select:
		err = s.choose(ctx, *st.Target, text)
	default:
		err = s.check(ctx, *st.Target, st.Off)
	}
	if err != nil {
		return err
	}
	return s.settle(ctx, settleIfBusy)
}

// trigger performs the steps after which the page usually moves on.
func (s *Session) trigger(ctx context.Context, st scenarios.Step, out *history.Outcome) error {
	var err error
	switch {
	case st.Op == scenarios.Press:
		err = s.press(ctx, st, st.Target)
	case st.Target == nil:
		err = fail("sign_out in a browser needs an element to click")
	default:
		err = s.click(ctx, *st.Target)
	}
	if err != nil {
		return err
	}
	if err := s.settle(ctx, settleAlways); err != nil {
		return err
	}
	out.SignedOut = st.Op == scenarios.SignOut
	return nil
}

// see waits until an element is visible, or the page stands at an address.
func (s *Session) see(ctx context.Context, st scenarios.Step, f scenarios.Fields) error {
	if st.Target != nil {
		if _, err := s.seen(ctx, *st.Target); err != nil {
			return err
		}
		return s.settle(ctx, settleIfBusy)
	}
	wanted, err := f.Resolve(st.URL)
	if err != nil {
		return fail("%v", err)
	}
	for {
		if standsAt(s.watch.address(), wanted) {
			return s.settle(ctx, settleIfBusy)
		}
		if sleep(ctx, lookAgain) != nil {
			return fail("the page stands at %s, not at %s", s.watch.address(), wanted)
		}
	}
}

// standsAt compares addresses as a person would: the query only where the
// wanted one has one, and never the fragment unless asked for.
func standsAt(address, wanted string) bool {
	a, errA := url.Parse(address)
	w, errW := url.Parse(wanted)
	if errA != nil || errW != nil {
		return address == wanted
	}
	if !strings.EqualFold(a.Host, w.Host) || strings.TrimSuffix(a.Path, "/") != strings.TrimSuffix(w.Path, "/") {
		return false
	}
	return (w.RawQuery == "" || a.RawQuery == w.RawQuery) && (w.Fragment == "" || a.Fragment == w.Fragment)
}
