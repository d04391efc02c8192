package browser

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"github.com/go-rod/rod"
	"github.com/go-rod/rod/lib/proto"

	"crosstalk/harness/history"
)

// downloadEvent follows the downloads of this session's own pages.
func (s *Session) downloadEvent(m *rod.Message) {
	var begin proto.BrowserDownloadWillBegin
	if load(m, &begin) {
		s.downloadBegins(&begin)
		return
	}
	var progress proto.BrowserDownloadProgress
	if load(m, &progress) {
		s.downloadGoesOn(&progress)
	}
}

func (s *Session) downloadBegins(e *proto.BrowserDownloadWillBegin) {
	f := &file{url: e.URL, name: e.SuggestedFilename, step: s.watch.step(), viewer: s.turns.now()}
	if !s.ownsFrame(e.FrameID) {
		s.downloads.other(e.GUID, f) // a pop-up may be gone before its file begins
		return
	}
	if s.downloads.begin(e.GUID, f) {
		s.giveUpFile(e.GUID, f, fmt.Sprintf("given up: more than %d files at once, or %d in all", mostAtOnce, mostDownloads))
	}
}

func (s *Session) downloadGoesOn(e *proto.BrowserDownloadProgress) {
	f := s.downloads.get(e.GUID)
	if f == nil {
		f = s.doubtful(e)
	}
	switch {
	case f == nil:
	case e.State == proto.BrowserDownloadProgressStateCompleted && s.downloads.close(f):
		s.spawn(bodyLimit, func(context.Context) { s.downloads.end(s.recordFile(e.GUID, f)) })
	case e.State == proto.BrowserDownloadProgressStateCanceled && s.downloads.close(f):
		s.recordNoFile(f, "it was given up, or broke off")
		s.downloads.end("it was given up, or broke off")
	case max(e.ReceivedBytes, e.TotalBytes) > largestDownload && s.downloads.close(f):
		s.giveUpFile(e.GUID, f, "given up: larger than 32 MB")
		s.downloads.end("")
	}
}

// doubtful answers a file whose frame was not known when it has come and
// stands in this session's folder: then it is this session's.
func (s *Session) doubtful(e *proto.BrowserDownloadProgress) *file {
	if e.State == proto.BrowserDownloadProgressStateInProgress {
		return nil
	}
	f := s.downloads.settle(e.GUID)
	if f == nil || e.State != proto.BrowserDownloadProgressStateCompleted {
		return nil
	}
	if _, err := os.Stat(filepath.Join(s.folder, e.GUID)); err != nil {
		return nil
	}
	s.downloads.begin(e.GUID, f)
	return f
}

// giveUpFile has the browser end a download, and records that there was one.
func (s *Session) giveUpFile(id string, f *file, reason string) {
	s.recordNoFile(f, reason)
	s.spawn(releaseLimit, func(ctx context.Context) {
		// It may have ended by itself; what came of it goes with the folder.
		_ = s.driver.call(ctx, proto.BrowserCancelDownload{GUID: id, BrowserContextID: s.contextID}, nil)
		_ = os.Remove(filepath.Join(s.folder, id))
	})
}

func (s *Session) recordNoFile(f *file, reason string) {
	if !s.spec.Observe {
		return
	}
	x := s.sighting(history.SurfaceDownload, f.url)
	x.Step, x.Viewer = f.step, f.viewer
	x.Body.Unseen = reason
	s.spec.Sink.Sighting(x, nil)
}

// recordUnfinished records the files that have not come when a session ends.
func (s *Session) recordUnfinished() {
	for _, f := range s.downloads.unfinished() {
		s.recordNoFile(f, "the session ended before it had come")
	}
}

// recordFile pours a downloaded file into the sink and removes it; its answer
// is what went wrong.
func (s *Session) recordFile(id string, f *file) string {
	path := filepath.Join(s.folder, id)
	defer func() { _ = os.Remove(path) }() // the folder goes with the session
	if !s.spec.Observe {
		return ""
	}
	info, err := os.Stat(path)
	if err != nil || info.Size() > largestDownload {
		s.recordNoFile(f, "the file is too large, or the browser did not keep it")
		return ""
	}
	content, err := os.ReadFile(path)
	if err != nil {
		s.recordNoFile(f, "the file could not be read")
		return "its file could not be read"
	}
	x := s.sighting(history.SurfaceDownload, f.url)
	x.Step, x.Viewer = f.step, f.viewer
	x.Body.Type = fileType(f.name, content)
	s.spec.Sink.Sighting(x, content)
	return ""
}

// fileType is a file's media type: by its content, and by its name where that
// says more.
func fileType(name string, content []byte) string {
	kind := mediaType(http.DetectContentType(content))
	if kind != "text/plain" && kind != "application/octet-stream" {
		return kind
	}
	switch strings.ToLower(filepath.Ext(name)) {
	case ".csv":
		return "text/csv"
	case ".json":
		return "application/json"
	case ".xml":
		return "application/xml"
	case ".ics":
		return "text/calendar"
	}
	return kind
}
