package zoo

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"crosstalk/harness"
)

// Schema is the version of a zoo's file.
const Schema = "crosstalk.zoo/v2"

// ErrFile is in the error of a zoo whose file could not be written: the report
// has rows that the file lacks.
var ErrFile = errors.New("write zoo's file")

// Report is what became of a zoo's cases; as JSON it is the zoo's file. All that
// were ever asked for of a file are its cases: each has a row or is missing.
type Report struct {
	Schema   string   `json:"schema"`
	Build    string   `json:"build"` // of the crosstalk that wrote it last; rows have their own
	Settings Settings `json:"settings"`
	Sum      Sum      `json:"sum"`     // of the rows and of what is missing
	Missing  []Case   `json:"missing"` // cases that were asked for and have no row
	Rows     []Row    `json:"rows"`
}

// open begins a report of the cases, or goes on with that of the file. The file
// says from here on that they were asked for: whatever becomes of this zoo, it
// is known what is missing. The error is a *harness.ConfigError.
func open(c Config, cases []Case) (Report, error) {
	r, err := load(c)
	if err != nil {
		return r, err
	}
	r.Build = c.Build
	r.ask(cases)
	if len(r.left(cases)) == 0 {
		return r, nil // is only looked at
	}
	if err := r.save(c.File); err != nil {
		return r, &harness.ConfigError{Problem: err.Error(), Remedy: "name a file that can be written, in a folder that exists (--json)"}
	}
	return r, nil
}

// load makes an empty report, or answers that of the file.
func load(c Config) (Report, error) {
	r := Report{Schema: Schema, Settings: c.Settings, Missing: []Case{}, Rows: []Row{}}
	src, err := readFile(c.File)
	if err != nil {
		return r, err
	}
	if src == nil {
		if r.Settings.Seed == 0 {
			r.Settings.Seed = freshSeed()
		}
		return r, nil
	}
	old := Report{Missing: []Case{}, Rows: []Row{}}
	if err := json.Unmarshal(src, &old); err != nil || old.Schema != Schema {
		return r, &harness.ConfigError{Problem: fmt.Sprintf("%s is no zoo's file of this crosstalk's", c.File), Remedy: "name another one"}
	}
	if r.Settings.Seed == 0 {
		r.Settings.Seed = old.Settings.Seed
	}
	if r.Settings != old.Settings {
		return r, &harness.ConfigError{Problem: fmt.Sprintf("%s has rows of other settings: %s, and now %s", c.File, old.Settings, r.Settings), Remedy: "name another file, or give the same"}
	}
	return old, nil
}

// readFile answers nil for a file that is not there, or empty. A name at which
// none could be written is refused here, hours before the first row.
func readFile(name string) ([]byte, error) {
	if name == "" {
		return nil, nil
	}
	const remedy = "name a file in a folder that exists (--json)"
	if info, err := os.Stat(filepath.Dir(name)); err != nil || !info.IsDir() {
		return nil, &harness.ConfigError{Problem: fmt.Sprintf("there is no folder %s for the zoo's file", filepath.Dir(name)), Remedy: remedy}
	}
	if info, err := os.Stat(name); err == nil && !info.Mode().IsRegular() {
		return nil, &harness.ConfigError{Problem: fmt.Sprintf("%s is a folder or a device", name), Remedy: remedy}
	}
	src, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(bytes.TrimSpace(src)) == 0 {
		return nil, nil
	}
	if err != nil {
		return nil, &harness.ConfigError{Problem: fmt.Sprintf("read zoo's file: %v", err), Remedy: "name another one (--json)"}
	}
	return src, nil
}

// String says the settings as the command takes them.
func (s Settings) String() string {
	text := fmt.Sprintf("--for %s --customers %d --seed %d", short(s.For), s.Customers, s.Seed)
	if s.Rename != 0 {
		text += fmt.Sprintf(" --rename %d", s.Rename)
	}
	if s.Whole {
		text += " --whole"
	}
	return text
}

// short is a duration without the zeros at its end: 2m and not 2m0s.
func short(d time.Duration) string {
	if d >= time.Minute && d%time.Minute == 0 {
		return fmt.Sprintf("%dm", d/time.Minute)
	}
	return d.String()
}

// left are the cases that have no row, or one that broke.
func (r *Report) left(cases []Case) []Case {
	return slices.DeleteFunc(slices.Clone(cases), func(c Case) bool {
		return slices.ContainsFunc(r.Rows, func(row Row) bool { return row.Case == c && row.Error == "" })
	})
}

// ask enters cases as missing, unless they have a row.
func (r *Report) ask(cases []Case) {
	r.Missing = append(r.Missing, cases...)
	slices.SortStableFunc(r.Missing, func(a, b Case) int { return inOrder(Row{Case: a}, Row{Case: b}) })
	r.Missing = slices.DeleteFunc(slices.Compact(r.Missing), func(c Case) bool {
		return slices.ContainsFunc(r.Rows, func(row Row) bool { return row.Case == c })
	})
	r.sum()
}

// missingNamed is how many missing cases are named to a person.
const missingNamed = 4

func (r *Report) missingNames() string {
	var names []string
	for _, c := range r.Missing[:min(len(r.Missing), missingNamed)] {
		names = append(names, c.String())
	}
	if more := len(r.Missing) - len(names); more > 0 {
		names = append(names, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(names, ", ")
}

// add enters a row in its place, instead of an earlier one of the same case.
func (r *Report) add(row Row) {
	r.Missing = slices.DeleteFunc(r.Missing, func(c Case) bool { return c == row.Case })
	r.Rows = slices.DeleteFunc(r.Rows, func(old Row) bool { return old.Case == row.Case })
	r.Rows = append(r.Rows, row)
	slices.SortStableFunc(r.Rows, inOrder)
	r.sum()
}

// unknownBuild is that of rows from before they had one.
const unknownBuild = "an unknown one"

// mixed says in a sentence which rows another build than this made; empty: none.
// They stand beside rows of a judge that may be another by now.
func (r *Report) mixed() string {
	n, builds := 0, []string{}
	for _, row := range r.Rows {
		if row.Build != r.Build {
			n++
			builds = append(builds, cmp.Or(row.Build, unknownBuild))
		}
	}
	if n == 0 {
		return ""
	}
	slices.Sort(builds)
	return fmt.Sprintf("%s run by another build (%s) and not again by this one, %s; name another file to have all run by it",
		count(n, "case was", "cases were"), strings.Join(slices.Compact(builds), ", "), cmp.Or(r.Build, unknownBuild))
}

// save writes the file whole or not at all.
func (r *Report) save(name string) error {
	if name == "" {
		return nil
	}
	b, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		return fmt.Errorf("%w: %w", ErrFile, err)
	}
	part, err := os.CreateTemp(filepath.Dir(name), filepath.Base(name)+".part*")
	if err != nil {
		return fmt.Errorf("%w: %w", ErrFile, err)
	}
	_, err = part.Write(append(b, '\n'))
	if err = errors.Join(err, part.Close()); err == nil {
		err = os.Rename(part.Name(), name)
	}
	if err != nil {
		_ = os.Remove(part.Name()) // nobody's any more
		return fmt.Errorf("%w: %w", ErrFile, err)
	}
	return nil
}
