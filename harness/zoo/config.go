package zoo

import (
	"cmp"
	"fmt"
	"io"
	"math/rand/v2"
	"time"

	"crosstalk/harness"
)

// Settings are what every row of a zoo depends on, beside its case: rows of
// other settings do not belong into one table.
type Settings struct {
	For       time.Duration `json:"for_ns"` // of each fault's run; decoys, and faults at rate 0, take DecoyFor at least; default DefaultFor
	Customers int           `json:"customers"`
	Seed      uint64        `json:"seed"`             // of which each case has its own; zero: the file's, or a fresh one
	Rename    uint64        `json:"rename,omitempty"` // of all that no scenario says, in the shop; zero: the plain names
	Whole     bool          `json:"whole,omitempty"`  // each fault's run is walked to its end, not to its proof
}

// Defaults of the settings. A fault's run ends at its proof, with the cause,
// unless it is to be whole; a decoy's takes longer than a smoke run, which is what
// must stay silent: some look-alikes stand where few visits come by.
const (
	DefaultFor       = 2 * time.Minute
	DefaultCustomers = 8
	DecoyFor         = 150 * time.Second
)

// MaxParallel is how many cases may be run at once: each has a browser.
const MaxParallel = 16

// Config is all that a zoo is told. The zero value is the whole zoo at rate 1.
type Config struct {
	Selection
	Settings
	Parallel int                        // cases at once, from 1 to MaxParallel; default 1
	File     string                     // of the report, as JSON: rewritten after each case, and gone on with where it is there; empty: none
	Build    string                     // which crosstalk this is: rows of a file that another made are told apart
	Out      string                     // folder of the runs' folders, which are kept; empty: a temporary one, where only those are kept that somebody should look at
	Browser  string                     // path of a browser, or ws:// address of one; default: found or provided
	Log      io.Writer                  // a line when a case begins and when it ends, and what its run has to say; default nowhere
	Write    func(harness.Result) error // writes the reports of a run folder that is kept; default none
	Leave    <-chan struct{}            // when closed, ends the clean-up of an interrupted case

	decoyFor time.Duration // how long decoys take at least; default DecoyFor; shorter in tests
}

// settle fills in the defaults and refuses what cannot be.
func (c Config) settle() (Config, error) {
	c.For = cmp.Or(c.For, DefaultFor)
	c.Customers = cmp.Or(c.Customers, DefaultCustomers)
	c.Parallel = cmp.Or(c.Parallel, 1)
	c.decoyFor = cmp.Or(c.decoyFor, DecoyFor)
	if c.Log == nil {
		c.Log = io.Discard
	}
	if c.Write == nil {
		c.Write = func(harness.Result) error { return nil }
	}
	switch {
	case c.For < 0:
		return c, &harness.ConfigError{Problem: "a case cannot take less than no time"}
	case c.Customers < 2:
		return c, &harness.ConfigError{Problem: fmt.Sprintf("%d customers cannot see each other's data", c.Customers), Remedy: "use at least 2"}
	case c.Parallel < 1 || c.Parallel > MaxParallel:
		return c, &harness.ConfigError{Problem: fmt.Sprintf("%d cases at once", c.Parallel), Remedy: fmt.Sprintf("use 1 to %d", MaxParallel)}
	}
	return c, nil
}

// freshSeed is one that can be typed.
func freshSeed() uint64 { return 1 + uint64(rand.Uint32()) }
