package harness

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"
)

// latestName is the link beside the run folders to the newest of them.
const latestName = "latest"

// makeFolder makes the folder of a new run in out: time, then a random part, so
// that folders sort and two runs that begin in one second stay apart.
func makeFolder(out string, now time.Time) (folder, id string, err error) {
	if err := os.MkdirAll(out, 0o755); err != nil {
		return "", "", fmt.Errorf("make runs' folder: %w", err)
	}
	for range 100 {
		id = fmt.Sprintf("%s-%04x", now.UTC().Format("20060102T150405Z"), rand.Uint32()&0xffff)
		folder = filepath.Join(out, id)
		err = os.Mkdir(folder, 0o755)
		if err == nil {
			pointLatest(out, id)
			return folder, id, nil
		}
		if !errors.Is(err, fs.ErrExist) {
			break
		}
	}
	return "", "", fmt.Errorf("make run folder: %w", err)
}

// pointLatest makes the link by renaming: whoever follows it at that moment
// finds the old run or the new one. Where links cannot be made it is left out.
func pointLatest(out, id string) {
	part := filepath.Join(out, "."+latestName+"-"+id)
	if os.Symlink(id, part) != nil {
		return
	}
	if err := os.Rename(part, filepath.Join(out, latestName)); err != nil {
		_ = os.Remove(part) // a folder called latest is in the way: theirs stays
	}
}
