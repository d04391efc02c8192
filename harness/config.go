package harness

import (
	"cmp"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/url"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"crosstalk/harness/history"
	"crosstalk/harness/leak"
	"crosstalk/harness/plan"
	"crosstalk/scenarios"
)

// Config is all that a run is told. The zero value of a field means what its
// comment says; Scenario and a target are required.
type Config struct {
	Scenario   *scenarios.Scenario
	Target     string        // base address of the shop; default the scenario's
	Seed       uint64        // zero: a fresh one, which the result tells
	Customers  int           // default the profile's
	Parallel   int           // sessions under way at once; default as many as customers, at most MaxParallel
	For        time.Duration // how long the run may take, clean-up included; default the profile's
	Rounds     int           // rounds to walk, instead of a time; zero: until For is spent
	Schedules  []string      // default all, in turn
	Journeys   []string      // that solo and rounds are narrowed to; default all
	Places     []string      // own places that the run is narrowed to, with * for any characters: "GET /account"; default all
	OnHerd     string        // command that the schedule herd runs while everybody rests: to flush a cache, to restart a service
	Solo       int           // customers who walk alone first; default the profile's
	Profile    string        // a name from Profiles; default "smoke"
	Label      string        // what is being tested, for the reports: a build
	Seeds      string        // the file that remembers earlier runs; default seeds.ndjson in the runs' folder
	Out        string        // the runs' folder; default "crosstalk-runs"
	AllowHosts []string      // hosts that may be driven beside the scenario's
	Resolve    []string      // HOST:IP, for a host that DNS does not know (yet)
	Header     []string      // "Name: value", sent with every request; the values are secret
	Proxy      string        // address of a forward proxy
	Browser    string        // path of a browser, or ws:// address of one; default: found or provided
	Headed     bool          // the full browser, on the screen
	SMTP       string        // address to receive the shop's mail at, "127.0.0.1:1025"; default the scenario's
	Mailpit    string        // address of a Mailpit server that has the shop's mail; default the scenario's
	Settle     time.Duration // how long mail may take to come after the last round; default the scenario's, or 2 s
	Bystanders int           // customers beside the others who sign up and then do nothing; default 1 where mail is watched and the scenario has a set-up; NoBystanders for none
	FailFast   bool          // end the run at the first proof
	Version    string        // crosstalk's own; default from the build
	Log        io.Writer     // one line for each thing worth saying; default nowhere
	Progress   func(Progress)
	// Leave, when closed, ends the clean-up of an interrupted run; the accounts
	// are left to the next one.
	Leave <-chan struct{}
	// Enough ends the run once it says so of what the judge has found: the judge
	// reads what was walked so far after solo and after each round, and soon after
	// a planted marker was matched. Before solo is through it is shown only what
	// holds whatever solo will show. It is called by one goroutine of the run's.
	// Default none: the run goes on until its time is spent.
	Enough func([]leak.Finding) bool
	// MailListener, when set, is where the shop's mail is received instead of
	// at SMTP; the run closes it, whatever happens.
	MailListener net.Listener

	mixed       bool     // nobody asked for schedules: they are those that fit
	trustedKeys []string // of servers that have certificates of their own making: the tests'
}

// Schedules are the names that Config.Schedules takes: those that a run walks by
// default, in their order, and solo, which goes on where it is asked for.
func Schedules() []string { return plan.Choices() }

// NoBystanders is the number of Config.Bystanders that stands for none.
const NoBystanders = -1

// maxBystanders is more than can tell anything new.
const maxBystanders = 100

// MaxParallel is how many sessions may be under way at once.
const MaxParallel = 64

// Profile is a set of defaults with a purpose.
type Profile struct {
	Name      string
	Purpose   string
	Customers int
	For       time.Duration
	Solo      int
	FailFast  bool
}

// Profiles are the sets of defaults, the default one first.
func Profiles() []Profile {
	return []Profile{
		{Name: "smoke", Purpose: "before a release: isolated or not, in a minute and a half", Customers: 8, For: 90 * time.Second, Solo: plan.DefaultSolo},
		{Name: "nightly", Purpose: "half an hour of every schedule", Customers: 24, For: 30 * time.Minute, Solo: 6},
		{Name: "repro", Purpose: "two customers, until it leaks or time is up", Customers: 2, For: 10 * time.Minute, Solo: 2, FailFast: true},
	}
}

// ConfigError is something in the configuration that must be put right.
type ConfigError struct{ Problem, Remedy string }

func (e *ConfigError) Error() string {
	if e.Remedy == "" {
		return e.Problem
	}
	return e.Problem + "; " + e.Remedy
}

// settle fills in the defaults and refuses what cannot be.
func (c Config) settle() (Config, error) {
	if c.Scenario == nil {
		return c, &ConfigError{"no scenario", "name a file or a built-in one"}
	}
	profile, err := profileNamed(c.Profile)
	if err != nil {
		return c, err
	}
	c.Profile = profile.Name
	c.Target = first(c.Target, c.Scenario.Target)
	c.Out = first(c.Out, "crosstalk-runs")
	c.Version = first(c.Version, buildVersion())
	if c.Customers == 0 {
		c.Customers = profile.Customers
	}
	if c.Parallel == 0 {
		c.Parallel = min(c.Customers, 16)
	}
	if c.For == 0 && c.Rounds == 0 {
		c.For = profile.For
	}
	if c.Solo == 0 {
		c.Solo = profile.Solo
	}
	c.FailFast = c.FailFast || profile.FailFast
	c = c.settleMail()
	for c.Seed == 0 {
		c.Seed = uint64(rand.Uint32()) // 32 bits are enough to differ, and can be typed
	}
	if len(c.Schedules) == 0 {
		c.Schedules, c.mixed = plan.Fitting(c.Scenario, c.Journeys), true
	}
	for i, place := range c.Places {
		c.Places = slices.Clone(c.Places) // the caller's stays as it is
		c.Places[i] = placeOf(place, c.Target)
	}
	if c.Log == nil {
		c.Log = io.Discard
	}
	if c.Progress == nil {
		c.Progress = func(Progress) {}
	}
	return c, c.check()
}

// settleMail fills in the defaults of what concerns mail.
func (c Config) settleMail() Config {
	c.SMTP, c.Mailpit = first(c.SMTP, c.Scenario.Mail.SMTP), first(c.Mailpit, c.Scenario.Mail.Mailpit)
	c.Settle = cmp.Or(c.Settle, c.Scenario.Mail.Settle, defaultSettle)
	signUp := slices.ContainsFunc(c.Scenario.Journeys, func(j scenarios.Journey) bool { return len(j.Setup) > 0 })
	if c.Bystanders == 0 && c.watchesMail() && signUp {
		c.Bystanders = 1
	}
	if c.Bystanders == NoBystanders {
		c.Bystanders = 0
	}
	return c
}

func (c Config) check() error {
	if c.Target == "" {
		return &ConfigError{"no target", "say which shop with --target URL"}
	}
	u, err := url.Parse(c.Target)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		return &ConfigError{fmt.Sprintf("target %q is not an http or https address", c.Target), "write it as https://staging.example"}
	case u.User != nil:
		return &ConfigError{"the target's address holds credentials", "send them with --header 'Authorization: Basic …' from a variable"}
	case c.Customers < 2:
		return &ConfigError{fmt.Sprintf("%d customers cannot see each other's data", c.Customers), "use at least 2"}
	case c.Parallel < 1 || c.Parallel > MaxParallel:
		return &ConfigError{fmt.Sprintf("%d sessions at once", c.Parallel), fmt.Sprintf("use 1 to %d", MaxParallel)}
	case c.For < 0 || c.Rounds < 0:
		return &ConfigError{"a run cannot take less than no time", ""}
	}
	if err := c.checkMail(); err != nil {
		return err
	}
	if err := c.checkLists(); err != nil {
		return err
	}
	return c.checkFocus()
}

func (c Config) checkMail() error {
	switch {
	case c.SMTP != "" && !scenarios.Listens(c.SMTP):
		return &ConfigError{fmt.Sprintf("%q is no address to receive mail at", c.SMTP), "write it as 127.0.0.1:1025"}
	case c.Bystanders < 0 || c.Bystanders > maxBystanders:
		return &ConfigError{fmt.Sprintf("%d bystanders", c.Bystanders), fmt.Sprintf("use 0 to %d", maxBystanders)}
	}
	return nil
}

func (c Config) checkLists() error {
	for _, name := range c.Schedules {
		if !slices.Contains(plan.Choices(), name) {
			return &ConfigError{fmt.Sprintf("no schedule %q", name), "there are " + strings.Join(plan.Choices(), ", ")}
		}
	}
	for _, r := range c.Resolve {
		if host, ip, ok := strings.Cut(r, ":"); !ok || host == "" || ip == "" {
			return &ConfigError{fmt.Sprintf("--resolve %q", r), "write HOST:IP"}
		}
	}
	for _, h := range c.Header {
		if name, _, ok := strings.Cut(h, ":"); !ok || strings.TrimSpace(name) == "" {
			return &ConfigError{"a --header without a name", "write 'Name: value'"}
		}
	}
	return nil
}

func profileNamed(name string) (Profile, error) {
	var names []string
	for _, p := range Profiles() {
		if p.Name == name || name == "" {
			return p, nil
		}
		names = append(names, p.Name)
	}
	return Profile{}, &ConfigError{fmt.Sprintf("no profile %q", name), "there are " + strings.Join(names, ", ")}
}

// headers are the configured header lines.
func (c Config) headers() []history.Header {
	var out []history.Header
	for _, h := range c.Header {
		name, value, _ := strings.Cut(h, ":")
		out = append(out, history.Header{Name: strings.TrimSpace(name), Value: strings.TrimSpace(value)})
	}
	return out
}

// secrets are what must never reach a file: the environment's values that the
// scenario uses, and the values of configured headers.
func (c Config) secrets() *history.Secrets {
	values := map[string]string{}
	for name, value := range c.Scenario.Secrets {
		values[name] = value
	}
	for _, h := range c.headers() {
		values["HEADER_"+strings.ToUpper(strings.ReplaceAll(h.Name, "-", "_"))] = h.Value
	}
	if u, err := url.Parse(c.Mailpit); err == nil && u.User != nil {
		values["MAILPIT_PASSWORD"], _ = u.User.Password()
	}
	return history.NewSecrets(values)
}

func first(candidates ...string) string {
	for _, s := range candidates {
		if s != "" {
			return s
		}
	}
	return ""
}

func buildVersion() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "(devel)"
	}
	return info.Main.Version
}

// host is where this process runs, for the account ledger.
func host() string {
	name, err := os.Hostname()
	if err != nil {
		return "unknown"
	}
	return name
}
