package browser

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
)

// profilePrefix begins the names of our folders in the temporary folder.
const profilePrefix = "crosstalk-browser-"

// maxTemp is how long a folder's path may be for a socket two levels below it:
// a socket's path may have some 104 bytes, and Chrome adds 45.
const maxTemp = 58

// profile is where a browser keeps its data: the folder given, or one in a
// fresh root. The root stands beside a lock that we hold, so that the next run
// can tell a root in use from one that a killed run left behind.
type profile struct {
	dir  string       // of user data, as the browser is told
	root string       // removed at the end
	lock *flock.Flock // held while in use
}

// newProfile makes a profile whose user data is in dir, to be kept, or in a
// fresh folder where dir is empty.
func newProfile(dir string) (*profile, error) {
	sweep(os.TempDir())
	root, err := os.MkdirTemp("", profilePrefix)
	if err != nil {
		return nil, fmt.Errorf("make profile folder: %w", err)
	}
	p := &profile{dir: filepath.Join(root, "data"), root: root, lock: flock.New(filepath.Join(root, "lock"))}
	if _, err = p.lock.TryLock(); err == nil && dir != "" {
		p.dir, err = filepath.Abs(dir) // Chromium hangs on a relative one
	}
	if err != nil {
		_ = os.RemoveAll(root)
		return nil, fmt.Errorf("make profile folder: %w", err)
	}
	return p, nil
}

// environment moves the browser's temporary files into the folder that is
// removed: a browser that is killed leaves a folder for its singleton's socket
// behind, and what memory it was about to share. A headless shell has no such
// socket; where the path would be too long for that of any other, it is left as
// it is.
func (p *profile) environment(shell bool) []string {
	temp := filepath.Join(p.root, "t")
	if len(temp) > maxTemp && !shell || os.MkdirAll(temp, 0o700) != nil {
		return nil
	}
	return []string{"TMPDIR=" + temp}
}

// remove deletes the root. The browser's last processes may still be
// writing into it while they die, so it is tried until ctx ends.
func (p *profile) remove(ctx context.Context) error {
	_ = p.lock.Unlock()
	for {
		err := os.RemoveAll(p.root)
		if err == nil {
			return nil
		}
		if sleep(ctx, 50*time.Millisecond) != nil {
			return fmt.Errorf("remove profile folder: %w", err)
		}
	}
}

// sweep removes folders that killed runs left behind. A young folder is left
// alone: its owner may be about to lock it.
func sweep(parent string) {
	old, _ := filepath.Glob(filepath.Join(parent, profilePrefix+"*"))
	for _, root := range old {
		info, err := os.Lstat(root)
		if err != nil || !info.IsDir() || time.Since(info.ModTime()) < time.Minute {
			continue
		}
		lock := flock.New(filepath.Join(root, "lock"))
		if free, err := lock.TryLock(); err == nil && free {
			_ = lock.Unlock()
			_ = os.RemoveAll(root)
		}
	}
}
