package leak_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/history"
)

func parseOptions(text string) map[string]string {
	options := map[string]string{}
	for _, o := range strings.Fields(text) {
		k, v, _ := strings.Cut(o, "=")
		options[k] = v
	}
	return options
}

func (tr *transcript) surface(_, who, session string, words []string, content string, options map[string]string) error {
	url := "http://shop.test" + tr.fill(who, words[1])
	place := history.PlaceOf(words[0], url, "shop.test")
	tr.id++
	switch surface := words[2]; surface {
	case "response", "set-cookie", "header", "hint":
		x := history.Exchange{
			ID: fmt.Sprintf("x%02d", tr.id), Session: session, Viewer: who, Method: words[0], URL: url, Place: place, Resource: "xhr",
			Status: 200, Start: tr.now, Response: tr.now + 40_000, End: tr.now + 50_000,
		}
		tr.respond(&x, surface, tr.fill(who, content), tr.options(who, options))
		tr.add(history.Event{Exchange: &x})
	case "page", "field", "jar", "download", "socket", "mail", "storage", "markup", "console", "notice":
		segments := []history.Segment{}
		for _, m := range regexp.MustCompile(`(\S+) "([^"]*)"`).FindAllStringSubmatch(content, -1) {
			segments = append(segments, history.Segment{Where: m[1], Text: tr.fill(who, m[2])})
		}
		kind := history.Surface(surface)
		if surface == "jar" {
			kind = history.SurfaceCookie
		}
		body, err := json.Marshal(segments)
		require.NoError(tr.t, err)
		mediaType := history.SegmentsType
		switch content[:1] {
		case "<":
			body, mediaType = []byte(tr.fill(who, content)), "text/html"
		case "{":
			body, mediaType = []byte(tr.fill(who, content)), "application/json"
		}
		tr.add(history.Event{Sighting: &history.Sighting{
			ID: fmt.Sprintf("v%02d", tr.id), Session: session, Viewer: who, Surface: kind, Place: place, URL: url, Sent: options["sent"] != "",
			Frame: options["frame"], Flash: options["flash"] != "",
			Body: history.Body{Hash: tr.bodies.Put(body), Size: int64(len(body)), Type: mediaType},
		}})
	default:
		return fmt.Errorf("no surface %q", surface)
	}
	return nil
}

func (tr *transcript) options(who string, options map[string]string) map[string]string {
	for k, v := range options {
		options[k] = tr.fill(who, v)
	}
	return options
}

func (tr *transcript) respond(x *history.Exchange, surface, content string, options map[string]string) {
	switch surface {
	case "set-cookie":
		name, value, _ := strings.Cut(content, " ")
		x.Headers = append(x.Headers, history.Header{Name: "Set-Cookie", Value: name + "=" + value + "; Path=/; HttpOnly"})
		content = "{}"
	case "header":
		name, value, _ := strings.Cut(content, " ")
		x.Headers = append(x.Headers, history.Header{Name: name, Value: value})
		content = "{}"
	}
	if surface == "hint" {
		name, value, _ := strings.Cut(content, " ")
		x.EarlyHints = append(x.EarlyHints, history.Header{Name: name, Value: value})
		content = "{}"
	}
	mediaType := "text/plain"
	switch content[0] {
	case '{', '[':
		mediaType = "application/json"
	case '<':
		mediaType = "text/html"
	}
	for name, value := range options {
		switch name {
		case "took":
			d, err := time.ParseDuration(value)
			require.NoError(tr.t, err)
			x.End, x.Response = x.Start+history.Moment(d.Microseconds()), x.Start+history.Moment(d.Microseconds())
		case "sent":
			x.RequestBody = history.Body{Hash: tr.bodies.Put([]byte(value)), Type: "application/x-www-form-urlencoded"}
		case "resource":
			x.Resource = value
		case "status":
			x.Status, _ = strconv.Atoi(value)
		case "unseen":
			x.Body.Unseen = value
		case "from", "failed", "start", "connection", "held", "lasts":
			set(x, name, value)
		case "type":
			mediaType = value
		default:
			tr.headerLine(x, name, value)
		}
	}
	if x.Body.Unseen == "" {
		x.Body = history.Body{Hash: tr.bodies.Put([]byte(content)), Size: int64(len(content)), Type: mediaType}
	}
}
