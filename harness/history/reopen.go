package history

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
)

// ErrInUse is in the error for a journal that a living process writes to.
var ErrInUse = errors.New("the run is still under way")

// lockName is the file whose lock a journal's writer holds. The system lets it
// go when the process dies, however it dies: it tells a killed run from one
// that is under way, which a process number could not.
const lockName = "lock"

func lockJournal(dir string) (*flock.Flock, error) {
	lock := flock.New(filepath.Join(dir, lockName))
	got, err := lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock journal: %w", err)
	}
	if !got {
		return nil, fmt.Errorf("lock journal: %w", ErrInUse)
	}
	return lock, nil
}

// Reopen goes on with the journal of a killed run. A last line that is not
// whole is removed first; the clock goes on from the last event.
func Reopen(dir string, secrets *Secrets) (*Journal, error) {
	lock, err := lockJournal(dir)
	if err != nil {
		return nil, err
	}
	j, err := reopen(dir, secrets)
	if err != nil {
		return nil, errors.Join(err, lock.Unlock())
	}
	j.lock = lock
	return j, nil
}

func reopen(dir string, secrets *Secrets) (*Journal, error) {
	file, err := os.OpenFile(filepath.Join(dir, eventsFile), os.O_RDWR|os.O_APPEND, 0o600)
	if err != nil {
		return nil, fmt.Errorf("reopen journal: %w", err)
	}
	whole, last, err := lastWhole(file)
	if err == nil {
		err = file.Truncate(whole)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("reopen journal: %w", err), file.Close())
	}
	store, err := newBlobs(filepath.Join(dir, blobsDir))
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	began := time.Now().Add(-time.Duration(last.At) * time.Microsecond)
	return &Journal{blobs: store, secrets: secrets, began: began, file: file, seq: last.Seq}, nil
}

// lastWhole is the length of the journal's whole lines, and the last of them.
func lastWhole(file io.Reader) (int64, Event, error) {
	var size int64
	var last []byte
	r := bufio.NewReaderSize(file, 1<<16)
	for {
		line, err := r.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return 0, Event{}, err
		}
		size += int64(len(line))
		last = line
	}
	var e Event
	if len(bytes.TrimSpace(last)) == 0 {
		return size, e, nil
	}
	return size, e, json.Unmarshal(last, &e)
}
