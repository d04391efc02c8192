package main

import (
	"errors"
	"io/fs"

	"github.com/spf13/cobra"

	"crosstalk/harness"
)

func newJudge(s streams) *cobra.Command {
	var formats []string
	cmd := &cobra.Command{
		Use: "judge RUN", Short: "judge a recorded run again, with today's rules",
		Long: "Judges a recorded run again, whole or cut short, and writes its reports anew.\nRUN is a run folder, such as crosstalk-runs/latest.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := fromEnvironment(cmd); err != nil {
				return err
			}
			chosen, err := chosenFormats(formats)
			if err != nil {
				return usage{err}
			}
			result, err := harness.Judge(cmd.Context(), args[0])
			if err != nil {
				return folderError(err)
			}
			if err := writeReports(s, result, chosen); err != nil {
				return err
			}
			return exit(result.Exit)
		},
	}
	cmd.Flags().StringSliceVar(&formats, "report", nil, "print these reports to stdout instead of text: html, json, junit, markdown, text")
	return cmd
}

// folderError makes a usage error of a folder that holds no run.
func folderError(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return usage{err}
	}
	return err
}
