package history

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"

	"github.com/klauspost/compress/zstd"
)

// Folder is a history on disk, opened for reading. It is safe for concurrent
// use, also while the run still writes to it.
type Folder struct {
	dir     string
	decoder *zstd.Decoder
}

// Open opens the history in dir, or in dir's folder "history".
func Open(dir string) (*Folder, error) {
	if _, err := os.Stat(filepath.Join(dir, "history", eventsFile)); err == nil {
		dir = filepath.Join(dir, "history")
	}
	if _, err := os.Stat(filepath.Join(dir, eventsFile)); err != nil {
		return nil, fmt.Errorf("open history: no journal in %s: %w", dir, err)
	}
	decoder, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(0), zstd.WithDecoderMaxMemory(maxBody))
	if err != nil {
		return nil, fmt.Errorf("open history: %w", err)
	}
	return &Folder{dir: dir, decoder: decoder}, nil
}

// Events are the journal's lines in the order of writing, read as they are
// asked for. A last line that is not whole ends them silently: a killed run
// leaves one. A damaged line before the last is an error.
func (f *Folder) Events() iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		file, err := os.Open(filepath.Join(f.dir, eventsFile))
		if err != nil {
			yield(Event{}, fmt.Errorf("read journal: %w", err))
			return
		}
		defer func() { _ = file.Close() }() // opened for reading: nothing can be lost
		decodeLines(bufio.NewReaderSize(file, 1<<16), yield)
	}
}

func decodeLines(r *bufio.Reader, yield func(Event, error) bool) {
	for number := 1; ; number++ {
		line, err := r.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return // what stands there without a line end was being written
		}
		if err != nil {
			yield(Event{}, fmt.Errorf("read journal: %w", err))
			return
		}
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		var e Event
		if err := json.Unmarshal(line, &e); err != nil {
			yield(Event{}, fmt.Errorf("read journal: line %d: %w", number, err))
			return
		}
		if !yield(e, nil) {
			return
		}
	}
}

// Body answers the bytes with this hash, or an error with ErrNoBody.
func (f *Folder) Body(hash string) ([]byte, error) {
	return readBlob(filepath.Join(f.dir, blobsDir), hash, f.decoder)
}

// Header answers the journal's first record, the run.
func (f *Folder) Header() (Run, error) {
	for e, err := range f.Events() {
		if err != nil {
			return Run{}, err
		}
		if e.Run == nil {
			break
		}
		if e.Run.Schema != SchemaVersion {
			return Run{}, fmt.Errorf("read journal: written as %q; this crosstalk reads %q", e.Run.Schema, SchemaVersion)
		}
		return *e.Run, nil
	}
	return Run{}, fmt.Errorf("read journal: %w: it does not begin with a run", fs.ErrInvalid)
}
