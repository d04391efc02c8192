package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"crosstalk/harness"
	"crosstalk/reports"
)

// kept are the reports that every run folder has.
var kept = []string{"html", "json", "junit", "markdown"}

// writeReports writes the reports of a run folder, prints the chosen ones, and
// adds to the build page of a CI server where there is one.
func writeReports(s streams, r harness.Result, chosen []reports.Format) error {
	var errs []error
	for _, name := range kept {
		format, err := reports.Named(name)
		if err == nil {
			err = writeReport(r, format)
		}
		errs = append(errs, err)
	}
	errs = append(errs, addSummary(r))
	for _, format := range chosen {
		errs = append(errs, printReport(s, r, format))
	}
	return errors.Join(errs...)
}

// writeReport writes one file whole or not at all: rendered in memory first,
// then renamed to its name.
func writeReport(r harness.Result, format reports.Format) error {
	var b bytes.Buffer
	if err := format.Write(&b, r, os.DirFS(r.Folder)); err != nil {
		return fmt.Errorf("render %s: %w", format.File, err)
	}
	path := filepath.Join(r.Folder, format.File)
	if err := os.WriteFile(path+".part", b.Bytes(), 0o644); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	if err := os.Rename(path+".part", path); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	return nil
}

func printReport(s streams, r harness.Result, format reports.Format) error {
	if format.Name == "text" {
		return reports.Text(s.out, r, colorful(s.out))
	}
	return format.Write(s.out, r, os.DirFS(r.Folder))
}

// addSummary appends the summary to the file that GitHub shows on the build's
// page.
func addSummary(r harness.Result) error {
	path := os.Getenv("GITHUB_STEP_SUMMARY")
	if path == "" {
		return nil
	}
	file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return fmt.Errorf("write step summary: %w", err)
	}
	return errors.Join(reports.Markdown(file, r), file.Close())
}
