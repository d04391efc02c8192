package reports

import (
	"fmt"
	"io"
	"io/fs"
	"strings"

	"crosstalk/harness"
)

// A Format is one way to write a result down.
type Format struct {
	Name  string // as given to --report and --format: "html"
	File  string // what it is called in a run folder: "report.html"
	About string // one line for the help text
	// Write renders the result. Files is the run folder, for pictures; nil
	// when there is none. An error is the writer's own, or says what could
	// not be rendered.
	Write func(w io.Writer, r harness.Result, files fs.FS) error
}

// Formats lists every format, in the order in which help texts name them.
func Formats() []Format {
	return []Format{
		{"html", "report.html", "one page that opens from disk", HTML},
		{"json", "run.json", "the result for programs", plain(JSON)},
		{"junit", "junit.xml", "test cases for CI servers", plain(JUnit)},
		{"markdown", "summary.md", "a summary for build pages", plain(Markdown)},
		{"text", "report.txt", "what a terminal shows, without colors", plain(uncolored)},
	}
}

// Named finds a format by its name. The error of an unknown name lists those
// there are.
func Named(name string) (Format, error) {
	var names []string
	for _, f := range Formats() {
		if f.Name == name {
			return f, nil
		}
		names = append(names, f.Name)
	}
	return Format{}, fmt.Errorf("unknown report format %q: there are %s", name, strings.Join(names, ", "))
}

// plain makes a format's function of one that needs no files.
func plain(write func(io.Writer, harness.Result) error) func(io.Writer, harness.Result, fs.FS) error {
	return func(w io.Writer, r harness.Result, _ fs.FS) error { return write(w, r) }
}

func uncolored(w io.Writer, r harness.Result) error { return Text(w, r, false) }
