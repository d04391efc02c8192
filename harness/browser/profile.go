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

// profile is the folder of a browser's user data. A fresh one stands beside a
// lock that we hold, so that the next run can tell a folder in use from one
// that a killed run left behind.
type profile struct {
	dir  string       // what the browser is told
	root string       // removed at the end; empty: the folder is its user's
	lock *flock.Flock // held while in use
}

// newProfile is dir, to be kept, or a fresh folder where dir is empty.
func newProfile(dir string) (*profile, error) {
	if dir != "" {
		abs, err := filepath.Abs(dir) // Chromium hangs on a relative one
		if err != nil {
			return nil, fmt.Errorf("find profile folder: %w", err)
		}
		return &profile{dir: abs}, nil
	}
	sweep(os.TempDir())
	root, err := os.MkdirTemp("", profilePrefix)
	if err != nil {
		return nil, fmt.Errorf("make profile folder: %w", err)
	}
	p := &profile{dir: filepath.Join(root, "data"), root: root, lock: flock.New(filepath.Join(root, "lock"))}
	if _, err := p.lock.TryLock(); err != nil {
		_ = os.RemoveAll(root)
		return nil, fmt.Errorf("lock profile folder: %w", err)
	}
	return p, nil
}

// remove deletes a fresh folder. The browser's last processes may still be
// writing into it while they die, so it is tried until ctx ends.
func (p *profile) remove(ctx context.Context) error {
	if p.root == "" {
		return nil
	}
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
