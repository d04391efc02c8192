package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"crosstalk/harness"
	"crosstalk/harness/browser"
	"crosstalk/scenarios"
)

// streams are where a command reads and writes. Results go to out; progress
// and whatever is said about ourselves goes to err.
type streams struct {
	in  io.Reader
	out io.Writer
	err io.Writer
}

// exit carries an exit code that is no error: a verdict.
type exit int

func (e exit) Error() string { return fmt.Sprintf("exit %d", int(e)) }

// usage is an error in how the command was called.
type usage struct{ err error }

func (u usage) Error() string { return u.err.Error() }

func (u usage) Unwrap() error { return u.err }

// run is the whole program but for the process around it.
func run(ctx context.Context, args []string, in io.Reader, out, errs io.Writer) int {
	root := newRoot(streams{in: in, out: out, err: errs})
	root.SetArgs(args)
	return code(root.ExecuteContext(ctx), errs)
}

const about = `crosstalk creates fake customers, drives parallel sessions against a staging
checkout, and fails if any session is shown another customer's data.

  crosstalk demo                                   see it work, on an embedded shop
  crosstalk run checkout --target http://…         drive a shop; exit 0 isolated, 1 leak
  crosstalk run my-shop.yaml --profile nightly

Exit codes: 0 isolated · 1 leak · 2 inconclusive · 3 usage or scenario error ·
4 the harness or the machine broke · 130 interrupted.
Every flag has a variable: --for is CROSSTALK_FOR. A flag wins.`

func newRoot(s streams) *cobra.Command {
	root := &cobra.Command{
		Use: "crosstalk", Short: "find session-isolation regressions before your customers do", Long: about,
		SilenceErrors: true, SilenceUsage: true, Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetIn(s.in)
	root.SetOut(s.out)
	root.SetErr(s.err)
	root.CompletionOptions.HiddenDefaultCmd = true
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return usage{fmt.Errorf("%w; see `%s --help`", err, cmd.CommandPath())}
	})
	for _, construct := range []func(streams) *cobra.Command{newDemo, newRun, newJudge, newReport, newShop, newZoo, newDoctor, newVersion} {
		command := construct(s)
		before := command.Args
		command.Args = func(cmd *cobra.Command, args []string) error {
			if err := before(cmd, args); err != nil {
				return usage{fmt.Errorf("%w; see `%s --help`", err, cmd.CommandPath())}
			}
			return nil
		}
		root.AddCommand(command)
	}
	return root
}

// code says what an error means to whoever called the program, and prints it.
func code(err error, errs io.Writer) int {
	var verdict exit
	switch {
	case err == nil:
		return harness.ExitIsolated
	case errors.As(err, &verdict):
		return int(verdict)
	}
	complain(err, errs)
	return errorCode(err)
}

// complain prints an error, line by line.
func complain(err error, errs io.Writer) {
	for line := range strings.Lines(err.Error()) {
		fmt.Fprintf(errs, "crosstalk: %s\n", strings.TrimRight(line, "\n"))
	}
}

func errorCode(err error) int {
	var config *harness.ConfigError
	var u usage
	var missing *browser.NotFoundError
	switch {
	case errors.Is(err, context.Canceled):
		return harness.ExitInterrupted
	case errors.As(err, &missing):
		return harness.ExitBroken
	case errors.As(err, &config), errors.As(err, &u), len(scenarios.Errors(err)) > 0, isUnknownCommand(err):
		return harness.ExitUsage
	}
	return harness.ExitBroken
}

// isUnknownCommand knows cobra's own complaint, which has no type.
func isUnknownCommand(err error) bool { return strings.HasPrefix(err.Error(), "unknown command") }

// isTerminal says whether a person watches the stream.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// colorful says whether the stream takes colors: a terminal does, unless
// NO_COLOR or CI is set.
func colorful(w io.Writer) bool {
	return isTerminal(w) && os.Getenv("NO_COLOR") == "" && os.Getenv("CI") == ""
}
