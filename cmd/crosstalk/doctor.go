package main

import (
	"context"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"crosstalk/harness"
	"crosstalk/scenarios"
)

func newDoctor(s streams) *cobra.Command {
	c := harness.Config{}
	cmd := &cobra.Command{
		Use: "doctor", Short: "check the browser, its sandbox, and that its contexts are isolated",
		Long: "Finds or provides a browser, starts it, proves that two of its contexts cannot\nsee each other, and asks the target, if one is given, whether it answers.", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := fromEnvironment(cmd); err != nil {
				return err
			}
			scenario, err := scenarios.Load("checkout", os.LookupEnv)
			if err != nil {
				return err
			}
			c.Scenario, c.Log = scenario, s.err
			asked := c.Target
			if c.Target == "" {
				c.Target = defaultTarget // never contacted: the examination is of this machine
			}
			e, err := harness.Examine(cmd.Context(), c)
			if err != nil {
				return err
			}
			healthy := printExamination(s, e)
			if asked != "" {
				healthy = printTarget(cmd.Context(), s, c) && healthy
			}
			if !healthy {
				return exit(harness.ExitBroken)
			}
			return nil
		},
	}
	addBrowserFlag(cmd, &c.Browser)
	cmd.Flags().BoolVar(&c.Headed, "headed", false, "examine the full browser")
	cmd.Flags().StringVar(&c.Target, "target", "", "address of a shop to ask whether it answers")
	cmd.Flags().StringArrayVar(&c.AllowHosts, "allow-host", nil, "host that may be asked (repeatable)")
	return cmd
}

func printExamination(s streams, e harness.Examination) bool {
	fmt.Fprintf(s.out, "browser   %s\n          %s (%s)\n", e.Product, e.Path, e.How)
	fmt.Fprintf(s.out, "sandbox   %s\n", e.SandboxWhy)
	healthy := true
	for _, check := range e.Checks {
		word := "isolated"
		if !check.OK {
			word, healthy = "NOT ISOLATED", false
		}
		fmt.Fprintf(s.out, "contexts  %-16s %s", check.Name, word)
		if check.Detail != "" {
			fmt.Fprintf(s.out, ": %s", check.Detail)
		}
		fmt.Fprintln(s.out)
	}
	return healthy
}

// printTarget asks the shop whether it answers, under the same guard as a run.
func printTarget(ctx context.Context, s streams, c harness.Config) bool {
	status, err := harness.Knock(ctx, c)
	if err != nil {
		fmt.Fprintf(s.out, "target    %v\n", err)
		return false
	}
	fmt.Fprintf(s.out, "target    %s answers: %s\n", c.Target, status)
	return true
}
