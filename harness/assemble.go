package harness

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"crosstalk/harness/customer"
	"crosstalk/harness/history"
	"crosstalk/harness/leak"
	"crosstalk/harness/plan"
	"crosstalk/scenarios"
)

// Judge judges a recorded run, whole or cut short, with today's rules. An
// error means that the folder could not be read.
func Judge(ctx context.Context, folder string) (Result, error) {
	result, _, err := judge(ctx, folder)
	return result, err
}

// judge also answers what the judge said that is not for the reports.
func judge(ctx context.Context, folder string) (Result, leak.Judgement, error) {
	h, err := history.Open(folder)
	if err != nil {
		return Result{}, leak.Judgement{}, err
	}
	header, j, err := judgement(ctx, h)
	if err != nil {
		return Result{}, j, fmt.Errorf("judge %s: %w", folder, err)
	}
	facts, err := gather(h, header)
	if err != nil {
		return Result{}, j, err
	}
	return assemble(folder, header, j, facts), j, nil
}

// recorded is a run's history, which says itself what it was told.
type recorded interface {
	leak.History
	Header() (history.Run, error)
}

// judgement is what the judge says of a history under its own scenario.
func judgement(ctx context.Context, h recorded) (header history.Run, j leak.Judgement, err error) {
	if header, err = h.Header(); err != nil {
		return header, j, err
	}
	sc, err := scenarios.ParseRecorded(header.ScenarioFile, []byte(header.ScenarioText), os.LookupEnv)
	if err != nil {
		return header, j, fmt.Errorf("read the run's scenario: %w", err)
	}
	j, err = leak.Judge(ctx, h, sc)
	return header, j, err
}

// facts are what a history tells beside the judgement.
type facts struct {
	end     *history.End
	last    history.Moment
	rounds  map[string]int
	checks  []Check
	people  []Person
	hosts   []string
	paces   []Pace
	hooks   []Hook
	options runOptions
}

func gather(h *history.Folder, header history.Run) (facts, error) {
	f := facts{rounds: map[string]int{}, paces: []Pace{}}
	if len(header.Options) > 0 {
		if err := json.Unmarshal(header.Options, &f.options); err != nil {
			return f, fmt.Errorf("read the run's options: %w", err)
		}
	}
	own := hostOf(header.Target)
	foreign := map[string]bool{}
	for e, err := range h.Events() {
		if err != nil {
			return f, err
		}
		if f.end == nil {
			f.last = e.At // what a later run cleaned up is not this run's time
		}
		if err := f.add(e, own, foreign); err != nil {
			return f, err
		}
	}
	for name := range foreign {
		f.hosts = append(f.hosts, name)
	}
	slices.Sort(f.hosts)
	return f, nil
}

func (f *facts) add(e history.Event, own string, foreign map[string]bool) error {
	switch {
	case e.End != nil && f.end == nil:
		f.end = e.End
	case e.SelfCheck != nil:
		f.checks = append(f.checks, Check{Name: e.SelfCheck.Name, OK: e.SelfCheck.OK, Detail: e.SelfCheck.Detail})
	case e.Phase != nil && e.Phase.Done && slices.Contains(plan.Names(), e.Phase.Name):
		f.rounds[e.Phase.Name]++
	case e.Pace != nil:
		f.pace(e)
	case e.Hook != nil:
		f.hooks = append(f.hooks, hookOf(*e.Hook))
	case e.Customer != nil:
		var c customer.Customer
		if err := json.Unmarshal(e.Customer.Record, &c); err != nil {
			return fmt.Errorf("read customer: %w", err)
		}
		f.people = append(f.people, Person{ID: c.ID, Name: c.First + " " + c.Last, Email: c.Email, Locale: c.Locale, Bystander: e.Customer.Bystander})
	case e.Exchange != nil:
		if name := hostOf(e.Exchange.URL); name != "" && name != own {
			foreign[name] = true
		}
	}
	return nil
}

// mostPaces is how many changes of pace a result lists.
const mostPaces = 200

// pace notes a change of pace; of very many, the first.
func (f *facts) pace(e history.Event) {
	if len(f.paces) < mostPaces {
		f.paces = append(f.paces, Pace{At: e.At.Millis(), Parallel: e.Pace.Parallel, Pause: e.Pace.Pause.Millis(), Why: e.Pace.Why})
	}
}

func hookOf(h history.Hook) Hook {
	return Hook{Schedule: h.Schedule, Round: h.Round, Command: h.Command, At: h.Start.Millis(), Took: (h.End - h.Start).Millis(), Failed: h.Failed}
}

func hostOf(rawURL string) string {
	u, err := url.Parse(rawURL)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" && u.Scheme != "ws" && u.Scheme != "wss" {
		return ""
	}
	return u.Host
}

func assemble(folder string, header history.Run, j leak.Judgement, f facts) Result {
	r := Result{
		Schema: ResultSchema, Verdict: j.Verdict, Seed: header.Seed, Scenario: header.Scenario, Target: header.Target,
		Started: header.Started, Duration: f.last.Millis(), Customers: header.Customers, Sessions: j.Sessions, Label: header.Label,
		Exposures: j.Exposures, Bound: j.Bound, Coverage: j.Coverage, NeverOwn: j.NeverOwn, Findings: j.Findings, ID: header.ID, Version: header.Version,
		Profile: header.Profile, Browser: f.options.Browser, Exchanges: j.Exchanges, Sightings: j.Sightings, Bodies: j.Bodies,
		PairsMet: j.Pairs, PairsNeeded: j.PairsNeed, Rounds: f.rounds, Unseen: j.Unseen, UnseenPlaces: j.UnseenPlaces, Failures: j.Failures, Lost: j.Lost,
		Accounts: j.Accounts, Allowances: j.AllowancesUnused, Unmarked: j.Unmarked, SelfChecks: f.checks, People: f.people, ThirdParty: f.hosts, Folder: folder,
		Interrupted: f.end != nil && f.end.Interrupted, Bystanders: f.options.Bystanders,
		Journeys: header.Journeys, Places: header.Places, Paces: f.paces, Hooks: f.hooks,
		Mail: Mail{Watched: f.options.Mail, Received: j.Mails, Strays: j.Strays},
	}
	for _, reason := range reasons(j, f) {
		r.Reasons = append(r.Reasons, reason.Text)
		r.Remedies = append(r.Remedies, reason.Remedy)
	}
	for i := range r.Findings {
		r.Findings[i].Reproduce = reproduce(header, f.options, r.Findings[i])
		if r.Findings[i].Shot != "" {
			r.Findings[i].Shot = "history/" + r.Findings[i].Shot // the judge knows the history's folder, a report the run's
		}
	}
	r.Exit = exitCode(r.Verdict, r.Interrupted)
	return r
}

// reasons puts first why a run ended before its rounds: it explains all the
// minima that were missed for it.
func reasons(j leak.Judgement, f facts) []leak.Reason {
	if f.end == nil || j.Verdict != leak.Inconclusive || slices.Contains([]string{"", endSpent, endWalked, endInterrupted, endFailFast, endEnough, endNoPages, endNoSignUp}, f.end.Reason) {
		return j.Reasons
	}
	return append([]leak.Reason{{Text: f.end.Reason}}, j.Reasons...)
}

// The reasons for which a run ends as it should.
const (
	endSpent       = "time spent"
	endWalked      = "rounds walked"
	endInterrupted = "interrupted"
	endFailFast    = "first proof (--fail-fast)"
	endEnough      = "what was looked for was found"
	endNoSignUp    = "no customer could sign up"    // likewise
	endNoPages     = "no public page could be read" // of which the judge has more to say
)

func exitCode(v leak.Verdict, interrupted bool) int {
	switch {
	case v == leak.Leak:
		return ExitLeak
	case interrupted:
		return ExitInterrupted
	case v == leak.Isolated:
		return ExitIsolated
	}
	return ExitInconclusive
}

// reproduce is the command that walks the same plan with the same customers.
func reproduce(h history.Run, o runOptions, f leak.Finding) string {
	parts := []string{"crosstalk run", strings.TrimPrefix(h.ScenarioFile, "builtin:"), "--target", h.Target, fmt.Sprintf("--seed %d --customers %d", h.Seed, h.Customers)}
	if o.Parallel > 0 {
		parts = append(parts, fmt.Sprintf("--parallel %d", o.Parallel))
	}
	if slices.Contains(plan.Names(), f.Schedule) {
		parts = append(parts, "--schedule", f.Schedule)
	}
	for _, name := range h.Journeys {
		parts = append(parts, "--journey", shellWord(name))
	}
	for _, place := range h.Places {
		parts = append(parts, "--place", shellWord(place))
	}
	if o.OnHerd != "" && f.Schedule == history.PhaseHerd {
		parts = append(parts, "--on-herd", shellWord(o.OnHerd))
	}
	if o.ForMillis > 0 {
		parts = append(parts, "--for", (time.Duration(o.ForMillis) * time.Millisecond).String())
	}
	if o.Mail && o.Bystanders != 1 {
		parts = append(parts, fmt.Sprintf("--bystanders %d", o.Bystanders))
	}
	for _, p := range [][2]string{{"--smtp", o.SMTP}, {"--mailpit", o.Mailpit}} {
		if p[1] != "" {
			parts = append(parts, p[0], p[1])
		}
	}
	return strings.Join(append(parts, "--fail-fast"), " ")
}

// shellWord is a word of a command, as a POSIX shell reads it.
func shellWord(word string) string {
	plain := func(c rune) bool {
		return c == '-' || c == '_' || c == '.' || c == '/' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
	}
	if word != "" && !strings.ContainsFunc(word, func(c rune) bool { return !plain(c) }) {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
