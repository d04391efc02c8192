package harness

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"crosstalk/harness/history"
	"crosstalk/harness/plan"
)

// Run drives the scenario against the target and judges what was seen.
//
// The order is fixed: guard, self-checks, public baseline, sign-up, solo,
// rounds until the budget is spent, clean-up, judge. All of it, but for
// providing a browser, is within Config.For, and a tenth more at most; with
// less than 15 s the ends of sessions and browsers may take longer than that.
// When ctx ends, sessions are cut at once; accounts are still cleaned up, for
// 20 s at most or until Config.Leave is closed, and what was seen is still
// judged.
//
// The error says that no verdict could be reached: a *ConfigError for what the
// caller must put right, anything else when the harness or the machine broke.
// What the shop does wrong is in the Result.
func Run(ctx context.Context, c Config) (Result, error) {
	if c.MailListener != nil {
		defer func() { _ = c.MailListener.Close() }() // also when nobody took it over
	}
	c, err := c.settle()
	if err != nil {
		return Result{}, err
	}
	g := newGuard(c)
	if err := g.check(c.Target); err != nil {
		return Result{}, err
	}
	clients := newClients(c, newBudget(c.For))
	r, err := open(ctx, c, g, clients)
	if err != nil {
		return Result{}, errors.Join(err, clients.close())
	}
	defer r.post.close(ctx)
	end, broken := history.End{Reason: endInterrupted, Interrupted: true}, error(nil)
	if ctx.Err() == nil {
		end, broken = r.perform(ctx)
	}
	return r.conclude(ctx, end, broken)
}

// open opens all that a run needs: the memory of earlier ones, mailboxes,
// browsers, and its folder. One that is interrupted meanwhile has a folder all
// the same, and so a verdict.
func open(ctx context.Context, c Config, g guard, clients *clients) (*run, error) {
	known, err := memoryOf(c).recall(c, time.Now())
	if err != nil {
		return nil, err
	}
	post, err := openPost(ctx, c)
	if err == nil {
		err = clients.open(ctx)
	}
	if err != nil && ctx.Err() == nil {
		post.close(ctx)
		return nil, err
	}
	r, err := begin(c, g, clients)
	if err != nil {
		post.close(ctx)
		return nil, err
	}
	r.post = post
	post.deliverTo(r.record)
	r.recallInto(known)
	return r, nil
}

// perform is all that is done at the target.
func (r *run) perform(ctx context.Context) (history.End, error) {
	stop := context.AfterFunc(ctx, r.sayInterrupted)
	defer stop()
	cleaning, cancel := r.budget.share(ctx, reclaimShare, r.tail())
	reclaim(cleaning, r.config, r.guard, r.clients, r.folder)
	cancel()
	return r.walk(ctx)
}

// conclude ends the journal, ends the browsers, and judges meanwhile.
func (r *run) conclude(ctx context.Context, end history.End, broken error) (Result, error) {
	ended := make(chan error, 1)
	go func() { ended <- r.clients.close() }()
	defer func() {
		if err := <-ended; err != nil {
			fmt.Fprintf(r.config.Log, "end browsers: %v\n", err)
		}
	}()
	if err := r.finish(end); err != nil {
		broken = errors.Join(broken, err)
	}
	result, judgement, err := judge(context.WithoutCancel(ctx), r.folder)
	if err != nil || broken != nil {
		return result, errors.Join(broken, err)
	}
	if err := r.rememberIssued(judgement.Issued); err != nil {
		fmt.Fprintf(r.config.Log, "what the shop issued will not be known to later runs: %v\n", err)
	}
	return result, nil
}

// run is one run under way.
type run struct {
	config   Config
	guard    guard
	clients  *clients
	budget   *budget
	began    time.Time // of the journal
	folder   string
	journal  *history.Journal
	record   *recorder
	conduct  *conductor
	plan     *plan.Plan
	signedUp time.Duration // how long the sign-up took
	vain     int           // rounds in a row in which no customer walked to the end
	post     *post         // nil: no mail is watched
	earlier  []remembered  // runs whose values this one knows
	early    *early        // nil: the run ends at no proof
}

// begin makes the run's folder and writes the journal's first record.
func begin(c Config, g guard, clients *clients) (*run, error) {
	folder, id, err := makeFolder(c.Out, time.Now())
	if err != nil {
		return nil, err
	}
	dir := filepath.Join(folder, "history")
	journal, err := history.Create(dir, c.secrets())
	if err != nil {
		return nil, err
	}
	options, err := json.Marshal(runOptions{Browser: clients.product, Schedules: c.Schedules, Rounds: c.Rounds, ForMillis: c.For.Milliseconds(), Parallel: c.Parallel, FailFast: c.FailFast, Out: c.Out,
		Mail: c.watchesMail(), SMTP: c.SMTP, Mailpit: c.mailpitShown(), Bystanders: c.Bystanders, OnHerd: c.OnHerd})
	if err != nil {
		return nil, fmt.Errorf("write options: %w", err)
	}
	err = journal.Append(history.Event{Run: &history.Run{
		Schema: history.SchemaVersion, ID: id, Started: journal.Began().UTC().Format(time.RFC3339Nano), Version: c.Version,
		Seed: c.Seed, Scenario: c.Scenario.Name, ScenarioFile: c.Scenario.File, ScenarioText: string(c.Scenario.Source),
		Target: c.Target, Profile: c.Profile, Label: c.Label, Customers: c.Customers, Schedules: c.Schedules, Journeys: c.Journeys, Places: c.Places, PID: os.Getpid(), Host: host(), Options: options,
	}})
	if err != nil {
		return nil, err
	}
	r := &run{config: c, guard: g, clients: clients, budget: clients.budget, began: journal.Began(), folder: folder, journal: journal}
	r.record = newRecorder(journal, dir)
	r.conduct = newConductor(c, withBaseline(c.Scenario), g, clients, r.record, newMeter(c, r.record, clients.budget.began))
	clients.onCheck = func(check history.SelfCheck) { r.record.write(history.Event{SelfCheck: &check}) }
	clients.onLost = func(reason string) {
		r.record.Lost(history.Lost{What: "browser", Reason: reason})
		r.conduct.progress.say("a browser was lost: " + reason)
	}
	return r, nil
}

// runOptions is what else a replay and the reports need to know of a run.
type runOptions struct {
	Browser    string   `json:"browser,omitempty"`
	Schedules  []string `json:"schedules,omitempty"`
	Rounds     int      `json:"rounds,omitempty"`
	ForMillis  int64    `json:"for_ms,omitempty"`
	Parallel   int      `json:"parallel,omitempty"`
	FailFast   bool     `json:"fail_fast,omitempty"`
	Out        string   `json:"out,omitempty"`
	Mail       bool     `json:"mail,omitempty"` // it was watched
	SMTP       string   `json:"smtp,omitempty"`
	Mailpit    string   `json:"mailpit,omitempty"` // without credentials
	Bystanders int      `json:"bystanders,omitempty"`
	OnHerd     string   `json:"on_herd,omitempty"`
}

// finish writes the last record. A journal that could not be written whole is
// an error of ours: it must not be judged as if it were.
func (r *run) finish(end history.End) error {
	r.record.write(history.Event{End: &end})
	return errors.Join(r.journal.Err(), r.journal.Close())
}

// walk is everything between the first and the last record.
func (r *run) walk(ctx context.Context) (history.End, error) {
	if err := r.prove(ctx); err != nil {
		return history.End{Reason: err.Error(), Interrupted: ctx.Err() != nil}, onlyConfig(err)
	}
	end, err := r.untilLeaked(ctx)
	if r.plan != nil && end.Reason != endFailFast && end.Reason != endEnough {
		r.settleMail(ctx, r.config.Settle)
	}
	cleanErr := r.cleanUp(ctx)
	if r.plan != nil {
		r.settleMail(ctx, leaveSettle)
	}
	r.post.close(ctx)
	if ctx.Err() != nil {
		end.Interrupted = true
	}
	return end, errors.Join(err, cleanErr)
}

// prove asks for the target's proof that it is a staging system.
func (r *run) prove(ctx context.Context) error {
	ctx, cancel := r.budget.share(ctx, proofShare, r.tail())
	defer cancel()
	return r.guard.prove(ctx, r.config, r.config.Scenario.Guard.Proof)
}

// settleMail gives mail time to come, as far as the time goes.
func (r *run) settleMail(ctx context.Context, most time.Duration) {
	if r.budget.timed() {
		most = min(most, r.budget.left()/4)
	}
	r.post.wait(ctx, most)
}

func onlyConfig(err error) error {
	var config *ConfigError
	if errors.As(err, &config) {
		return err
	}
	return nil
}

// failFastGrace is how long a run with FailFast goes on after the first foreign
// marker: for the picture of the moment, and the page that the answer is for.
const failFastGrace = 2 * time.Second

// untilLeaked walks until the time is spent or a proof is found that ends the
// run: a foreign marker that was matched live or, of all that only the judge
// can tell, one that it finds in what was walked so far.
func (r *run) untilLeaked(ctx context.Context) (history.End, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var reason atomic.Value
	if r.config.FailFast {
		r.record.whenForeign(func() {
			reason.CompareAndSwap(nil, endFailFast)
			stop := time.AfterFunc(failFastGrace, cancel)
			context.AfterFunc(ctx, func() { stop.Stop() })
		})
	}
	r.early = newEarly(ctx, r.config, r.judgeEarly, func() {
		reason.CompareAndSwap(nil, r.config.endOfProof())
		cancel()
	})
	r.record.atForeign(r.early.look)
	end, err := r.untilSpent(ctx)
	r.early.close()
	if why, ok := reason.Load().(string); ok {
		end.Reason = why
	}
	return end, err
}

// endOfProof is the reason for which a run ends that the judge ended early.
func (c Config) endOfProof() string {
	if c.FailFast {
		return endFailFast
	}
	return endEnough
}

// untilSpent walks from the self-checks to the last round.
func (r *run) untilSpent(ctx context.Context) (history.End, error) {
	if why := r.selfChecks(ctx); why != "" {
		return history.End{Reason: why}, nil
	}
	if why, err := r.baseline(ctx); why != "" || err != nil {
		return history.End{Reason: why}, err
	}
	if err := r.allocate(); err != nil {
		return history.End{}, err
	}
	if why, err := r.signUp(ctx); why != "" || err != nil {
		return history.End{Reason: why}, err
	}
	if err := r.solo(ctx); err != nil {
		return history.End{}, err
	}
	r.early.walkedSolo()
	if why, err := r.narrow(); why != "" || err != nil {
		return history.End{Reason: why}, err
	}
	return r.rounds(ctx)
}
