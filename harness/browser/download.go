package browser

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/go-rod/rod"
	"github.com/go-rod/rod/lib/proto"

	"crosstalk/harness/history"
	"crosstalk/scenarios"
)

// largestDownload is how much of a downloaded file is recorded, in bytes.
const largestDownload = 32 << 20

// downloads are the files a session was given.
type downloads struct {
	mu    sync.Mutex
	files map[string]*file // by the browser's id
	done  int
	bad   string // why the last one failed
}

type file struct {
	url, name string
	step      int
}

func (d *downloads) begin(id string, f *file) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.files == nil {
		d.files = map[string]*file{}
	}
	d.files[id] = f
}

func (d *downloads) get(id string) *file {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.files[id]
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

// downloadEvent follows the downloads of this session's own pages.
func (s *Session) downloadEvent(m *rod.Message) {
	var begin proto.BrowserDownloadWillBegin
	if load(m, &begin) {
		if s.ownsFrame(begin.FrameID) {
			s.downloads.begin(begin.GUID, &file{url: begin.URL, name: begin.SuggestedFilename, step: s.watch.step()})
		}
		return
	}
	var progress proto.BrowserDownloadProgress
	if !load(m, &progress) {
		return
	}
	f := s.downloads.get(progress.GUID)
	switch {
	case f == nil:
	case progress.State == proto.BrowserDownloadProgressStateCompleted:
		s.spawn(bodyLimit, func(context.Context) { s.downloads.end(s.recordFile(progress.GUID, f)) })
	case progress.State == proto.BrowserDownloadProgressStateCanceled:
		s.downloads.end("it was given up, or broke off")
	}
}

// ownsFrame tells the session's own downloads from those of others: the
// browser tells everybody about all of them. Frames below a page are
// known by their page alone, so the page of the context is asked.
func (s *Session) ownsFrame(id proto.PageFrameID) bool {
	for _, t := range s.pages() {
		if t.frame() == id {
			return true
		}
	}
	return s.watch.knowsFrame(id)
}

// recordFile pours a downloaded file into the sink; its answer is what went
// wrong.
func (s *Session) recordFile(id string, f *file) string {
	if !s.spec.Observe {
		return ""
	}
	x := s.sighting(history.SurfaceDownload, f.url)
	x.Step = f.step
	path := filepath.Join(s.folder, id)
	info, err := os.Stat(path)
	if err != nil || info.Size() > largestDownload {
		x.Body.Unseen = "the file is too large, or the browser did not keep it"
		s.spec.Sink.Sighting(x, nil)
		return ""
	}
	content, err := os.ReadFile(path)
	if err != nil {
		x.Body.Unseen = "the file could not be read"
		s.spec.Sink.Sighting(x, nil)
		return "its file could not be read"
	}
	x.Body.Type = mediaType(http.DetectContentType(content))
	s.spec.Sink.Sighting(x, content)
	return ""
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
