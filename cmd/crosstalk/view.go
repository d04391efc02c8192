package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"golang.org/x/term"

	"crosstalk/harness"
)

// view shows how far a run is: one line that is redrawn on a terminal, a line
// for each phase in a pipe. It is an io.Writer for whatever else is said
// meanwhile, so that lines never mix. It is safe for concurrent use.
type view struct {
	out    io.Writer
	live   bool
	color  bool
	prefix string // before every line

	mu     sync.Mutex
	last   harness.Progress
	drawn  bool
	said   time.Time // when a pipe was last told
	stop   chan struct{}
	ticker sync.WaitGroup
}

const (
	redraw    = 250 * time.Millisecond
	pipeEvery = 15 * time.Second // a CI log must show that we live, and not be flooded
	barWidth  = 20
)

func newView(w io.Writer) *view {
	v := &view{out: w, live: isTerminal(w) && os.Getenv("CI") == "", color: colorful(w), stop: make(chan struct{})}
	if v.live {
		v.ticker.Go(v.tick)
	}
	return v
}

// tick redraws, so that the clock goes on while nothing else does.
func (v *view) tick() {
	t := time.NewTicker(redraw)
	defer t.Stop()
	for {
		select {
		case <-t.C:
			v.mu.Lock()
			if v.drawn {
				v.last.Elapsed += redraw
				v.draw()
			}
			v.mu.Unlock()
		case <-v.stop:
			return
		}
	}
}

// close ends the redrawing and leaves the terminal's line empty.
func (v *view) close() {
	close(v.stop)
	v.ticker.Wait()
	v.mu.Lock()
	defer v.mu.Unlock()
	v.wipe()
}

// Write prints whole lines above the live one.
func (v *view) Write(p []byte) (int, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.wipe()
	return v.out.Write(p)
}

func (v *view) progress(p harness.Progress) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if p.Line != "" {
		v.wipe()
		fmt.Fprintf(v.out, "%s%s\n", v.prefix, p.Line)
		return
	}
	before := v.last
	v.last = p
	switch {
	case v.live:
		v.draw()
	case p.Phase != before.Phase || p.Round != before.Round || p.Foreign > 0 && before.Foreign == 0 || time.Since(v.said) > pipeEvery:
		v.said = time.Now()
		fmt.Fprintf(v.out, "%s%s\n", v.prefix, strings.TrimRight(status(p), " "))
	}
}

// status is one line about a run, at most 100 columns.
func status(p harness.Progress) string {
	phase := p.Phase
	if p.Round > 0 {
		phase = fmt.Sprintf("%s %d", p.Phase, p.Round)
	}
	line := fmt.Sprintf("%5s  %-13s %3d walks  %5d exchanges  %5d sightings", clock(p.Elapsed), phase, p.Walks, p.Exchanges, p.Sightings)
	if p.Failed > 0 {
		line += fmt.Sprintf("  %d failed", p.Failed)
	}
	if p.Lost > 0 {
		line += fmt.Sprintf("  %d lost", p.Lost)
	}
	if p.Foreign > 0 {
		line += fmt.Sprintf("  %d FOREIGN", p.Foreign)
	}
	return line
}

func clock(d time.Duration) string {
	s := int(d.Seconds())
	return fmt.Sprintf("%d:%02d", s/60, s%60)
}

// draw redraws the live line.
func (v *view) draw() {
	line := v.prefix + bar(v.last) + status(v.last)
	if width, _, err := term.GetSize(fd(v.out)); err == nil && width > 0 && len([]rune(line)) >= width {
		line = string([]rune(line)[:width-1])
	}
	if v.color && v.last.Foreign > 0 {
		line = "\x1b[31m" + line + "\x1b[0m"
	}
	fmt.Fprintf(v.out, "\r\x1b[K%s", line)
	v.drawn = true
}

func fd(w io.Writer) int {
	if f, ok := w.(*os.File); ok {
		return int(f.Fd())
	}
	return -1
}

func bar(p harness.Progress) string {
	if p.Total <= 0 {
		return ""
	}
	done := min(barWidth, int(int64(barWidth)*int64(p.Elapsed)/int64(p.Total)))
	return "▕" + strings.Repeat("█", done) + strings.Repeat("·", barWidth-done) + "▏"
}

func (v *view) wipe() {
	if v.drawn {
		fmt.Fprint(v.out, "\r\x1b[K")
		v.drawn = false
	}
}
