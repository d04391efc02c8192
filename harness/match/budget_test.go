package match_test

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"crosstalk/harness/match"
)

// randomBytes are the same for the same seed.
func randomBytes(n int, seed uint64) []byte {
	r, b := rand.NewChaCha8([32]byte{byte(seed)}), make([]byte, n)
	_, _ = r.Read(b)
	return b
}

// gzipBomb is at least n bytes long and a thousand times as long when opened.
func gzipBomb(t testing.TB, n int) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	require.NoError(t, err)
	_, err = w.Write(make([]byte, 10<<20))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	// A file of several parts is one file.
	return bytes.Repeat(b.Bytes(), 1+n/b.Len())
}

func zstdBomb(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := zstd.NewWriter(&b, zstd.WithWindowSize(512<<20), zstd.WithEncoderConcurrency(1))
	require.NoError(t, err)
	for range 64 {
		_, err = w.Write(make([]byte, 1<<20))
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	return b.Bytes()
}

func archiveOf(t testing.TB, files int, content []byte) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := range files {
		f, err := w.Create(fmt.Sprint(i))
		require.NoError(t, err)
		_, err = f.Write(content)
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	return b.String()
}

func nested(times, size int) string {
	s := strings.Repeat("some text, ", size/11)
	for range times {
		s = base64.StdEncoding.EncodeToString([]byte(s))
	}
	return s
}

// bundle is a script with source maps in it, of about n bytes.
func bundle(n int) string {
	b := &strings.Builder{}
	for i := 0; b.Len() < n; i++ {
		code := fmt.Sprintf("function getElementBoundary%d(e,t){return e.offsetWidth<t?Math.max(e.length,%d):null}\n", i, i)
		b.WriteString(strings.Repeat(code, 20))
		b.WriteString("//# sourceMappingURL=data:application/json;base64," + b64(`{"version":3,"sources":["webpack:///./src/a.js"],"mappings":"`+strings.Repeat(code, 15)+`"}`) + "\n")
	}
	return b.String()
}

func TestBodiesMadeToCostMuchCostLittle(t *testing.T) {
	hidden := "Zoë Trembaczyk"
	for _, c := range []struct {
		what, mediaType string
		body            []byte
		reason          string // "" when everything is opened
	}{
		{"a gzip bomb of 10 MB when opened", "application/json", gzipBomb(t, 1), "gzip too large"},
		{"a gzip bomb of 10 MB", "text/html", gzipBomb(t, 10<<20), "gzip too large"},
		{"a zstd bomb with a huge window", "text/html", zstdBomb(t), "zstd too large"},
		{"a bomb in base64", "text/plain", []byte(base64.StdEncoding.EncodeToString(gzipBomb(t, 1))), "gzip too large"},
		{"a bomb of bombs", "text/plain", []byte(gz(string(gzipBomb(t, 1<<18)))), "gzip too large"},
		{"an archive of bombs", "application/zip", []byte(archiveOf(t, 200, make([]byte, 10<<20))), "zip too large"},
		{"an archive of very many files", "application/zip", []byte(archiveOf(t, 30_000, nil)), "zip too many"},
		{"a broken archive", "application/zip", []byte(zipped("a", hidden)[:60]), "zip broken"},
		{"base64 six times", "text/plain", []byte(nested(6, 64<<10)), "base64 too deep"},
		{"base64 of 12 MB", "text/plain", []byte(nested(1, 12<<20)), "base64 too large"},
		{"a bundle with source maps", "text/javascript", []byte(bundle(5 << 20)), ""},
		{"many islands", "text/plain", []byte(strings.Repeat(b64("some text of nobody")+" ", 1<<16)), "base64 too many"},
		{"many tokens", "text/plain", []byte(manyTokens(1 << 15)), ""},
		{"random bytes in base64", "text/plain", []byte(base64.StdEncoding.EncodeToString(randomBytes(3<<20, 1))), ""},
		{"random bytes in hexadecimal", "text/plain", []byte(fmt.Sprintf("%x", randomBytes(1<<20, 2))), ""},
		{"equals signs", "text/plain", []byte(strings.Repeat("=\n", 1<<20)), ""},
		{"short lines", "text/plain", []byte(strings.Repeat(strings.Repeat("QUJD", 16)+"\n", 1<<14)), ""},
		{"broken gzip", "text/plain", []byte(gz(hidden)[:14]), "gzip broken"},
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		start := time.Now()
		r := match.Read(c.mediaType, c.body)
		took := time.Since(start)
		runtime.ReadMemStats(&after)
		t.Logf("%-34s %9d bytes %8.1f ms %6d KB allocated, %d unopened", c.what, len(c.body), float64(took.Microseconds())/1000,
			(after.TotalAlloc-before.TotalAlloc)>>10, len(r.Unopened()))
		assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(40*len(c.body)+200<<20), c.what)
		if c.reason == "" {
			assert.Empty(t, r.Unopened(), c.what)
		} else if assert.NotEmpty(t, r.Unopened(), c.what) {
			assert.Equal(t, c.reason, r.Unopened()[0].What+" "+r.Unopened()[0].Reason, c.what)
		}
		for _, u := range r.Unopened() {
			assert.True(t, 0 <= u.Start && u.Start < u.End && u.End <= len(c.body), "%s: %+v", c.what, u)
		}
	}
}

// manyTokens are random tokens as pages have them.
func manyTokens(n int) string {
	b := &strings.Builder{}
	raw := randomBytes(24*n, 3)
	for i := range n {
		b.WriteString(base64.RawURLEncoding.EncodeToString(raw[24*i:24*i+24]) + "\n")
	}
	return b.String()
}

func TestWhatStandsBeforeTheBoundOfABombIsFound(t *testing.T) {
	x := newIndex(t, name)
	hits := x.Search("text/plain", []byte(gz(name+strings.Repeat("\x00", 4<<20))))
	require.Len(t, hits, 1)
	hits = x.Search("text/plain", []byte(b64(name+strings.Repeat(", and so on", 1<<20))))
	require.Len(t, hits, 1)
}
