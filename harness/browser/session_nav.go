package browser

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/go-rod/rod/lib/proto"

	"crosstalk/scenarios"
)

// visit goes to an address and waits until the page there has settled.
func (s *Session) visit(ctx context.Context, st scenarios.Step, f scenarios.Fields) error {
	address, err := f.Resolve(st.URL)
	if err != nil {
		return fail("%v", err)
	}
	if host, ok := s.allowed(address); !ok {
		return refusal(host)
	}
	return s.navigate(ctx, address)
}

func (s *Session) navigate(ctx context.Context, address string) error {
	s.watch.forgetStatus()
	var went proto.PageNavigateResult
	err := s.front().callOnce(ctx, proto.PageNavigate{URL: address}, &went)
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return fail("%s did not answer in time", address)
	case err != nil && !saysOneOf(err, moved()):
		return err
	}
	if err := s.settle(ctx, settleAlways); err != nil {
		return err
	}
	return s.arrived(address, went.ErrorText)
}

// arrived says whether a navigation brought a page. A download and an answer
// without content end with ERR_ABORTED and leave the page as it was.
func (s *Session) arrived(address, problem string) error {
	status := s.watch.documentStatus()
	switch {
	case strings.Contains(problem, "ERR_ABORTED") && (status == 204 || status == 205 || s.downloads.any()):
		return nil
	case problem != "":
		return fail("%s could not be had: %s", address, strings.TrimPrefix(problem, "net::"))
	case status >= 500:
		return fail("%s answered %d", address, status)
	}
	return nil
}

// stop gives up a navigation that took too long. While it is under way, the
// browser holds back every question to the page.
func (s *Session) stop(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	_ = s.front().callOnce(ctx, proto.PageStopLoading{}, nil) // a page that cannot stop is seen by the next look
}

func (s *Session) reload(ctx context.Context) error {
	s.watch.forgetStatus()
	if err := s.front().callOnce(ctx, proto.PageReload{}, nil); err != nil && !saysOneOf(err, moved()) {
		return err
	}
	if err := s.settle(ctx, settleAlways); err != nil {
		return err
	}
	return s.arrived(s.watch.address(), s.watch.documentProblem())
}

// back goes one step back in the page's history. It need not send a request.
func (s *Session) back(ctx context.Context) error {
	var past proto.PageGetNavigationHistoryResult
	if err := s.front().call(ctx, proto.PageGetNavigationHistory{}, &past); err != nil {
		return err
	}
	if past.CurrentIndex < 1 || past.CurrentIndex > len(past.Entries)-1 {
		return fail("there is no page to go back to")
	}
	entry := past.Entries[past.CurrentIndex-1]
	if host, ok := s.allowed(entry.URL); !ok {
		return refusal(host)
	}
	s.watch.forgetStatus()
	err := s.front().callOnce(ctx, proto.PageNavigateToHistoryEntry{EntryID: entry.ID}, nil)
	if err != nil && !saysOneOf(err, moved()) {
		return err
	}
	if err := s.settle(ctx, settleAlways); err != nil {
		return err
	}
	return s.arrived(entry.URL, s.watch.documentProblem())
}

// settling says how eagerly a step waits for the page to come to rest.
type settling int

const (
	settleIfBusy settling = iota // only if something is on its way already
	settleAlways                 // give the page a moment to begin something
)

// settle waits until the page has come to rest: no navigation under way, and
// for a short while no document, script or data request. A request that hangs
// holds a step up to the cap only; a navigation that hangs, to its deadline.
func (s *Session) settle(ctx context.Context, how settling) error {
	if how == settleAlways {
		s.letRun(ctx)
	}
	begun := time.Now()
	for first := true; ; first = false {
		a := s.watch.activity(s.options.SettleCap)
		quiet := time.Since(maxTime(begun, a.lastChange))
		waited := time.Since(maxTime(maxTime(begun, a.committed), a.released))
		calm := a.young == 0 && a.opening == 0 && (!a.parsing || time.Since(a.committed) >= s.options.SettleCap)
		switch {
		case s.loss() != nil:
			return s.loss()
		case a.navigating, a.held > 0: // what a schedule holds is not the page's delay
		case calm && (quiet >= s.options.Quiet || first && how == settleIfBusy):
			return nil
		case waited >= s.options.SettleCap:
			return nil
		}
		if err := sleep(ctx, 10*time.Millisecond); err != nil {
			return s.overdue(ctx, a)
		}
	}
}

// letRun waits until the page has done what an input event made it do: a form
// is sent, and a navigation begun, in a task after the event.
func (s *Session) letRun(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	_ = s.front().ask(ctx, nil, "settled") // a page that is being replaced need not answer
}

func (s *Session) overdue(ctx context.Context, a activity) error {
	if !errors.Is(context.Cause(ctx), errStepTimeout) {
		return ctx.Err()
	}
	if a.navigating {
		return fail("%s did not answer in time", a.going)
	}
	return fail("the page did not come to rest in time")
}

func maxTime(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
