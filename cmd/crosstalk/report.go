package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"crosstalk/harness"
	"crosstalk/reports"
)

func newReport(s streams) *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use: "report RUN --format F", Short: "render a judged run again",
		Long: "Prints a report of a run that was judged already, from its run.json.\nRUN is a run folder, such as crosstalk-runs/latest.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := fromEnvironment(cmd); err != nil {
				return err
			}
			chosen, err := reports.Named(format)
			if err != nil {
				return usage{err}
			}
			result, err := readResult(args[0])
			if err != nil {
				return err
			}
			return printReport(s, result, chosen)
		},
	}
	cmd.Flags().StringVar(&format, "format", "text", "html, json, junit, markdown or text")
	return cmd
}

func readResult(folder string) (harness.Result, error) {
	file, err := os.Open(filepath.Join(folder, "run.json"))
	if err != nil {
		return harness.Result{}, usage{fmt.Errorf("%w; a run that was killed has none yet: crosstalk judge %s", err, folder)}
	}
	result, err := reports.ReadJSON(file)
	if err := errors.Join(err, file.Close()); err != nil {
		return harness.Result{}, usage{fmt.Errorf("read %s: %w", file.Name(), err)}
	}
	result.Folder = folder
	return result, nil
}
