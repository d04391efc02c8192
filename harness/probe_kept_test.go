package harness

import (
	"archive/zip"
	"fmt"
	"net/http"

	"codeberg.org/go-pdf/fpdf"

	"crosstalk/harness/history"
)

// keptProbes show the marker in what is kept in the client.
func keptProbes() []probe {
	cookie, storage := history.SurfaceCookie, history.SurfaceStorage
	crossed := func(script string) map[string]answer { return map[string]answer{"/inner": framed(script)} }
	const frame = `addEventListener("message",ready);const f=document.createElement("iframe");f.src=OTHER+A+"/inner";document.body.append(f)`
	return []probe{
		{name: "cookie-jar", what: "a cookie that a script set", surface: cookie, where: "note", script: `document.cookie="note="+M;ready()`},
		{
			name: "http-only", what: "a cookie that scripts can't read", surface: cookie, where: "note", also: []string{"cookie GET @@/data"},
			more: map[string]answer{"/data": noted(200, "Set-Cookie", "note=%s; HttpOnly; Path=/p/http-only")}, script: `await (await fetch(A+"/data")).text();ready()`,
		},
		{
			name: "partitioned", what: "a cookie of a frame of another site, kept for this one alone", surface: cookie, where: "note",
			script: frame, more: crossed(`document.cookie="note="+M+"; Secure; SameSite=None; Partitioned";tell()`),
		},
		{name: "local-storage", what: "localStorage", surface: storage, place: "localStorage", where: "note›$.to", script: `localStorage.setItem("note",JSON.stringify({to:M}));ready()`},
		{name: "session-storage", what: "sessionStorage", surface: storage, place: "sessionStorage", where: "note", script: `sessionStorage.setItem("note",M);ready()`},
		{
			name: "storage-moment", what: "localStorage that is set and removed between looks", surface: storage, place: "localStorage", where: "moment",
			script: `localStorage.setItem("moment",M);localStorage.removeItem("moment");ready()`,
		},
		{name: "storage-cross", what: "localStorage of a frame of another site", surface: storage, place: "localStorage {other}", where: "crossed", script: frame, more: crossed(`localStorage.setItem("crossed",M);tell()`)},
		{
			name: "indexed-db", what: "IndexedDB", surface: storage, place: "IndexedDB probe/notes",
			script: `const o=indexedDB.open("probe");o.onupgradeneeded=()=>o.result.createObjectStore("notes");` +
				`o.onsuccess=()=>{const t=o.result.transaction("notes","readwrite");t.objectStore("notes").put({note:M},"latest");t.oncomplete=ready}`,
		},
		{
			name: "cache-storage", what: "Cache Storage", surface: storage, place: "Cache Storage probe GET @@/data",
			script: `const c=await caches.open("probe");await c.put(A+"/data",new Response(JSON.stringify({note:M}),{headers:{"Content-Type":"application/json"}}));ready()`,
		},
		{
			name: "registration", what: "the scope of a service worker", surface: storage, place: "Service Worker",
			script: `await navigator.serviceWorker.register(A+"/sw.js",{scope:A+"/"+M+"/"});ready()`, more: map[string]answer{"/sw.js": says("text/javascript", "// nothing")},
		},
	}
}

// downloadProbes show the marker in files.
func downloadProbes() []probe {
	download := history.SurfaceDownload
	saved := func(name, what, file string, a answer) probe {
		return probe{
			name: name, what: what, surface: download, place: "GET @@/" + file, more: map[string]answer{"/" + file: a},
			body: fmt.Sprintf(`<a href="/p/%s/%s" download>Save</a>`, name, file), script: "ready()", also: []string{"response GET @@/" + file},
			steps: []string{`visit: "@@"`, `download: Save`},
		}
	}
	return []probe{
		saved("pdf", "a PDF that is downloaded", "a.pdf", pdf),
		saved("csv", "a table that is downloaded", "a.csv", says("text/csv", "note\nfor %s\n")),
		saved("archive", "a zip that is downloaded", "a.zip", archive),
		{
			name: "attachment", what: "an attachment that a frame asks for", surface: download, place: "GET @@/a.txt", also: []string{"response GET @@/a.txt"},
			body: `<iframe name=f></iframe><a href="/p/attachment/a.txt" target=f>Save</a>`, script: "ready()", steps: []string{`visit: "@@"`, `download: Save`},
			more: map[string]answer{"/a.txt": func(w http.ResponseWriter, _ *http.Request, m mark) {
				w.Header().Set("Content-Disposition", "attachment")
				w.Header().Set("Content-Type", "text/plain")
				fmt.Fprint(w, m.value)
			}},
		},
		{
			name: "saved-blob", what: "a file that the page made", surface: download, place: "GET blob:", also: []string{"response GET blob:"},
			body:   `<a id=a download="note.txt">Save</a>`,
			script: `a.href=URL.createObjectURL(new Blob(["for "+M],{type:"text/plain"}));ready()`, steps: []string{`visit: "@@"`, `see: {text: all done}`, `download: Save`},
		},
	}
}

func pdf(w http.ResponseWriter, _ *http.Request, m mark) {
	f := fpdf.New("P", "mm", "A4", "")
	f.AddPage()
	f.SetFont("Helvetica", "", 12)
	f.Cell(100, 10, "Invoice for "+m.value)
	w.Header().Set("Content-Type", "application/pdf")
	_ = f.Output(w)
}

func archive(w http.ResponseWriter, _ *http.Request, m mark) {
	w.Header().Set("Content-Type", "application/zip")
	z := zip.NewWriter(w)
	f, err := z.Create("orders.csv")
	if err != nil {
		return // the client has left
	}
	fmt.Fprintf(f, "note\nfor %s\n", m.value)
	_ = z.Close()
}
