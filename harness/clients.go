package harness

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"crosstalk/harness/api"
	"crosstalk/harness/browser"
	"crosstalk/harness/history"
	"crosstalk/scenarios"
)

const (
	// perBrowser is how many sessions share one browser process. More
	// processes cost memory and win nothing; fewer lose more when one dies.
	perBrowser = 16
	// maxLaunches is how many browsers one run may start. A machine on which
	// they keep dying must not be asked for ever.
	maxLaunches = 12
	// replaceLimit is how long a browser that comes in mid-run may take to start
	// and to prove itself.
	replaceLimit = 60 * time.Second
)

// clients are the drivers of a run with what they need: browsers, which it
// starts, replaces when they die, and ends.
type clients struct {
	config  Config
	budget  *budget
	binary  browser.Binary
	product string
	api     *api.Driver
	needed  bool // a journey is walked in a browser
	assets  *browser.Assets

	mu       sync.Mutex
	browsers []*held
	launches int
	phase    <-chan struct{} // closed when the phase under way ends; nil: it never does
	onLost   func(reason string)
	onCheck  func(history.SelfCheck) // of a browser that was started in mid-run
}

// held is one browser and how many sessions are open in it.
type held struct {
	browser *browser.Browser
	driver  *browser.Driver
	open    int
}

// end waits for what the driver still does in the background (contexts that
// took long to end, and their files) and ends the browser.
func (h *held) end() error {
	h.driver.Close()
	return h.browser.Close()
}

// openClients starts what the scenario's journeys need, for a run that begins
// now.
func openClients(ctx context.Context, c Config) (*clients, error) {
	cl := newClients(c, newBudget(c.For))
	return cl, cl.open(ctx)
}

func newClients(c Config, b *budget) *clients {
	cl := &clients{config: c, budget: b, assets: browser.NewAssets(), onLost: func(string) {}, onCheck: func(history.SelfCheck) {}}
	cl.api = api.New(api.Options{Resolve: c.resolved(), Header: c.headers(), Proxy: c.Proxy, StepTimeout: c.Scenario.StepTimeout,
		Echo: c.Scenario.Echo, Seed: c.Seed, H2C: c.Scenario.H2C, InsecureTLS: len(c.trustedKeys) > 0})
	for _, j := range c.Scenario.Journeys {
		cl.needed = cl.needed || j.Client == scenarios.Browser
	}
	return cl
}

// open starts the browsers, where there is a journey that needs them. Its error
// means that no session could be had on this machine; nothing is left then.
func (cl *clients) open(ctx context.Context) error {
	if !cl.needed {
		return nil
	}
	begun := time.Now()
	binary, err := browser.Provide(ctx, browser.Want{Path: cl.config.Browser, Full: cl.config.Headed, Log: cl.config.Log})
	cl.budget.exclude(time.Since(begun)) // perhaps a download: nobody can plan that
	if err != nil {
		return fmt.Errorf("provide a browser: %w", err)
	}
	cl.binary = binary
	// All at once, and before anything else runs: a browser that has to prove
	// itself beside 48 busy sessions may take too long for it.
	for open := 0; open < cl.config.Parallel; open += perBrowser {
		h, err := cl.launch(ctx)
		if err != nil {
			return errors.Join(err, cl.close())
		}
		cl.product = h.browser.Version()
	}
	return nil
}

// launch starts one more browser.
func (cl *clients) launch(ctx context.Context) (*held, error) {
	if cl.launches >= maxLaunches {
		return nil, fmt.Errorf("start browser: %d have been started in this run and did not stay", cl.launches)
	}
	cl.launches++
	b, err := browser.Launch(ctx, browser.Options{
		Binary: cl.binary, Headed: cl.config.Headed, Proxy: cl.config.Proxy, Resolve: cl.config.Resolve, TrustedKeys: cl.config.trustedKeys,
	})
	if err != nil {
		return nil, fmt.Errorf("start browser: %w", err)
	}
	h := &held{browser: b, driver: browser.NewDriver(b, browser.DriverOptions{StepTimeout: cl.config.Scenario.StepTimeout, Header: cl.config.headers(), Assets: cl.assets})}
	cl.browsers = append(cl.browsers, h)
	return h, nil
}

// drivers are the drivers by kind of client.
func (cl *clients) drivers() map[scenarios.Client]driver {
	return map[scenarios.Client]driver{
		scenarios.API:     opener[*api.Client](cl.api.Open),
		scenarios.Browser: opener[*pooled](cl.openBrowser),
	}
}

// pooled gives its place in a browser back when it is closed.
type pooled struct {
	*browser.Session
	release func()
}

func (p *pooled) Close(ctx context.Context) error {
	defer p.release()
	return p.Session.Close(ctx)
}

func (cl *clients) openBrowser(ctx context.Context, s history.SessionSpec) (*pooled, error) {
	h, err := cl.reserve(ctx)
	if err != nil {
		return nil, err
	}
	release := func() {
		cl.mu.Lock()
		defer cl.mu.Unlock()
		h.open--
	}
	session, err := h.driver.Open(ctx, s)
	if err != nil {
		release()
		return nil, err
	}
	return &pooled{Session: session, release: release}, nil
}

// reserve finds a living browser with a free place, or starts one.
func (cl *clients) reserve(ctx context.Context) (*held, error) {
	cl.mu.Lock()
	defer cl.mu.Unlock()
	cl.buryLost()
	for _, h := range cl.browsers {
		if h.open < perBrowser {
			h.open++
			return h, nil
		}
	}
	// It is for all that wait, and not bound by the patience of the first; but
	// nobody waits any more when the phase ends.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), replaceLimit)
	defer cancel()
	ctx, unwatch := orWhen(ctx, cl.phase)
	defer unwatch()
	h, err := cl.launch(ctx)
	if err != nil {
		return nil, err
	}
	// A browser that comes later has to prove itself like the first.
	for _, check := range browser.SelfChecks(ctx, h.browser) {
		cl.onCheck(check)
		if !check.OK {
			return nil, fmt.Errorf("check the new browser: %s: %s", check.Name, check.Detail)
		}
	}
	h.open++
	return h, nil
}

// buryLost takes the browsers that died out of use, and says so once for each.
func (cl *clients) buryLost() {
	var living []*held
	for _, h := range cl.browsers {
		select {
		case <-h.browser.Lost():
			reason := "it ended"
			if err := h.browser.Err(); err != nil {
				reason = err.Error()
			}
			cl.onLost(reason)
			_ = h.end() // it is gone; this removes its profile
		default:
			living = append(living, h)
		}
	}
	cl.browsers = living
}

// selfChecks proves that sessions of these drivers cannot see each other.
func (cl *clients) selfChecks(ctx context.Context) []history.SelfCheck {
	checks := api.SelfChecks(ctx, cl.api)
	if !cl.needed {
		return checks
	}
	cl.mu.Lock()
	defer cl.mu.Unlock()
	for _, h := range cl.browsers {
		checks = append(checks, browser.SelfChecks(ctx, h.browser)...)
	}
	return checks
}

// during says that a phase is under way, and when it ends.
func (cl *clients) during(ctx context.Context) {
	cl.mu.Lock()
	defer cl.mu.Unlock()
	cl.phase = ctx.Done()
}

// close ends the browsers. None is left when it returns; twice is once.
func (cl *clients) close() error {
	cl.mu.Lock()
	defer cl.mu.Unlock()
	cl.buryLost()
	errs := make([]error, len(cl.browsers))
	var group sync.WaitGroup
	for i, h := range cl.browsers {
		group.Go(func() { errs[i] = h.end() })
	}
	group.Wait()
	cl.browsers = nil
	return errors.Join(errs...)
}

// Examination is what `crosstalk doctor` finds.
type Examination = browser.Description

// Examine provides a browser, starts it, proves its contexts isolated, and
// ends it.
func Examine(ctx context.Context, c Config) (Examination, error) {
	c, err := c.settle()
	if err != nil {
		return Examination{}, err
	}
	cl, err := openClients(ctx, c)
	if err != nil {
		return Examination{}, err
	}
	return browser.Describe(ctx, cl.browsers[0].browser), cl.close()
}
