package leak_test

import (
	"bytes"
	"hash/fnv"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// corpusFile is a text that somebody else wrote.
type corpusFile struct {
	path, mediaType string
	size            int64
}

const (
	corpusLargest = 8 << 20  // bytes of a file that is read
	corpusSample  = 20 << 20 // bytes that are read by default
)

// corpusFiles are the files to be searched: all of CROSSTALK_CORPUS, else a
// sample of what every machine that builds this has.
func corpusFiles(t *testing.T) []corpusFile {
	t.Helper()
	if dirs := os.Getenv("CROSSTALK_CORPUS"); dirs != "" {
		var all []corpusFile
		for _, dir := range filepath.SplitList(dirs) {
			all = append(all, corpusWalk(t, dir)...)
		}
		return all
	}
	var all []corpusFile
	for _, name := range []string{"GOROOT", "GOMODCACHE"} {
		out, err := exec.CommandContext(t.Context(), "go", "env", name).Output()
		require.NoError(t, err)
		all = append(all, corpusWalk(t, strings.TrimSpace(string(out)))...)
	}
	return corpusPart(all)
}

// corpusPart takes files by a hash of their names until the sample is full.
func corpusPart(all []corpusFile) []corpusFile {
	total := int64(0)
	for _, f := range all {
		total += f.size
	}
	var part []corpusFile
	for _, f := range all {
		h := fnv.New32a()
		_, _ = h.Write([]byte(filepath.Base(filepath.Dir(f.path)) + "/" + filepath.Base(f.path)))
		if int64(h.Sum32()%10_000)*total < 10_000*corpusSample {
			part = append(part, f)
		}
	}
	return part
}

func corpusWalk(t *testing.T, dir string) []corpusFile {
	t.Helper()
	var all []corpusFile
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() {
			return nil //nolint:nilerr // what cannot be read is not part of it
		}
		info, err := e.Info()
		if err != nil || info.Size() == 0 || info.Size() > corpusLargest {
			return nil //nolint:nilerr // likewise
		}
		all = append(all, corpusFile{path, corpusType(path), info.Size()})
		return nil
	})
	require.NoError(t, err)
	return all
}

// corpusType is the media type that a server would give a file.
func corpusType(path string) string {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".html", ".htm", ".xhtml":
		return "text/html; charset=utf-8"
	case ".json", ".map", ".webmanifest":
		return "application/json"
	case ".js", ".mjs", ".cjs":
		return "application/javascript"
	case ".xml", ".svg":
		return "application/xml"
	case ".css":
		return "text/css"
	case ".csv":
		return "text/csv"
	case ".eml", ".mbox":
		return "message/rfc822"
	case ".gz", ".tgz":
		return "application/gzip"
	case ".pdf":
		return "application/pdf"
	}
	return "text/plain"
}

// isText says whether a file is one of those that people or programs read as
// text, or one that we open.
func (f corpusFile) isText(body []byte) bool {
	if f.mediaType == "application/pdf" {
		return true
	}
	return bytes.IndexByte(body[:min(len(body), 8<<10)], 0) < 0
}
