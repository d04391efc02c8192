package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"time"

	"github.com/spf13/cobra"

	"crosstalk/harness"
	"crosstalk/harness/leak"
	"crosstalk/reports"
	"crosstalk/scenarios"
	"crosstalk/scenarios/demoshop"
)

const demoAbout = `Drives the embedded checkout twice: as it should be, and with the cache setting
of 27 May 2021 (authenticated answers kept by their address alone). Exits 0 when
both verdicts are right: isolated, then leak.`

// part is one half of the demonstration.
type part struct {
	title  string
	faults []string
	want   leak.Verdict
	setup  func(c *harness.Config)
}

// The healthy half takes the time that the minima ask for; the other ends when
// it has shown what it has to show.
const (
	healthyFor = 2 * time.Minute
	faultyFor  = 45 * time.Second
)

func demoParts() []part {
	return []part{
		{"1 of 2: the shop as it should be", nil, leak.Isolated, func(c *harness.Config) { c.Customers, c.Solo, c.For, c.Rounds = 6, 2, healthyFor, eachOnce() }},
		{"2 of 2: the same shop with the cache fault of 2021", []string{"edge-cache"}, leak.Leak, func(c *harness.Config) { c.Customers, c.For, c.FailFast = 4, faultyFor, true }},
	}
}

// eachOnce is how many rounds it takes to walk each schedule once. Solo is
// walked in any case.
func eachOnce() int { return len(harness.Schedules()) - 1 }

func newDemo(s streams) *cobra.Command {
	var c harness.Config
	cmd := &cobra.Command{
		Use: "demo", Short: "see it work on the embedded checkout, healthy and leaking", Long: demoAbout, Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := fromEnvironment(cmd); err != nil {
				return err
			}
			return demo(cmd.Context(), s, c)
		},
	}
	f := cmd.Flags()
	f.Uint64Var(&c.Seed, "seed", 0, "seed of customers and plan (default a fresh one, which is printed)")
	f.StringVar(&c.Out, "out", "crosstalk-runs", "folder of the run folders")
	f.BoolVar(&c.Headed, "headed", false, "show the browser")
	addBrowserFlag(cmd, &c.Browser)
	return cmd
}

func demo(ctx context.Context, s streams, c harness.Config) error {
	wrong := 0
	for _, p := range demoParts() {
		fmt.Fprintf(s.out, "── %s\n\n", p.title)
		result, err := demoPart(ctx, s, c, p)
		if err != nil {
			return err
		}
		if err := reports.Text(s.out, result, colorful(s.out)); err != nil {
			return err
		}
		if ctx.Err() != nil {
			return exit(harness.ExitInterrupted)
		}
		if result.Verdict != p.want {
			wrong++
			fmt.Fprintf(s.out, "\nthis verdict is wrong: it should be %s\n", p.want)
		}
		fmt.Fprintln(s.out)
	}
	if wrong > 0 {
		return exit(harness.ExitBroken)
	}
	fmt.Fprintf(s.out, "── both verdicts are right\n\nNow yours: crosstalk run my-shop.yaml --target https://staging.example\n")
	return nil
}

// demoPart serves the shop on a port of its own and drives it. The shop sends
// its mail to the run.
func demoPart(ctx context.Context, s streams, c harness.Config, p part) (result harness.Result, err error) {
	if c.MailListener, err = new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0"); err != nil {
		return result, fmt.Errorf("listen for mail: %w", err)
	}
	defer func() { _ = c.MailListener.Close() }() // the run does, unless it never came to that
	shop, err := newDemoShop(p.faults, demoshop.Options{SMTP: c.MailListener.Addr().String()})
	if err != nil {
		return result, err
	}
	// The shop outlives an interrupt: accounts are still cleaned up there.
	serving, stop := context.WithCancel(context.WithoutCancel(ctx))
	base, done, err := shop.Serve(serving, "127.0.0.1:0")
	if err != nil {
		stop()
		return result, err
	}
	defer func() {
		stop()
		err = errors.Join(err, <-done)
	}()
	if c.Scenario, err = scenarios.Load("checkout", os.LookupEnv); err != nil {
		return result, err
	}
	c.Target, c.Label = base, p.title
	p.setup(&c)
	if result, err = watched(ctx, s, c); err != nil {
		return result, err
	}
	return result, writeReports(s, result, nil)
}
