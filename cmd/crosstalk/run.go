package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"crosstalk/harness"
	"crosstalk/reports"
	"crosstalk/scenarios"
)

const runAbout = `Drives the scenario's journeys against a shop, judges what every session was
shown, and writes a run folder with report.html, run.json, junit.xml and
summary.md. Without a scenario it drives the embedded checkout, whose shop
` + "`crosstalk shop`" + ` serves.

  crosstalk run checkout --target http://127.0.0.1:8080
  crosstalk run my-shop.yaml --target https://staging.example --allow-host staging.example
  crosstalk run my-shop.yaml --profile nightly --label "build 812"

With a leak report in hand, narrow it to where it was seen:

  crosstalk run my-shop.yaml --profile repro --place 'GET /orders/{}' --schedule relay`

// defaultTarget is where "crosstalk shop" serves when nothing else is said.
const defaultTarget = "http://" + defaultListen

func newRun(s streams) *cobra.Command {
	var c harness.Config
	var formats []string
	cmd := &cobra.Command{
		Use: "run [SCENARIO]", Short: "drive a shop and judge what was seen", Long: runAbout, Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := fromEnvironment(cmd); err != nil {
				return err
			}
			name := "checkout"
			if len(args) > 0 {
				name = args[0]
			}
			scenario, err := scenarios.Load(name, os.LookupEnv)
			if err != nil {
				return scenarioError(err)
			}
			c.Scenario = scenario
			if cmd.Flags().Changed("bystanders") && c.Bystanders == 0 {
				c.Bystanders = harness.NoBystanders
			}
			if c.Target == "" && scenario.Target == "" && len(args) == 0 {
				c.Target = defaultTarget
			}
			return runAndReport(cmd.Context(), s, c, formats)
		},
	}
	addRunFlags(cmd, &c)
	cmd.Flags().StringSliceVar(&formats, "report", nil, "print these reports to stdout instead of text: html, json, junit, markdown, text")
	return cmd
}

// scenarioError makes usage errors of all that is wrong with a scenario: a
// file that isn't there too.
func scenarioError(err error) error {
	if len(scenarios.Errors(err)) > 0 {
		return err
	}
	return usage{err}
}

func addRunFlags(cmd *cobra.Command, c *harness.Config) {
	f := cmd.Flags()
	f.StringVar(&c.Target, "target", "", "address of the shop (default the scenario's)")
	f.StringVar(&c.Profile, "profile", "smoke", "set of defaults: smoke, nightly or repro")
	f.IntVar(&c.Customers, "customers", 0, "how many fake customers (default the profile's)")
	f.IntVar(&c.Parallel, "parallel", 0, "sessions under way at once (default as many as customers, at most 16)")
	f.DurationVar(&c.For, "for", 0, "how long the run may take, clean-up included (default the profile's)")
	f.IntVar(&c.Rounds, "rounds", 0, "rounds to walk, instead of a time")
	f.StringSliceVar(&c.Schedules, "schedule", nil, "schedules to take turns: "+strings.Join(harness.Schedules(), ", ")+" (default all)")
	f.StringArrayVar(&c.Journeys, "journey", nil, "journey to walk, and no other (repeatable; default all)")
	f.StringArrayVar(&c.Places, "place", nil, "place to look at, such as 'GET /account', with * for any characters: only journeys that come there are walked in the rounds, as far as there (repeatable; default all)")
	f.StringVar(&c.OnHerd, "on-herd", "", "command that the schedule herd runs while everybody rests, such as one that empties a cache or restarts a service")
	f.Uint64Var(&c.Seed, "seed", 0, "seed of customers and plan (default a fresh one, which is printed)")
	f.StringVar(&c.Seeds, "seeds", "", "file that remembers what earlier runs' customers owned (default seeds.ndjson in the runs' folder)")
	f.StringVar(&c.Label, "label", "", "what is being tested, for the reports")
	f.StringVar(&c.Out, "out", "crosstalk-runs", "folder of the run folders")
	f.BoolVar(&c.FailFast, "fail-fast", false, "end the run at the first proof of a leak")
	f.StringArrayVar(&c.AllowHosts, "allow-host", nil, "host that may be driven beside the scenario's (repeatable)")
	f.StringArrayVar(&c.Resolve, "resolve", nil, "HOST:IP to connect to for a host (repeatable)")
	f.StringArrayVar(&c.Header, "header", nil, "'Name: value' to send with every request; kept out of all files (repeatable)")
	f.StringVar(&c.SMTP, "smtp", "", "address to receive the shop's mail at, such as 127.0.0.1:1025 (default the scenario's; none: mail is not watched)")
	f.StringVar(&c.Mailpit, "mailpit", "", "address of a Mailpit server that has the shop's mail, such as http://127.0.0.1:8025 (default the scenario's)")
	f.IntVar(&c.Bystanders, "bystanders", 0, "customers beside the others who sign up and must be sent nothing, 0 for none (default 1 where mail is watched)")
	f.StringVar(&c.Proxy, "proxy", "", "forward proxy to go through")
	f.BoolVar(&c.Headed, "headed", false, "show the browser")
	addBrowserFlag(cmd, &c.Browser)
}

func addBrowserFlag(cmd *cobra.Command, path *string) {
	cmd.Flags().StringVar(path, "browser", "", "path of a Chromium, Chrome or headless shell, or the ws:// address of one (default: found or provided)")
}

// runAndReport runs, writes the reports, and answers the verdict as an exit.
func runAndReport(ctx context.Context, s streams, c harness.Config, formats []string) error {
	chosen, err := chosenFormats(formats)
	if err != nil {
		return usage{err}
	}
	result, err := watched(ctx, s, c)
	if result.Folder != "" {
		err = errors.Join(err, writeReports(s, result, chosen))
	}
	if err != nil {
		if result.Verdict == "leak" { // a leak always wins: what broke besides is said, not hidden
			fmt.Fprintf(s.err, "crosstalk: %v\n", err)
			return exit(harness.ExitLeak)
		}
		return err
	}
	return exit(result.Exit)
}

// watched runs with a live view for a person, or plain lines for a pipe.
func watched(ctx context.Context, s streams, c harness.Config) (harness.Result, error) {
	// Where an answer goes on behind its end, net/http prints the rest to the
	// standard logger. A shop's data belongs in the history alone. It stays so
	// after the run: connections end a little later.
	log.SetOutput(io.Discard)
	view := newView(s.err)
	c.Log, c.Progress, c.Leave = view, view.progress, leave(ctx)
	defer view.close()
	return harness.Run(ctx, c)
}

func chosenFormats(names []string) ([]reports.Format, error) {
	if len(names) == 0 {
		names = []string{"text"}
	}
	var out []reports.Format
	for _, name := range names {
		format, err := reports.Named(name)
		if err != nil {
			return nil, err
		}
		out = append(out, format)
	}
	return out, nil
}
