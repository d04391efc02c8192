package history

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/gofrs/flock"
)

// Names within a history folder.
const (
	eventsFile = "events.ndjson"
	blobsDir   = "blobs"
)

// Journal writes a history to disk: a line for each event, in one write, so
// that a kill at any moment loses at most the line being written. Bodies are
// stored before the events that refer to them. It is safe for concurrent use.
type Journal struct {
	blobs   *blobs
	secrets *Secrets
	began   time.Time
	lock    *flock.Flock

	mu   sync.Mutex
	file *os.File
	seq  int64
	err  error
}

// Create makes the history folder dir (mode 0700: pages of a staging shop may
// hold real people's data) and begins its journal.
func Create(dir string, secrets *Secrets) (*Journal, error) {
	if err := os.MkdirAll(filepath.Join(dir, blobsDir), 0o700); err != nil {
		return nil, fmt.Errorf("create history: %w", err)
	}
	lock, err := lockJournal(dir)
	if err != nil {
		return nil, err
	}
	file, err := os.OpenFile(filepath.Join(dir, eventsFile), os.O_WRONLY|os.O_CREATE|os.O_EXCL|os.O_APPEND, 0o600)
	if err != nil {
		return nil, fmt.Errorf("create journal: %w", err)
	}
	store, err := newBlobs(filepath.Join(dir, blobsDir))
	if err != nil {
		return nil, err
	}
	return &Journal{blobs: store, secrets: secrets, began: time.Now(), lock: lock, file: file}, nil
}

// Now is the run's clock.
func (j *Journal) Now() Moment { return Moment(time.Since(j.began).Microseconds()) }

// Began is the wall-clock time of moment zero.
func (j *Journal) Began() time.Time { return j.began }

// Append writes one event; Seq and At are filled in. After the first error
// (a full disk) it answers that error for ever: a history with a hole in it
// must not be judged as if it were whole.
func (j *Journal) Append(e Event) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.err != nil {
		return j.err
	}
	j.seq++
	e.Seq, e.At = j.seq, j.Now()
	line, err := json.Marshal(e)
	if err != nil {
		j.err = fmt.Errorf("write journal: %w", err)
		return j.err
	}
	if _, err := j.file.Write(append(j.secrets.Hide(line), '\n')); err != nil {
		j.err = fmt.Errorf("write journal: %w", err)
	}
	return j.err
}

// Put stores bytes, with the secrets in them hidden, and answers what refers
// to them. Nothing is stored for no bytes.
func (j *Journal) Put(b []byte, mediaType string) (Body, error) {
	if len(b) == 0 {
		return Body{Type: mediaType}, nil
	}
	b = j.secrets.Hide(b)
	hash, err := j.blobs.put(b)
	if err != nil {
		j.mu.Lock()
		defer j.mu.Unlock()
		if j.err == nil {
			j.err = err
		}
		return Body{}, err
	}
	return Body{Hash: hash, Size: int64(len(b)), Type: mediaType}, nil
}

// Seq is the number of events written so far.
func (j *Journal) Seq() int64 {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.seq
}

// Err is the first error that writing met.
func (j *Journal) Err() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.err
}

// Close ends the journal.
func (j *Journal) Close() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if err := errors.Join(j.file.Close(), j.lock.Unlock()); err != nil {
		return fmt.Errorf("close journal: %w", err)
	}
	return nil
}
