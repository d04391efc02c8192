package zoo

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"crosstalk/harness"
)

// Schema is the version of a zoo's file.
const Schema = "crosstalk.zoo/v1"

// Report is what became of a zoo's cases; as JSON it is the zoo's file.
type Report struct {
	Schema      string   `json:"schema"`
	Settings    Settings `json:"settings"`
	Sum         Sum      `json:"sum"` // of the rows
	Rows        []Row    `json:"rows"`
	Interrupted bool     `json:"-"` // cases that were asked for are missing
}

// open begins a report, or goes on with that of the file.
func open(c Config) (Report, error) {
	r := Report{Schema: Schema, Settings: c.Settings, Rows: []Row{}}
	src, err := readFile(c.File)
	if err != nil {
		return r, err
	}
	if src == nil {
		if r.Settings.Seed == 0 {
			r.Settings.Seed = freshSeed()
		}
		return r, r.save(c.File)
	}
	var old Report
	if err := json.Unmarshal(src, &old); err != nil || old.Schema != Schema {
		return r, &harness.ConfigError{Problem: fmt.Sprintf("%s is no zoo's file of this crosstalk's", c.File), Remedy: "name another one"}
	}
	if r.Settings.Seed == 0 {
		r.Settings.Seed = old.Settings.Seed
	}
	if r.Settings != old.Settings {
		return r, &harness.ConfigError{Problem: fmt.Sprintf("%s has rows of other settings: %s, and now %s", c.File, old.Settings, r.Settings), Remedy: "name another file, or give the same"}
	}
	old.sum()
	return old, nil
}

// readFile answers nil for a file that is not there, or empty.
func readFile(name string) ([]byte, error) {
	if name == "" {
		return nil, nil
	}
	src, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(bytes.TrimSpace(src)) == 0 {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read zoo's file: %w", err)
	}
	return src, nil
}

// String says the settings as the command takes them.
func (s Settings) String() string {
	text := fmt.Sprintf("--for %s --customers %d --seed %d", short(s.For), s.Customers, s.Seed)
	if s.Rename != 0 {
		text += fmt.Sprintf(" --rename %d", s.Rename)
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

// missing are the cases that have no row, or one that broke.
func (r *Report) missing(cases []Case) []Case {
	return slices.DeleteFunc(slices.Clone(cases), func(c Case) bool {
		return slices.ContainsFunc(r.Rows, func(row Row) bool { return row.Case == c && row.Error == "" })
	})
}

// add enters a row in its place, instead of an earlier one of the same case.
func (r *Report) add(row Row) {
	r.Rows = slices.DeleteFunc(r.Rows, func(old Row) bool { return old.Case == row.Case })
	r.Rows = append(r.Rows, row)
	slices.SortStableFunc(r.Rows, inOrder)
	r.sum()
}

// save writes the file whole or not at all.
func (r *Report) save(name string) error {
	if name == "" {
		return nil
	}
	b, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		return fmt.Errorf("write zoo's file: %w", err)
	}
	part, err := os.CreateTemp(filepath.Dir(name), filepath.Base(name)+".part*")
	if err != nil {
		return fmt.Errorf("write zoo's file: %w", err)
	}
	_, err = part.Write(append(b, '\n'))
	if err = errors.Join(err, part.Close()); err == nil {
		err = os.Rename(part.Name(), name)
	}
	if err != nil {
		_ = os.Remove(part.Name()) // nobody's any more
		return fmt.Errorf("write zoo's file: %w", err)
	}
	return nil
}
