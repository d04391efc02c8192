package harness

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"

	"crosstalk/harness/history"
)

// memory is the file in which runs leave what their customers owned, so that a
// later run knows an old customer's data when it is shown some: a copy that
// outlived its run sits in a cache.
type memory struct {
	path    string
	secrets *history.Secrets // that must not reach a file
}

// memoryName is the file's name in the runs' folder.
const memoryName = "seeds.ndjson"

// memorySchema is the version of its lines.
const memorySchema = "crosstalk.seeds/v1"

// What is kept: a copy older than this is in no cache that anybody means to
// have, and every run searches for all of it.
const (
	rememberedRuns = 100
	rememberedTime = 90 * 24 * time.Hour
	rememberedMost = 64 // values of one customer
)

// memoryTurn is how long a run waits for another that writes to the same file.
const memoryTurn = 10 * time.Second

// remembered is one line: a run, or more of what its customers came to own. A
// line may be written by hand, with seed and customers alone.
type remembered struct {
	Schema    string    `json:"schema,omitempty"`
	Run       string    `json:"run,omitempty"`
	Target    string    `json:"target,omitempty"`
	Scenario  string    `json:"scenario,omitempty"`
	Started   time.Time `json:"started,omitzero"`
	Seed      uint64    `json:"seed"`
	Customers int       `json:"customers"`
	Owned     []owned   `json:"owned,omitempty"`
}

// owned is what one customer of a run owned.
type owned struct {
	Customer string                 `json:"customer"`
	Values   []history.EarlierValue `json:"values"`
}

// read gives back the lines, those of one run as one. The last may have been
// cut by a kill; anything else that is no line of ours is an error.
func (m memory) read() ([]remembered, error) {
	content, err := os.ReadFile(m.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, &ConfigError{fmt.Sprintf("read remembered seeds: %v", err), "name another file with --seeds"}
	}
	var all []remembered
	at := map[string]int{}
	lines := bytes.Split(content, []byte("\n"))
	for i, line := range lines {
		if line = bytes.TrimSpace(line); len(line) == 0 {
			continue
		}
		var r remembered
		if err := strictly(line, &r); err != nil {
			if i == len(lines)-1 {
				break // it was being written when its run was killed
			}
			return nil, &ConfigError{fmt.Sprintf("%s:%d: no line of remembered seeds: %v", m.path, i+1, err), "correct the line or remove it"}
		}
		if k, known := at[r.Run]; known && r.Run != "" {
			all[k].Owned = append(all[k].Owned, r.Owned...)
			continue
		}
		at[r.Run] = len(all)
		all = append(all, r)
	}
	return all, nil
}

func strictly(line []byte, r *remembered) error {
	decoder := json.NewDecoder(bytes.NewReader(line))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(r); err != nil {
		return err
	}
	switch {
	case r.Schema != "" && r.Schema != memorySchema:
		return fmt.Errorf("its schema is %q, this version knows %q", r.Schema, memorySchema)
	case r.Run == "" && r.Customers < 1, r.Customers < 0:
		return errors.New("it needs a seed and a number of customers")
	}
	return nil
}

// newest leaves out what is too old or too much.
func newest(all []remembered, now time.Time) []remembered {
	var kept []remembered
	for _, r := range all {
		if r.Started.IsZero() || now.Sub(r.Started) <= rememberedTime {
			kept = append(kept, r)
		}
	}
	return kept[max(0, len(kept)-rememberedRuns):]
}

// add appends a line, after other runs that are writing, and drops the oldest
// lines when there are twice as many as are of use.
func (m memory) add(r remembered) error {
	r.Schema = memorySchema
	line, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("remember seeds: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(m.path), 0o755); err != nil {
		return fmt.Errorf("remember seeds: %w", err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), memoryTurn)
	defer cancel()
	lock := flock.New(m.path + ".lock")
	if _, err := lock.TryLockContext(ctx, 50*time.Millisecond); err != nil {
		return fmt.Errorf("wait for another run that writes %s: %w", m.path, err)
	}
	defer func() { _ = lock.Unlock() }()
	if err := m.append(m.secrets.Hide(line)); err != nil {
		return fmt.Errorf("remember seeds: %w", err)
	}
	return m.shorten(time.Now())
}

// append writes one whole line. What a killed run left of its last is ended
// first, or it would swallow ours.
func (m memory) append(line []byte) error {
	file, err := os.OpenFile(m.path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	kept, err := wholeLines(file)
	if err == nil {
		err = file.Truncate(kept)
	}
	if err == nil {
		_, err = file.WriteAt(append(line, '\n'), kept)
	}
	return errors.Join(err, file.Close())
}

// wholeLines is how many bytes of a file are whole lines, or a last line that
// only lacks its end and is made whole.
func wholeLines(file *os.File) (int64, error) {
	kept := int64(0)
	for r := bufio.NewReader(file); ; {
		line, err := r.ReadBytes('\n')
		switch {
		case err == nil:
			kept += int64(len(line))
		case len(line) > 0 && json.Valid(line): // an editor that ends files without a newline
			kept += int64(len(line))
			_, err := file.WriteAt([]byte("\n"), kept)
			return kept + 1, err
		case errors.Is(err, io.EOF):
			return kept, nil
		default: // what could not be read is not to be cut off
			return kept, err
		}
	}
}

// shorten rewrites a file that holds twice what is of use.
func (m memory) shorten(now time.Time) error {
	all, err := m.read()
	if err != nil || len(all) <= 2*rememberedRuns {
		return err
	}
	var content bytes.Buffer
	encoder := json.NewEncoder(&content)
	for _, r := range newest(all, now) {
		if err := encoder.Encode(r); err != nil {
			return fmt.Errorf("remember seeds: %w", err)
		}
	}
	part := m.path + ".part"
	if err := os.WriteFile(part, content.Bytes(), 0o600); err != nil {
		return fmt.Errorf("remember seeds: %w", err)
	}
	if err := os.Rename(part, m.path); err != nil {
		return fmt.Errorf("remember seeds: %w", err)
	}
	return nil
}
