package browser

import (
	"archive/zip"
	"bytes"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/history"
	"crosstalk/scenarios"
)

func attached(name string, content []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/octet-stream")
		w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
		_, _ = w.Write(content)
	}
}

func zipped(t testing.TB, text string) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	f, err := z.Create("orders.txt")
	require.NoError(t, err)
	_, err = f.Write([]byte(text))
	require.NoError(t, err)
	require.NoError(t, z.Close())
	return b.Bytes()
}

func TestFilesAreSeenHoweverTheyAreStarted(t *testing.T) {
	s := shop(t, map[string]http.HandlerFunc{
		"/": html(`<a href="/orders.csv">Plain</a> <a href="/data" download="orders.json">Named</a> <a href="/orders.zip" target=_blank rel=noopener>Pop</a>
			<button onclick="document.body.append(Object.assign(document.createElement('iframe'), {src: '/frame'}))">Frame</button>
			<button onclick="window.open('/orders.csv?open')">Open</button>
			<button onclick="const a = document.createElement('a'); a.download = 'mine.txt'; a.href = window.URL.createObjectURL(new Blob(['blob of Zoë'])); a.click()">Blob</button>
			<button onclick="const f = document.createElement('iframe'); f.srcdoc = '<a download=data.csv href=&quot;data:text/csv,name%0AZo&quot;>x</a><script>document.querySelector(String.fromCharCode(97)).click()<\/script>'; document.body.append(f)">Srcdoc</button>`),
		"/frame":      func(w http.ResponseWriter, r *http.Request) { attached("frame.pdf", []byte("%PDF-1.4 Zoë"))(w, r) },
		"/orders.csv": attached("orders.csv", []byte("name\nZoë\n")), "/data": func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`{"name":"Zoë"}`)) },
		"/orders.zip": attached("orders.zip", zipped(t, "Zoë")),
	})
	for name, c := range map[string]struct {
		step       scenarios.Step
		kind, text string
	}{
		"a link to an attachment": {click("link", "Plain"), "text/csv", "name\nZoë\n"},
		"a named download":        {click("link", "Named"), "application/json", `{"name":"Zoë"}`},
		"a pop-up":                {click("link", "Pop"), "application/zip", "PK"},
		"a script's pop-up":       {click("button", "Open"), "text/csv", "Zoë"},
		"a frame":                 {click("button", "Frame"), "application/pdf", "%PDF-1.4 Zoë"},
		"a blob":                  {click("button", "Blob"), "text/plain", "blob of Zoë"},
		"a frame without address": {click("button", "Srcdoc"), "text/csv", "name"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, other := begin(t, s.URL), begin(t, s.URL)
			w.do(visit("/"))
			c.step.Op = scenarios.Download
			w.do(c.step)
			until(t, "the file", func() bool { return len(w.sink.on(history.SurfaceDownload)) > 0 })
			got := w.sink.on(history.SurfaceDownload)[0]
			require.Empty(t, got.Body.Unseen)
			require.Equal(t, c.kind, got.Body.Type)
			require.Contains(t, got.text, c.text)
			other.end()
			require.Empty(t, other.sink.on(history.SurfaceDownload), "another session's")
		})
	}
}

// endlessFile sends a file until nobody reads it any more.
func endlessFile(pause time.Duration) http.HandlerFunc {
	chunk := bytes.Repeat([]byte("x"), 1<<20)
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Disposition", "attachment; filename=endless.bin")
		for r.Context().Err() == nil {
			if _, err := w.Write(chunk); err != nil {
				return
			}
			select {
			case <-time.After(pause):
			case <-r.Context().Done():
			}
		}
	}
}

func TestADownloadWithoutEndIsGivenUpAndRecorded(t *testing.T) {
	gone := make(chan struct{})
	serve := endlessFile(2 * time.Millisecond)
	s := shop(t, map[string]http.HandlerFunc{
		"/":        html(`<a href="/endless">Load</a>`),
		"/endless": func(w http.ResponseWriter, r *http.Request) { serve(w, r); close(gone) },
	})
	w := begin(t, s.URL)
	w.do(visit("/"), stepOn(scenarios.Download, scenarios.Locator{Role: "link", Name: "Load", Nth: -1}))
	select {
	case <-gone:
	case <-time.After(hung):
		t.Fatal("the browser goes on loading")
	}
	files := w.sink.on(history.SurfaceDownload)
	require.Len(t, files, 1)
	require.Contains(t, files[0].Body.Unseen, "larger than 32 MB")
	until(t, "the folder is empty", func() bool { left, err := os.ReadDir(w.folder); return err == nil && len(left) == 0 })
}

func TestAFileThatIsOnItsWayWhenTheSessionEndsIsRecordedAsUnseen(t *testing.T) {
	s := shop(t, map[string]http.HandlerFunc{"/": html(`<a href="/slow">Load</a>`), "/slow": endlessFile(time.Second)})
	w := begin(t, s.URL)
	w.do(visit("/"))
	require.Contains(t, w.fails(briefly(stepOn(scenarios.Download, scenarios.Locator{Role: "link", Name: "Load", Nth: -1}))), "no download came")
	w.end()
	files := w.sink.on(history.SurfaceDownload)
	require.Len(t, files, 1)
	require.Contains(t, files[0].Body.Unseen, "the session ended")
}

func TestAPageThatLoadsFilesWithoutEndFillsNoDisk(t *testing.T) {
	s := shop(t, map[string]http.HandlerFunc{
		"/":  html(`<button onclick="for (let i = 0; i < 30; i++) { const a = document.createElement('a'); a.href = '/f?' + i; a.download = 'f' + i; a.click() }">Load</button>`),
		"/f": endlessFile(20 * time.Millisecond),
	})
	w := begin(t, s.URL)
	w.do(visit("/"), click("button", "Load"))
	until(t, "every file is given up or on its way", func() bool {
		return len(w.sink.on(history.SurfaceDownload)) > 0
	})
	w.end()
	for _, f := range w.sink.on(history.SurfaceDownload) {
		require.NotEmpty(t, f.Body.Unseen)
		require.False(t, strings.Contains(f.text, "x"))
	}
}
