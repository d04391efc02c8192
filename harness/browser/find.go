package browser

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Binary is a browser that was found.
type Binary struct {
	Path    string // of the program itself, never a wrapper; or a ws:// address
	Product string // what it says it is: "Chromium 156.0.8078.79"; empty for an address
	How     string // how it was found, for people
}

// Want says which browser is wanted. The zero value is any, a headless shell
// rather than a full browser.
type Want struct {
	Path string    // a program, or a ws:// or http:// address; empty: $CROSSTALK_BROWSER, else what can be found
	Full bool      // a full browser: with windows and a back/forward cache
	Log  io.Writer // gets a line for each attempt; nil: nobody
}

// Attempt is one way to come by a browser that was tried, and what became of it.
type Attempt struct {
	What    string
	Outcome string
}

// NotFoundError says that no browser is to be had: what was tried, and what
// the person can do.
type NotFoundError struct {
	Attempts []Attempt
	Next     string
}

// Error is several lines: the attempts in their order, then the next step.
func (e *NotFoundError) Error() string {
	var b strings.Builder
	b.WriteString("no browser to be had")
	for _, a := range e.Attempts {
		fmt.Fprintf(&b, "\n  %s: %s", a.What, strings.ReplaceAll(a.Outcome, "\n", "\n    "))
	}
	b.WriteString("\nnext step: " + e.Next)
	return b.String()
}

// Provide finds a browser, or brings one to the machine. It looks, in this
// order, at the one that was asked for, at installed ones, at rod's earlier
// download, then lets rod download one and asks the system's package manager.
// A browser that was asked for is never replaced by another. Every attempt has
// a deadline. The error is a *NotFoundError, or ctx's when it was interrupted.
func Provide(ctx context.Context, w Want) (Binary, error) {
	return newSearch(w, thisMachine()).provide(ctx)
}

// search is one call of Provide.
type search struct {
	want     Want
	on       machine
	attempts []Attempt
	refused  map[string]bool // programs that were found and did not work
}

func newSearch(w Want, m machine) *search {
	if w.Path == "" {
		w.Path = m.getenv("CROSSTALK_BROWSER")
	}
	if w.Log == nil {
		w.Log = io.Discard
	}
	return &search{want: w, on: m, refused: map[string]bool{}}
}

func (s *search) provide(ctx context.Context) (Binary, error) {
	if s.want.Path != "" {
		return s.given(ctx)
	}
	if b, ok := s.look(ctx); ok {
		return b, nil
	}
	b, ok := s.bring(ctx)
	switch {
	case ok:
		return b, nil
	case ctx.Err() != nil:
		return Binary{}, fmt.Errorf("provide browser: %w", ctx.Err())
	}
	return Binary{}, &NotFoundError{Attempts: s.attempts, Next: s.next()}
}

// note keeps and prints what became of an attempt.
func (s *search) note(what, outcome string) {
	a := Attempt{What: what, Outcome: outcome}
	if slices.Contains(s.attempts, a) {
		return // looked again, found the same
	}
	s.attempts = append(s.attempts, a)
	s.say(what + ": " + outcome)
}

func (s *search) say(line string) { _, _ = fmt.Fprintln(s.want.Log, "browser: "+line) }

// given is the browser that was asked for by name.
func (s *search) given(ctx context.Context) (Binary, error) {
	if isAddress(s.want.Path) {
		return Binary{Path: s.want.Path, How: "address given"}, nil
	}
	what := "given: " + s.want.Path
	path, err := s.on.lookPath(s.want.Path)
	if err != nil {
		s.note(what, "not a program: "+err.Error())
	} else if b, ok := s.try(ctx, what, path); ok {
		b.How = "given"
		return b, nil
	}
	return Binary{}, &NotFoundError{
		Attempts: s.attempts,
		Next:     "correct --browser (or CROSSTALK_BROWSER), or leave it out and crosstalk looks for one",
	}
}

// look looks at what the machine has already.
func (s *search) look(ctx context.Context) (Binary, bool) {
	if b, ok := s.installed(ctx); ok {
		return b, true
	}
	if path := s.on.downloaded(); path != "" {
		if b, ok := s.try(ctx, "rod's earlier download", path); ok {
			return b, true
		}
	}
	return Binary{}, false
}

// installed is the first installed browser that works.
func (s *search) installed(ctx context.Context) (Binary, bool) {
	found := false
	for _, name := range candidates(s.on.goos, s.want.Full) {
		path, err := s.on.lookPath(name)
		if err != nil {
			continue
		}
		found = true
		if b, ok := s.try(ctx, "installed: "+name, path); ok {
			return b, true
		}
	}
	if !found {
		kind := "headless shell, Chrome, Chromium or Edge"
		if s.want.Full {
			kind = "Chrome, Chromium or Edge"
		}
		s.note("installed browser", "no "+kind)
	}
	return Binary{}, false
}

// versionLimit is how long a browser may take to say its version.
const versionLimit = 20 * time.Second

// try asks a program what it is. One that can't even say that, for want of a
// library or because it is no browser, is passed over.
func (s *search) try(ctx context.Context, what, path string) (Binary, bool) {
	path = s.unwrapped(path)
	if s.refused[path] {
		return Binary{}, false
	}
	ctx, cancel := context.WithTimeout(ctx, versionLimit)
	defer cancel()
	product, err := s.on.version(ctx, path)
	if err != nil {
		s.refused[path] = true
		s.note(what, err.Error())
		return Binary{}, false
	}
	b := Binary{Path: path, Product: product, How: what}
	s.say(fmt.Sprintf("%s: %s at %s", what, product, path))
	return b, true
}

// unwrapped is the program that a distribution's wrapper script starts:
// Debian's do not exec, so killing the script would leave the browser.
func (s *search) unwrapped(path string) string {
	if !s.on.isScript(path) {
		return path
	}
	name := filepath.Base(path)
	for _, dir := range []string{"/usr/lib/chromium", "/usr/lib64/chromium", "/usr/lib/chromium-browser", "/usr/lib64/chromium-browser"} {
		if p, err := s.on.lookPath(dir + "/" + name); err == nil && !s.on.isScript(p) {
			return p
		}
	}
	return path
}

// candidates are the names of browsers, best first. A name with a slash is a
// path, the rest are looked for in PATH.
func candidates(goos string, full bool) []string {
	shells := []string{
		"/usr/lib/chromium/chromium-headless-shell",
		"chrome-headless-shell", "chromium-headless-shell",
		"/usr/lib64/chromium-browser/headless_shell", "headless_shell", "headless-shell",
	}
	browsers := map[string][]string{
		"darwin": {
			"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
			"/Applications/Chromium.app/Contents/MacOS/Chromium",
			"/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
			"chromium",
		},
		"windows": {
			`C:\Program Files\Google\Chrome\Application\chrome.exe`,
			`C:\Program Files (x86)\Google\Chrome\Application\chrome.exe`,
			`C:\Program Files\Chromium\Application\chrome.exe`,
			`C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe`,
			"chrome", "msedge",
		},
	}[goos]
	if browsers == nil {
		browsers = []string{
			"google-chrome-stable", "google-chrome", "chrome",
			"/usr/lib/chromium/chromium", "chromium", "chromium-browser",
			"microsoft-edge-stable", "microsoft-edge",
			"/snap/bin/chromium", // last: a snap sees a temporary folder of its own
		}
	}
	if full {
		return browsers
	}
	return append(shells, browsers...)
}

// next is what a person can do when nothing was to be had.
func (s *search) next() string {
	how := map[string]string{
		"darwin":  "install Google Chrome (brew install --cask google-chrome)",
		"windows": "install Google Chrome",
	}[s.on.goos]
	if how == "" {
		how = "install Chromium (Debian and Ubuntu: apt-get install chromium-headless-shell or chromium; Fedora: dnf install chromium-headless; Alpine: apk add chromium)"
	}
	return how + ", or name a browser with --browser PATH or --browser ws://HOST:PORT"
}
