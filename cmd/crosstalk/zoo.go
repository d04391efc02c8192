package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"crosstalk/harness"
	"crosstalk/harness/zoo"
	"crosstalk/scenarios/demoshop"
)

const zooAbout = `Runs every fault of the demo shop, in every variant, and every decoy, which looks
like a leak and is none, each by an ordinary run whose judge is told nothing of it,
and prints what was found: recall, causes, false alarms. Exits 0 when every class
was found as expected at the highest rate and every decoy was silent, else 1. With
--json that is said of all that was ever asked for of the file: while cases are
missing, or another build ran some, it exits 1; name another file to ask anew.

  crosstalk zoo --json zoo.json                          all at rate 1; again goes on where it was
  crosstalk zoo --only edge-cache,wrong-room/token
  crosstalk zoo --only faults --variant plain --rate 0.1,0.01 --for 120s`

func newZoo(s streams) *cobra.Command {
	var c zoo.Config
	var variants []string
	cmd := &cobra.Command{
		Use: "zoo", Short: "every fault and decoy against the judge: recall and false alarms", Long: zooAbout, Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := fromEnvironment(cmd); err != nil {
				return err
			}
			for _, v := range variants {
				c.Variants = append(c.Variants, demoshop.Variant(v))
			}
			if cmd.Flags().Changed("for") && c.For <= 0 {
				return usage{fmt.Errorf("a case cannot take %s; write --for 60s", c.For)}
			}
			return runZoo(cmd.Context(), s, c)
		},
	}
	f := cmd.Flags()
	f.StringSliceVar(&c.Only, "only", nil, "faults, faults/variants and decoys by their names; faults or decoys for all of them (default all)")
	f.Float64SliceVar(&c.Rates, "rate", []float64{1}, "shares of its opportunities that a fault takes, from 0 to 1")
	f.StringSliceVar(&variants, "variant", nil, "variants of faults: plain, masked, encoded, token (default all that a fault has)")
	f.DurationVar(&c.For, "for", zoo.DefaultFor, "how long each fault's run may take; decoys take "+zoo.DecoyFor.String()+" at least")
	f.IntVar(&c.Customers, "customers", zoo.DefaultCustomers, "how many fake customers each run has")
	f.IntVar(&c.Parallel, "parallel", 1, "cases at once, each with a browser")
	f.Uint64Var(&c.Seed, "seed", 0, "seed of which every case has its own (default the file's, or a fresh one, which is printed)")
	f.Uint64Var(&c.Rename, "rename", 0, "rename the shop's paths, headers, cookies and fields by this seed")
	f.BoolVar(&c.Whole, "whole", false, "walk each fault's run to its end, not to its proof: causes are then those of whole runs, and it takes hours more")
	f.StringVar(&c.File, "json", "", "file of all rows and sums, rewritten after each case; cases that it has are not run again")
	f.StringVar(&c.Out, "out", "", "folder of the run folders (default a temporary one, where only those are kept that somebody should look at)")
	addBrowserFlag(cmd, &c.Browser)
	return cmd
}

func runZoo(ctx context.Context, s streams, c zoo.Config) error {
	log.SetOutput(io.Discard) // see watched
	view := newView(s.err)
	defer view.close()
	c.Log, c.Leave, c.Build = view, leave(ctx), build()
	c.Write = func(r harness.Result) error { return writeReports(streams{out: io.Discard, err: s.err}, r, nil) }
	report, err := zoo.Run(ctx, c)
	if len(report.Rows) > 0 {
		err = errors.Join(err, report.Table(s.out, columnsOf(s.out)))
	}
	switch {
	case ctx.Err() != nil:
		sayInterrupted(s.err, c.File, err)
		return exit(harness.ExitInterrupted)
	case err != nil:
		return err
	case !report.Sum.OK:
		return exit(harness.ExitLeak)
	}
	return nil
}

// sayInterrupted says what an interrupted zoo has kept, and what it could not.
func sayInterrupted(w io.Writer, file string, err error) {
	if err != nil {
		complain(err, w)
	}
	switch {
	case file == "":
		fmt.Fprintf(w, "interrupted; with --json FILE there would be something to go on from\n")
	case errors.Is(err, zoo.ErrFile):
		fmt.Fprintf(w, "interrupted; %s lacks the rows that could not be written: the same command runs their cases again\n", file)
	default:
		fmt.Fprintf(w, "interrupted; the same command goes on from %s\n", file)
	}
}

// defaultColumns is how wide a pipe is.
const defaultColumns = 120

// columnsOf is how wide a terminal is.
func columnsOf(w io.Writer) int {
	if width, _, err := term.GetSize(fd(w)); err == nil && width > 0 {
		return width
	}
	return defaultColumns
}
