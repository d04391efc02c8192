package browser

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/gofrs/flock"
)

// bring brings a browser to the machine. Only one process does so at a time;
// the others wait, and then find what it brought.
func (s *search) bring(ctx context.Context) (Binary, bool) {
	if on(s.on.getenv("CROSSTALK_NO_INSTALL")) {
		s.note("download and install", "forbidden by CROSSTALK_NO_INSTALL")
		return Binary{}, false
	}
	release, waited, err := s.lock(ctx)
	if err != nil {
		s.note("wait for the lock "+s.on.lockFile, err.Error())
		return Binary{}, false
	}
	defer release()
	if waited {
		s.refused = map[string]bool{} // what was half installed may be whole now
	}
	// It may have been brought since we looked, without our waiting for it.
	if b, ok := s.look(ctx); ok {
		return b, true
	}
	if b, ok := s.downloadOne(ctx); ok {
		return b, true
	}
	return s.install(ctx)
}

// on reports whether a variable is set to something that means yes.
func on(value string) bool {
	return value != "" && value != "0" && value != "false" && value != "no"
}

// lock takes the lock beside which nobody else installs, and says whether it
// had to wait for it.
func (s *search) lock(ctx context.Context) (release func(), waited bool, err error) {
	lock := flock.New(s.on.lockFile)
	free, err := lock.TryLock()
	if err != nil {
		return nil, false, fmt.Errorf("take lock: %w", err)
	}
	if !free {
		s.say("waiting for another crosstalk that is installing a browser")
		ctx, cancel := context.WithTimeout(ctx, s.on.limits.lock)
		defer cancel()
		if _, err := lock.TryLockContext(ctx, 200*time.Millisecond); err != nil {
			return nil, true, fmt.Errorf("another crosstalk holds it: %w", err)
		}
	}
	return func() { _ = lock.Unlock() }, !free, nil
}

// downloadOne lets rod download a browser.
func (s *search) downloadOne(ctx context.Context) (Binary, bool) {
	if ctx.Err() != nil {
		return Binary{}, false
	}
	const what = "rod's download"
	s.say(what + ": trying, for " + s.on.limits.download.String() + " at most")
	ctx, cancel := context.WithTimeout(ctx, s.on.limits.download)
	defer cancel()
	path, err := s.on.download(ctx, s.want.Log)
	if err != nil {
		s.note(what, err.Error())
		return Binary{}, false
	}
	return s.try(ctx, what, path)
}

// manager is a package manager: how it is asked for each package that would
// do, best first.
type manager struct {
	program  string
	asRoot   bool // it wants to be root; brew refuses to be
	update   []string
	install  []string
	packages []string
}

func managers(full bool) []manager {
	apt := []string{"chromium-headless-shell", "chromium"}
	dnf := []string{"chromium-headless", "chromium"}
	if full {
		apt, dnf = apt[1:], dnf[1:]
	}
	return []manager{
		{
			program: "apt-get", asRoot: true, packages: apt,
			update:  []string{"-q", "-o", "DPkg::Lock::Timeout=120", "update"},
			install: []string{"-q", "-y", "-o", "DPkg::Lock::Timeout=120", "install", "--no-install-recommends"},
		},
		{program: "dnf", asRoot: true, packages: dnf, install: []string{"-q", "-y", "install"}},
		{program: "apk", asRoot: true, packages: []string{"chromium"}, install: []string{"add", "--no-cache"}},
		{program: "brew", packages: []string{"google-chrome"}, install: []string{"install", "--cask"}},
	}
}

// install asks the first package manager that is there.
func (s *search) install(ctx context.Context) (Binary, bool) {
	for _, m := range managers(s.want.Full) {
		if _, err := s.on.lookPath(m.program); err != nil || ctx.Err() != nil {
			continue
		}
		prefix, why := s.rights(ctx, m)
		if why != "" {
			s.note(m.program, why)
			continue
		}
		if b, ok := s.installWith(ctx, m, prefix); ok {
			return b, true
		}
	}
	return Binary{}, false
}

// rights is what a manager's command has to begin with here, or why the user
// may not use it.
func (s *search) rights(ctx context.Context, m manager) (prefix []string, why string) {
	switch {
	case !m.asRoot && s.on.root:
		return nil, "does not run as root"
	case !m.asRoot || s.on.root:
		return nil, ""
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	if _, err := s.on.lookPath("sudo"); err != nil {
		return nil, "needs root, and there is no sudo"
	}
	if err := s.on.run(ctx, io.Discard, "sudo", "-n", "true"); err != nil {
		return nil, "needs root, and sudo asks for a password"
	}
	return []string{"sudo", "-n", "env", "DEBIAN_FRONTEND=noninteractive"}, ""
}

// installWith asks for each package in turn, after the manager's lists were
// updated: a fresh machine has none, and those of an image are as old as the
// image and name a browser of that day. Where they can't be updated, an old
// browser is better than none.
func (s *search) installWith(ctx context.Context, m manager, prefix []string) (Binary, bool) {
	if m.update != nil {
		s.command(ctx, s.on.limits.update, prefix, m.program, m.update)
	}
	for _, name := range m.packages {
		if !s.command(ctx, s.on.limits.install, prefix, m.program, append(m.install[:len(m.install):len(m.install)], name)) {
			continue
		}
		if b, ok := s.installed(ctx); ok {
			b.How = m.program + " install " + name
			return b, true
		}
	}
	return Binary{}, false
}

// command runs a package manager, with a deadline, and notes what became of it.
func (s *search) command(ctx context.Context, limit time.Duration, prefix []string, program string, args []string) bool {
	if ctx.Err() != nil {
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	words := append(append(append([]string{}, prefix...), program), args...)
	what := fmt.Sprint(words)
	what = what[1 : len(what)-1]
	s.say(what + ": running, for " + limit.String() + " at most")
	if err := s.on.run(ctx, io.Discard, words[0], words[1:]...); err != nil {
		s.note(what, err.Error())
		return false
	}
	s.note(what, "done")
	return true
}
