package harness

import (
	"fmt"
	"net/http"

	"github.com/coder/websocket"

	"crosstalk/harness/history"
)

// apiProbes show the marker to an API client.
func apiProbes() []probe {
	response, header, cookie, socket := history.SurfaceResponse, history.SurfaceHeader, history.SurfaceCookie, history.SurfaceSocket
	asks := func(p probe, a answer, steps ...string) probe {
		p.client, p.place, p.more = "api", first(p.place, "GET @@/data"), map[string]answer{"/data": a, "/next": says("text/plain", "nothing")}
		p.steps = steps
		if len(steps) == 0 {
			p.steps = []string{`request: "@@/data"`}
		}
		return p
	}
	return []probe{
		asks(probe{name: "api-json", what: "JSON", surface: response, where: "$.note"}, note()),
		asks(probe{name: "api-error", what: "the body of an error", surface: response, where: "$.error"}, saysAs(500, "application/json", `{"error":"for %s"}`), `request: {url: "@@/data", expect: 500}`),
		asks(probe{name: "api-redirect", what: "the body of a redirect", surface: response}, func(w http.ResponseWriter, _ *http.Request, m mark) {
			w.Header().Set("Location", "next")
			w.WriteHeader(http.StatusFound)
			fmt.Fprint(w, m.value)
		}),
		asks(probe{name: "api-header", what: "a response header", surface: header, where: "x-note"}, noted(200, "X-Note", "for %s")),
		asks(probe{name: "api-redirect-header", what: "a header of a redirect", surface: header, where: "x-note"}, noted(302, "X-Note", "for %s", "Location", "next")),
		asks(probe{name: "api-cookie", what: "a Set-Cookie line", surface: cookie, where: "note", also: []string{"cookie"}}, noted(200, "Set-Cookie", "note=%s; Path=/p/api-cookie")),
		asks(probe{name: "api-secure", what: "JSON over HTTP/2", surface: response, where: "$.note", place: "GET {secure}@@/data"}, note(), `request: "{secure}@@/data"`),
		asks(probe{name: "api-hints", what: "a header of 103 Early Hints", surface: header, where: "103 x-note"}, func(w http.ResponseWriter, _ *http.Request, m mark) {
			w.Header().Set("X-Note", m.value)
			w.WriteHeader(http.StatusEarlyHints)
			w.Header().Del("X-Note")
			fmt.Fprint(w, "nothing")
		}),
		asks(probe{name: "api-trailer", what: "a trailer", surface: header, where: "x-note"}, func(w http.ResponseWriter, _ *http.Request, m mark) {
			w.Header().Set("Trailer", "X-Note")
			fmt.Fprint(w, "nothing")
			w.Header().Set("X-Note", m.value)
		}),
		asks(probe{name: "api-multipart", as: "guest", what: "the answer to a form with a file", surface: response, place: "POST @@/data"}, func(w http.ResponseWriter, r *http.Request, m mark) {
			if err := r.ParseMultipartForm(1 << 20); err != nil || len(r.MultipartForm.File) == 0 {
				http.Error(w, "no form with a file", http.StatusBadRequest)
				return
			}
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprintf(w, `{"hello":%q,"note":"for %s"}`, r.FormValue("first"), m.value)
		}, `request: {method: POST, url: "@@/data", multipart: {first: "{{first}}", picture: "{{avatar}}"}}`, `shows: [first]`),
		asks(probe{name: "api-events", what: "a server-sent event", surface: socket, where: "$.note", also: []string{"response GET @@/data"}},
			endless("text/event-stream", "data: {\"note\":\"for %s\",\"state\":\"packed\"}\n\n"), `listen: "@@/data"`, `hear: {text: packed}`),
		asks(probe{name: "api-socket", what: "a text of a WebSocket", surface: socket, where: "$.note", place: "GET {socket}@@/data"},
			pushes(websocket.MessageText), `listen: {url: "@@/data", socket: true}`, `hear: {text: note}`),
		asks(probe{name: "api-socket-bytes", what: "bytes of a WebSocket", surface: socket, where: "$.note", place: "GET {socket}@@/data"},
			pushes(websocket.MessageBinary), `listen: {url: "@@/data", socket: true}`, `hear: {text: note}`),
	}
}
