package browser

import (
	"context"
	"strings"
	"sync"
	"time"

	"github.com/go-rod/rod/lib/proto"

	"crosstalk/scenarios"
)

const (
	// largestDownload is how much of a downloaded file is recorded, in bytes.
	// A larger one is given up.
	largestDownload = 32 << 20
	// mostAtOnce is how many files may be on their way, so that a session
	// keeps no more than about that many times largestDownload on disk.
	mostAtOnce = 8
	// mostDownloads is how many files a session is given in all.
	mostDownloads = 500
)

// downloads are the files a session was given, and those that the browser told
// of without it being known whose they are.
type downloads struct {
	mu     sync.Mutex
	files  map[string]*file // by the browser's id
	others map[string]*file
	open   int // on their way
	done   int
	bad    string // why the last one failed
}

type file struct {
	url, name string
	step      int
	viewer    string // who used the session when it began
	ended     bool   // recorded, or given up
}

// begin notes a file that is on its way, and reports whether it is one too
// many.
func (d *downloads) begin(id string, f *file) (tooMany bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.files == nil {
		d.files = map[string]*file{}
	}
	if tooMany = d.open >= mostAtOnce || len(d.files) >= mostDownloads; tooMany {
		f.ended = true
		d.done++
		if len(d.files) >= mostDownloads {
			return true
		}
	} else {
		d.open++
	}
	d.files[id] = f
	return tooMany
}

// other notes a file that may be another session's. Few are in doubt at once.
func (d *downloads) other(id string, f *file) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.others == nil || len(d.others) > mostDownloads {
		d.others = map[string]*file{}
	}
	d.others[id] = f
}

// settle takes a file out of the doubtful ones.
func (d *downloads) settle(id string) *file {
	d.mu.Lock()
	defer d.mu.Unlock()
	f := d.others[id]
	delete(d.others, id)
	return f
}

func (d *downloads) get(id string) *file {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.files[id]
}

// close takes a file as no longer on its way; false when it was so before.
func (d *downloads) close(f *file) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if f.ended {
		return false
	}
	f.ended = true
	d.open--
	return true
}

// unfinished are the files that are still on their way.
func (d *downloads) unfinished() []*file {
	d.mu.Lock()
	defer d.mu.Unlock()
	var all []*file
	for _, f := range d.files {
		if !f.ended {
			f.ended = true
			all = append(all, f)
		}
	}
	return all
}

func (d *downloads) end(bad string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.done++
	d.bad = bad
}

// state is how many downloads have ended, and how the last one failed.
func (d *downloads) state() (done int, bad string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.done, d.bad
}

// busy reports whether a file is on its way, or being recorded.
func (d *downloads) busy() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.done < len(d.files)
}

// any reports whether anything was downloaded.
func (d *downloads) any() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.files) > 0
}

// began reports whether this address was downloaded.
func (d *downloads) began(address string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, f := range d.files {
		if f.url == address {
			return true
		}
	}
	return false
}

// isDownload reports whether a navigation that the browser ended became a
// download: it takes the answer for itself, sometimes before it says so.
func (f *flight) isDownload() bool {
	h := f.last()
	if f.kind != proto.NetworkResourceTypeDocument || !h.answered {
		return false
	}
	for _, line := range h.x.Headers {
		if strings.EqualFold(line.Name, "content-disposition") && strings.HasPrefix(strings.ToLower(line.Value), "attachment") {
			return true
		}
	}
	switch kind, form, _ := strings.Cut(h.x.Body.Type, "/"); kind {
	case "text", "image", "":
		return false
	default: // pages are shown in these forms too
		return !strings.HasSuffix(form, "xml") && !strings.HasSuffix(form, "json") && !strings.HasSuffix(form, "javascript")
	}
}

// acceptDownloads makes the browser keep downloads in the session's folder.
func (s *Session) acceptDownloads(ctx context.Context) error {
	return s.driver.call(ctx, proto.BrowserSetDownloadBehavior{
		Behavior:         proto.BrowserSetDownloadBehaviorBehaviorAllowAndName,
		BrowserContextID: s.contextID, DownloadPath: s.folder, EventsEnabled: true,
	}, nil)
}

// ownsFrame tells the session's own downloads from those of others: the
// browser tells everybody about all of them.
func (s *Session) ownsFrame(id proto.PageFrameID) bool {
	for _, t := range s.pages() {
		if t.frame() == id {
			return true
		}
	}
	return s.watch.knowsFrame(id)
}

// download clicks and waits until a file has come.
func (s *Session) download(ctx context.Context, l scenarios.Locator) error {
	before, _ := s.downloads.state()
	if err := s.click(ctx, l); err != nil {
		return err
	}
	begun := time.Now()
	for {
		done, bad := s.downloads.state()
		switch {
		case done > before && bad != "":
			return fail("the download did not come: %s", bad)
		case done > before:
			return s.settle(ctx, settleIfBusy)
		}
		if sleep(ctx, lookAgain) != nil {
			return fail("no download came from %s in %s", l, time.Since(begun).Round(time.Second))
		}
	}
}
