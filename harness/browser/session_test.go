package browser

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/customer"
	"crosstalk/harness/history"
	"crosstalk/scenarios"
)

func onePixel() []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 1, 1))); err != nil {
		return nil
	}
	return b.Bytes()
}

// echo answers with the form it was sent.
func echo(w http.ResponseWriter, r *http.Request) {
	_ = r.ParseMultipartForm(1 << 20)
	for k, v := range r.Form {
		fmt.Fprintf(w, "%s=%s;", k, v[0])
	}
	if r.MultipartForm != nil {
		for k, f := range r.MultipartForm.File {
			file, err := f[0].Open()
			if err != nil {
				return
			}
			data, _ := io.ReadAll(file)
			fmt.Fprintf(w, "%s=%s %d bytes;", k, f[0].Filename, len(data))
		}
	}
}

const form = `
<form action=/echo method=post enctype=multipart/form-data>
<label>E-mail <input name=email type=email value=old@c01.test></label>
<label for=n>Note</label><textarea id=n name=note></textarea>
<label>Country <select name=country><option value="">–</option><option value=SE>Sweden</option><option value=DE>Germany</option></select></label>
<label><input type=checkbox name=news> News</label>
<label><input type=checkbox name=terms checked> Terms</label>
<label>Born <input type=date name=born></label>
<label>Picture <input type=file name=picture></label>
<button>Send it</button>
</form>`

func TestEveryKindOfFieldIsFilledInAsAPersonWould(t *testing.T) {
	oneAfterTheOther(t)
	s := shop(t, map[string]http.HandlerFunc{"/": html(form), "/echo": echo})
	w := begin(t, s.URL)
	w.do(
		visit("/"),
		fillIn("E-mail", "{{email}}"),
		fillIn("Note", "Grüße, Łucja"),
		scenarios.Step{Op: scenarios.Select, Target: &scenarios.Locator{Label: "Country", Nth: -1}, With: "Germany"},
		stepOn(scenarios.Check, scenarios.Locator{Label: "News", Nth: -1}),
		scenarios.Step{Op: scenarios.Check, Target: &scenarios.Locator{Label: "Terms", Nth: -1}, Off: true},
		fillIn("Born", "1990-02-01"),
		scenarios.Step{Op: scenarios.Upload, Target: &scenarios.Locator{Label: "Picture", Nth: -1}, With: "{{avatar}}"},
		click("button", "Send it"),
		see("email=zoe@c01.test;"), see("note=Grüße, Łucja;"), see("country=DE;"), see("news=on;"), see("born=1990-02-01;"),
		see(fmt.Sprintf("picture=avatar.png %d bytes", len(onePixel()))),
	)
	require.NotEmpty(t, w.fails(briefly(see("terms=on"))))
}

func TestStepsMoveThroughPagesAsAPersonDoes(t *testing.T) {
	oneAfterTheOther(t)
	s := shop(t, map[string]http.HandlerFunc{
		"/":    html(`<h1>Start</h1><a href=/two>Go on</a><form action=/found><label>Search <input name=q></label></form>`),
		"/two": html(`<h1>Second</h1><div id=order-number>  Order 10 017 </div><input id=key value=abc123>`), "/found": echo,
	})
	w := begin(t, s.URL)
	out := w.do(visit("/"), scenarios.Step{Op: scenarios.Click, Target: &scenarios.Locator{Name: "Go on", Nth: -1}})
	require.Equal(t, s.URL+"/two", out.URL)
	w.do(scenarios.Step{Op: scenarios.See, URL: "/two"}, stepOn(scenarios.See, scenarios.Locator{Role: "heading", Name: "second", Nth: -1}))
	out = w.do(scenarios.Step{Op: scenarios.Remember, Remember: []scenarios.Memory{
		{Kind: "order", From: &scenarios.Locator{CSS: "#order-number", Nth: -1}, Match: `Order ([\d ]+\d)`},
		{Kind: "key", From: &scenarios.Locator{CSS: "#key", Nth: -1}, Hold: true},
	}})
	require.Equal(t, []history.LearnedValue{
		{Kind: "order", Value: "10 017", Place: "GET /two", Where: "div#order-number", Marker: true},
		{Kind: "key", Value: "abc123", Place: "GET /two", Where: "input#key"},
	}, out.Learned)
	w.do(scenarios.Step{Op: scenarios.Reload}, scenarios.Step{Op: scenarios.Back}, see("Start"))
	w.do(fillIn("Search", "shoes"), scenarios.Step{Op: scenarios.Press, Key: "Enter"}, see("q=shoes"))
	w.do(scenarios.Step{Op: scenarios.Wait, Wait: time.Millisecond}, scenarios.Step{Op: scenarios.Meet, Name: "x"})
	require.Contains(t, w.fails(briefly(scenarios.Step{Op: scenarios.See, URL: "/two"})), "stands at")
}

func TestShowsProvesThatThePageKnowsItsCustomer(t *testing.T) {
	s := shop(t, map[string]http.HandlerFunc{
		"/":     html(`<p>Hi, <b>Zo</b>&euml;</p><td>Lind</td><td>qvist</td><p>+46 70 174 06 35</p><label>Mail <input value="zoe@c01.test"></label>`),
		"/late": html(`<p id=x></p><script>setTimeout(() => x.textContent = "Zoë", 400)</script>`),
		"/me":   html(`<img src=/me.png alt=me>`),
		"/me.png": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "image/png")
			_, _ = w.Write(onePixel())
		},
	})
	w := begin(t, s.URL)
	shows := func(kinds ...customer.Kind) scenarios.Step { return scenarios.Step{Op: scenarios.Shows, Fields: kinds} }
	w.do(visit("/"))
	require.True(t, w.do(shows("first", "last", "email", "phone")).SignedIn)
	require.Equal(t, "street, avatar: not on the page at "+s.URL+"/", w.fails(briefly(shows("first", "street", "avatar"))))
	w.do(visit("/late"), shows("first"))
	w.do(visit("/me"), shows("avatar"))
	require.Len(t, w.looks(), 7, "each step that may change the page is looked at once")
}

func TestSignOutClicksAndSaysSo(t *testing.T) {
	s := shop(t, map[string]http.HandlerFunc{"/": html(`<form action=/bye><button>Sign out</button></form>`), "/bye": html("Bye")})
	w := begin(t, s.URL)
	w.do(visit("/"))
	require.True(t, w.do(stepOn(scenarios.SignOut, scenarios.Locator{Role: "button", Name: "Sign out", Nth: -1})).SignedOut)
	w.do(see("Bye"))
}

func TestADownloadedFileIsSightedAndNoFailure(t *testing.T) {
	invoice := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/pdf")
		w.Header().Set("Content-Disposition", `attachment; filename="invoice.pdf"`)
		fmt.Fprint(w, "%PDF-1.4 for Zoë")
	}
	s := shop(t, map[string]http.HandlerFunc{"/": html(`<a href=/invoice.pdf>Invoice</a>`), "/invoice.pdf": invoice})
	w := begin(t, s.URL)
	w.do(visit("/"), stepOn(scenarios.Download, scenarios.Locator{Role: "link", Name: "Invoice", Nth: -1}), visit("/invoice.pdf"))
	folder := w.folder
	w.end()
	files := w.sink.on(history.SurfaceDownload)
	require.Len(t, files, 2)
	require.Equal(t, "%PDF-1.4 for Zoë", files[0].text)
	require.Equal(t, history.Place("GET /invoice.pdf"), files[0].Place)
	require.Equal(t, 1, files[0].Step)
	require.Equal(t, "application/pdf", files[0].Body.Type)
	x := w.sink.exchange(t, "/invoice.pdf")
	require.Equal(t, "download", x.Resource)
	require.Empty(t, x.Body.Unseen)
	require.NoDirExists(t, folder)
}

func TestADownloadThatNeverComesFailsTheStep(t *testing.T) {
	s := shop(t, map[string]http.HandlerFunc{"/": html(`<a href=#>Invoice</a>`)})
	w := begin(t, s.URL)
	w.do(visit("/"))
	require.Contains(t, w.fails(briefly(stepOn(scenarios.Download, scenarios.Locator{Name: "Invoice", Nth: -1}))), "no download came")
}

func TestAFileBesideTheScenarioIsUploaded(t *testing.T) {
	s := shop(t, map[string]http.HandlerFunc{"/": html(form), "/echo": echo})
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "cat.txt"), []byte("meow"), 0o600))
	w := beginWith(t, s.URL, nil, func(o *DriverOptions) { o.Files = dir })
	up := scenarios.Step{Op: scenarios.Upload, Target: &scenarios.Locator{Label: "Picture", Nth: -1}, With: "cat.txt"}
	w.do(visit("/"), up, click("button", "Send it"), see("cat.txt 4 bytes"))
	w.do(visit("/"))
	up.With = "dog.txt"
	require.Contains(t, w.fails(up), "no file to upload")
}

func TestTwoSessionsInParallelKnowNothingOfEachOther(t *testing.T) {
	s := shop(t, map[string]http.HandlerFunc{
		"/set": func(w http.ResponseWriter, r *http.Request) {
			http.SetCookie(w, &http.Cookie{Name: "who", Value: r.URL.Query().Get("who")})
			html("<script>localStorage.who = "+fmt.Sprintf("%q", r.URL.Query().Get("who"))+"</script>")(w, r)
		},
		"/get": func(w http.ResponseWriter, r *http.Request) {
			c, _ := r.Cookie("who")
			html(fmt.Sprintf("cookie %v <p id=x></p><script>x.textContent = 'storage ' + localStorage.who</script>", c))(w, r)
		},
	})
	a, b := begin(t, s.URL), begin(t, s.URL)
	a.do(visit("/set?who=anna"))
	b.do(visit("/get"), see("storage undefined"))
	a.do(visit("/get"), see("cookie who=anna"), see("storage anna"))
	a.end()
	b.do(visit("/get"), see("storage undefined"))
}

func TestAClosedSessionLeavesNothingBehind(t *testing.T) {
	s := shop(t, map[string]http.HandlerFunc{"/": html(`<script>fetch("/x")</script>Hello`)})
	begin(t, s.URL).end() // the driver itself runs from now on
	before := runtime.NumGoroutine()
	var folders []string
	for range 3 {
		w := begin(t, s.URL)
		folders = append(folders, w.folder)
		w.do(visit("/"))
		w.end()
	}
	for _, f := range folders {
		require.NoDirExists(t, f)
	}
	s.CloseClientConnections()
	requireGoroutines(t, before)
	d := testDriver(t)
	d.mu.Lock()
	defer d.mu.Unlock()
	require.Empty(t, d.contexts)
	require.Empty(t, d.channels)
}

func TestAPageThatWasPrerenderedIsFollowed(t *testing.T) {
	s := shop(t, map[string]http.HandlerFunc{
		"/": html(`<script type=speculationrules>{"prerender":[{"urls":["/next"],"eagerness":"immediate"}]}</script>
			<a href=/next>Next</a>`),
		"/next": html(`<p>Second</p><script>fetch("/data").then(r => r.text())</script>`),
		"/data": func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "data") },
	})
	w := begin(t, s.URL)
	w.do(visit("/"))
	w.asks("/data") // by the page that is made ready
	w.do(click("link", "Next"), see("Second"))
	w.end()
	require.Equal(t, "data", w.sink.exchange(t, "/data").response)
}
