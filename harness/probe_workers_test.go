package harness

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/coder/websocket"

	"crosstalk/harness/history"
)

// workerProbes show the marker in what workers ask for and are given.
func workerProbes() []probe {
	response := history.SurfaceResponse
	const asks = `fetch(A+"/data").then((r)=>r.text()).then(()=>{if(self.postMessage)postMessage(1)});`
	const serves = `const S=await navigator.serviceWorker.register(A+"/sw.js",{scope:A});await navigator.serviceWorker.ready;` +
		`if(!navigator.serviceWorker.controller)await new Promise((f)=>navigator.serviceWorker.oncontrollerchange=f);`
	const claims = `oninstall=()=>skipWaiting();onactivate=(e)=>e.waitUntil(clients.claim());`
	return []probe{
		{
			name: "worker", what: "a dedicated worker's fetch", surface: response, where: "$.note", place: "GET @@/data", script: `const w=new Worker(A+"/w.js");w.onmessage=ready;window.w=w`,
			more: map[string]answer{"/w.js": plainScript(asks), "/data": note()},
		},
		{
			name: "worker-xhr", what: "a dedicated worker's XMLHttpRequest", surface: response, where: "$.note", place: "GET @@/data", script: `const w=new Worker(A+"/w.js");w.onmessage=ready;window.w=w`,
			more: map[string]answer{"/w.js": plainScript(`const x=new XMLHttpRequest();x.open("GET",A+"/data");x.onload=()=>postMessage(1);x.send()`), "/data": note()},
		},
		{
			name: "worker-script", what: "a dedicated worker's script", surface: response, place: "GET @@/w.js", script: `const w=new Worker(A+"/w.js");w.onmessage=ready;window.w=w`,
			more: map[string]answer{"/w.js": says("text/javascript", "/* for %s */postMessage(1)")},
		},
		{
			name: "worker-nested", what: "the fetch of a worker's worker", surface: response, where: "$.note", place: "GET @@/data", script: `const w=new Worker(A+"/outer.js");w.onmessage=ready;window.w=w`,
			more: map[string]answer{"/outer.js": plainScript(`const w=new Worker(A+"/w.js");w.onmessage=()=>postMessage(1)`), "/w.js": plainScript(asks), "/data": note()},
		},
		{
			name: "shared-worker", what: "a shared worker's fetch", surface: response, where: "$.note", place: "GET @@/data",
			script: `const w=new SharedWorker(A+"/w.js");w.port.onmessage=ready;window.w=w`,
			more: map[string]answer{
				"/w.js": plainScript(`onconnect=(e)=>fetch(A+"/data").then((r)=>r.text()).then(()=>e.ports[0].postMessage(1))`), "/data": note(),
			},
		},
		{
			name: "service-script", what: "a service worker's script", surface: response, place: "GET @@/sw.js", script: `await navigator.serviceWorker.register(A+"/sw.js",{scope:A+"/"});ready()`,
			more: map[string]answer{"/sw.js": says("text/javascript", "/* for %s */")},
		},
		{
			name: "service-install", what: "what a service worker fetches when it is installed", surface: response, where: "$.note", place: "GET @@/data",
			script: `await navigator.serviceWorker.register(A+"/sw.js",{scope:A+"/"});for(;;){const r=await navigator.serviceWorker.getRegistration(A+"/");if(r.active)break;await pause(20)}ready()`,
			more:   map[string]answer{"/sw.js": plainScript(`oninstall=(e)=>e.waitUntil(fetch(A+"/data").then((r)=>r.text()))`), "/data": note()},
		},
		{
			name: "service-made", what: "an answer that a service worker made", surface: response, where: "$.note", place: "GET @@/data",
			script: serves + `await (await fetch(A+"/data")).text();ready()`,
			more:   map[string]answer{"/sw.js": service(claims + `onfetch=(e)=>{if(e.request.url.endsWith("/data"))e.respondWith(new Response(JSON.stringify({note:M}),{headers:{"Content-Type":"application/json"}}))}`), "/data": says("text/plain", "nothing")},
		},
		{
			name: "service-passed", what: "an answer that a service worker passed on", surface: response, where: "$.note", place: "GET @@/data",
			script: serves + `await (await fetch(A+"/data")).text();ready()`,
			more:   map[string]answer{"/sw.js": service(claims + `onfetch=(e)=>{if(e.request.url.endsWith("/data"))e.respondWith(fetch(e.request))}`), "/data": note()},
		},
		{
			name: "service-notice", what: "a notification of a service worker", surface: history.SurfaceNotice, place: "GET @@/sw.js", where: "notification.body",
			script: serves + `await navigator.permissions.query({name:"notifications"});S.active.postMessage(1);navigator.serviceWorker.onmessage=ready`,
			more:   map[string]answer{"/sw.js": service(claims + `onmessage=(e)=>{e.waitUntil(registration.showNotification("News",{body:"for "+M}).catch(()=>{}).then(()=>e.source.postMessage(1)))}`)},
		},
	}
}

// service is a service worker's script for the probe's whole path.
func service(script string) answer {
	inner := plainScript(script)
	return func(w http.ResponseWriter, r *http.Request, m mark) {
		w.Header().Set("Service-Worker-Allowed", probePath(r))
		inner(w, r, m)
	}
}

// pushedProbes show the marker in answers without an end, and in what is
// pushed.
func pushedProbes() []probe {
	socket := history.SurfaceSocket
	return []probe{
		{
			name: "stream", what: "a stream that stays open", surface: socket, place: "GET @@/data", also: []string{"response GET @@/data"}, more: map[string]answer{"/data": endless("text/plain", "for %s\n")},
			script: `const r=await fetch(A+"/data");window.r=r.body.getReader();await window.r.read();ready()`,
		},
		{
			name: "xhr-progress", what: "an XMLHttpRequest that is still under way", surface: socket, place: "GET @@/data", also: []string{"response GET @@/data"}, more: map[string]answer{"/data": endless("text/plain", "for %s\n"+strings.Repeat("padding ", 200))},
			script: `const x=new XMLHttpRequest();x.open("GET",A+"/data");x.onprogress=ready;x.send();window.x=x`,
		},
		{
			name: "events", what: "a server-sent event", surface: socket, where: "$.note", place: "GET @@/data", more: map[string]answer{"/data": endless("text/event-stream", "event: note\nid: 1\ndata: {\"note\":\"for %s\"}\n\n")},
			script: `const s=new EventSource(A+"/data");s.addEventListener("note",ready);window.s=s`, also: []string{"response GET @@/data"},
		},
		{
			name: "socket-text", what: "a text of a WebSocket", surface: socket, where: "$.note", place: "GET {socket}@@/data", more: map[string]answer{"/data": pushes(websocket.MessageText)},
			script: `const s=new WebSocket("ws://"+location.host+A+"/data");s.onmessage=ready;window.s=s`,
		},
		{
			name: "socket-bytes", what: "bytes of a WebSocket", surface: socket, where: "$.note", place: "GET {socket}@@/data", more: map[string]answer{"/data": pushes(websocket.MessageBinary)},
			script: `const s=new WebSocket("ws://"+location.host+A+"/data");s.onmessage=ready;window.s=s`,
		},
	}
}

// pushes opens a WebSocket and sends the marker once; the client closes it.
func pushes(kind websocket.MessageType) answer {
	return func(w http.ResponseWriter, r *http.Request, m mark) {
		c, err := websocket.Accept(w, r, nil)
		if err != nil {
			return
		}
		defer func() { _ = c.CloseNow() }()
		if c.Write(r.Context(), kind, fmt.Appendf(nil, `{"note":"for %s"}`, m.value)) != nil {
			return
		}
		select {
		case <-siteOf(r.Context()).done:
		case <-c.CloseRead(r.Context()).Done():
		case <-time.After(time.Minute):
		}
	}
}

// headerProbes show the marker in header lines.
func headerProbes() []probe {
	header, cookie := history.SurfaceHeader, history.SurfaceCookie
	at := func(path string, a answer) map[string]answer { return map[string]answer{path: a} }
	const read, got = `await (await fetch(A+"/data")).text();ready()`, "GET @@/data"
	away := func(name, value string) map[string]answer {
		return map[string]answer{"/data": noted(http.StatusFound, name, value, "Location", "next"), "/next": says("text/plain", "nothing")}
	}
	return []probe{
		{name: "header", what: "a response header", surface: header, where: "x-note", place: got, script: read, more: at("/data", noted(200, "X-Note", "for %s"))},
		{name: "header-cross", what: "a header that scripts may not read", surface: header, where: "x-note", place: "GET {other}@@/data", script: `await fetch(OTHER+A+"/data",{mode:"no-cors"});ready()`, more: at("/data", noted(200, "X-Note", "for %s"))},
		{name: "redirect-header", what: "a header of a redirect", surface: header, where: "x-note", place: got, script: read, more: away("X-Note", "for %s")},
		{name: "cookie-line", what: "a Set-Cookie line", surface: cookie, where: "note", place: got, script: read, more: at("/data", noted(200, "Set-Cookie", "note=%s; Max-Age=0")), also: []string{"cookie"}},
		{name: "redirect-cookie", what: "a Set-Cookie line of a redirect", surface: cookie, where: "note", place: got, script: read, more: away("Set-Cookie", "note=%s; Max-Age=0"), also: []string{"cookie"}},
		{name: "refused-cookie", what: "a Set-Cookie line that the browser refused", surface: cookie, where: "note", place: got, script: read, more: at("/data", noted(200, "Set-Cookie", "note=%s; Domain=elsewhere.test"))},
		{
			name: "early-hints", what: "a header of 103 Early Hints", surface: header, where: "103 x-note", place: "GET {secure}@@/early",
			more: at("/early", func(w http.ResponseWriter, _ *http.Request, m mark) {
				time.Sleep(200 * time.Millisecond) // of hints that come at once the browser misses some
				w.Header().Set("X-Note", m.value)
				w.WriteHeader(http.StatusEarlyHints)
				w.Header().Del("X-Note")
				writePage(w, "<p>all done</p>")
			}),
			steps: []string{`visit: "{secure}@@/early"`, `see: {text: all done}`},
		},
		{
			name: "socket-header", what: "a header of a WebSocket's handshake", surface: header, where: "x-note", place: "GET {socket}@@/data",
			script: `const s=new WebSocket("ws://"+location.host+A+"/data");s.onopen=ready;window.s=s`,
			more: at("/data", func(w http.ResponseWriter, r *http.Request, m mark) {
				w.Header().Set("X-Note", m.value)
				pushes(websocket.MessageText)(w, r, mark{value: "nobody"})
			}),
		},
	}
}
