package scenarios

import (
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// opened is a stream that a part has listened to so far.
type opened struct {
	name string
	kind streamKind
}

// streamKind is what an address says of the stream behind it.
type streamKind int

const (
	eventStream streamKind = iota
	webSocket
	unknownStream // its address is remembered
)

// maxStreams is how many streams one session may open: more is a mistake, and
// each is a connection.
const maxStreams = 8

// listen reads the request that opens a stream; a bare string is its address.
func (r *reader) listen(s *scope, n ast.Node, st *Step) {
	st.Listen = &Stream{Call: Call{Method: "GET"}}
	if _, bare := n.(*ast.StringNode); bare {
		st.Listen.Call.URL = r.streamAddress(s, n, "listen")
		r.opened(s, st.Pos, st.Listen)
		return
	}
	keys, sound := r.keys(n, "listen", "url", "socket", "protocol", "headers", "bearer", "expect", "as")
	if v := keys["url"]; v != nil {
		st.Listen.Call.URL = r.streamAddress(s, v, "listen.url")
	} else if sound {
		r.fail(posOf(n), exampleOf("listen"), "listen has no url")
	}
	r.credentials(s, "listen", keys, &st.Listen.Call)
	r.streamOptions(keys, st.Listen)
	r.opened(s, st.Pos, st.Listen)
}

func (r *reader) streamOptions(keys map[string]ast.Node, l *Stream) {
	if v := keys["socket"]; v != nil {
		l.Socket = r.boolean(v, "listen.socket")
		if !l.Socket && kindOf(l) == webSocket {
			r.fail(posOf(v), "leave it out", "an address of ws or wss is a socket")
		}
	}
	if v := keys["protocol"]; v != nil {
		l.Protocol = r.token(v, "listen.protocol")
		if kindOf(l) == eventStream {
			r.fail(posOf(v), "say socket: true", "an event stream has no protocol to choose")
		}
	}
	if v := keys["as"]; v != nil {
		l.Name = r.streamName(v, "listen.as")
	}
}

// token is a word that can stand in a header.
func (r *reader) token(n ast.Node, what string) string {
	text, whole := r.scalar(n, what)
	if text != "" && whole && strings.ContainsFunc(text, notToken) {
		r.fail(posOf(n), "such as graphql-transport-ws", "%s is no name of a protocol: %q", what, text)
	}
	return text
}

func (r *reader) streamName(n ast.Node, what string) string {
	name, whole := r.scalar(n, what)
	if name != "" && whole && !isPlainName(name) {
		r.fail(posOf(n), "use small letters, digits, -, _ and .", "%q is no name for a stream", name)
	}
	return name
}

// streamAddress is an address, or one of a WebSocket.
func (r *reader) streamAddress(s *scope, n ast.Node, what string) string {
	if text, ok := n.(*ast.StringNode); ok && isSocketAddress(text.Value) {
		return r.template(s, n, what)
	}
	return r.address(s, n, what)
}

func isSocketAddress(text string) bool {
	return strings.HasPrefix(text, "ws://") || strings.HasPrefix(text, "wss://")
}

func kindOf(l *Stream) streamKind {
	switch {
	case l.Socket || isSocketAddress(l.Call.URL):
		return webSocket
	case strings.HasPrefix(l.Call.URL, "{{") || strings.HasPrefix(l.Call.URL, "$"):
		return unknownStream
	}
	return eventStream
}

// opened notes a stream, so that later steps can be checked.
func (r *reader) opened(s *scope, at Pos, l *Stream) {
	same := func(o opened) bool { return l.Name != "" && o.name == l.Name }
	switch {
	case slices.ContainsFunc(s.streams, same):
		r.fail(at, "choose another name", "%s listens to %q twice", s.part, l.Name)
	case len(s.streams) == maxStreams:
		r.fail(at, "", "%s listens to more than %d streams", s.part, maxStreams)
	}
	if l.Call.Expect != 0 && l.Call.Expect != 101 && l.Call.Expect != 200 {
		return // it is meant to be refused: there is nothing to hear
	}
	s.streams = append(s.streams, opened{l.Name, kindOf(l)})
}

// hasStream checks that a step's stream has been listened to before it.
func (r *reader) hasStream(s *scope, at Pos, op Op, on string, sends bool) {
	fits := func(o opened) bool { return on == "" || o.name == on }
	switch {
	case len(s.streams) == 0:
		r.fail(at, "write "+examples[Listen]+" before it", "%s without a listen before it", op)
	case !slices.ContainsFunc(s.streams, fits):
		r.fail(at, hintStream(on, s.streams), "%s listens to no %q before this step", s.part, on)
	case sends && !slices.ContainsFunc(s.streams, func(o opened) bool { return fits(o) && o.kind != eventStream }):
		r.fail(at, "say socket: true in its listen, if it is a WebSocket", "nothing can be sent on an event stream")
	}
}

func hintStream(word string, streams []opened) string {
	var known []string
	for _, o := range streams {
		if o.name != "" {
			known = append(known, o.name)
		}
	}
	if len(known) == 0 {
		return fmt.Sprintf("say as: %s in its listen", word)
	}
	return hintKey(word, known)
}

// send reads a message; a bare string is its text.
func (r *reader) send(s *scope, n ast.Node, st *Step) {
	st.Send = &Message{}
	switch n.(type) {
	case *ast.MappingNode, *ast.MappingValueNode, *ast.NullNode, nil:
		r.message(s, n, st)
	default:
		st.Send.Text = r.template(s, n, "send")
		r.hasStream(s, st.Pos, Send, "", true)
	}
}

func (r *reader) message(s *scope, n ast.Node, st *Step) {
	keys, sound := r.keys(n, "send", "json", "text", "on")
	switch {
	case keys["json"] != nil && keys["text"] != nil:
		r.fail(posOf(keys["text"]), "choose one", "send has both json and text")
	case keys["json"] == nil && keys["text"] == nil && sound:
		r.fail(posOf(n), exampleOf("send"), "send has nothing to send")
	}
	if v := keys["json"]; v != nil {
		st.Send.JSON = r.json(s, v, "send.json")
	}
	if v := keys["text"]; v != nil {
		st.Send.Text = r.template(s, v, "send.text")
	}
	if keys != nil {
		st.Send.On = r.on(s, st, keys, true)
	}
}

// on reads which stream a step is about.
func (r *reader) on(s *scope, st *Step, keys map[string]ast.Node, sends bool) string {
	v := keys["on"]
	if v == nil {
		r.hasStream(s, st.Pos, st.Op, "", sends)
		return ""
	}
	name := r.streamName(v, string(st.Op)+".on")
	r.hasStream(s, posOf(v), st.Op, name, sends)
	return name
}

// hear reads what is waited for; nothing at all is the next message.
func (r *reader) hear(s *scope, n ast.Node, st *Step) {
	st.Hear = &Hearing{}
	if _, empty := n.(*ast.NullNode); n == nil || empty {
		r.hasStream(s, st.Pos, Hear, "", false)
		return
	}
	keys, _ := r.keys(n, "hear", "text", "json", "is", "event", "on")
	if keys == nil {
		return
	}
	if v := keys["text"]; v != nil {
		st.Hear.Text = r.template(s, v, "hear.text")
	}
	if v := keys["json"]; v != nil {
		st.Hear.JSON = r.pointer(v, "hear.json")
	}
	if v := keys["is"]; v != nil {
		st.Hear.Is = r.template(s, v, "hear.is")
		if keys["json"] == nil {
			r.fail(posOf(v), "say which value: json: $.type", "hear has is, but no json")
		}
	}
	if v := keys["event"]; v != nil {
		st.Hear.Event = r.template(s, v, "hear.event")
	}
	st.Hear.On = r.on(s, st, keys, false)
}

// hangUp reads a stream's name; without one all are closed.
func (r *reader) hangUp(s *scope, n ast.Node, st *Step) {
	if _, empty := n.(*ast.NullNode); n == nil || empty {
		r.hasStream(s, st.Pos, HangUp, "", false)
		s.streams = nil
		return
	}
	st.Name = r.streamName(n, "hang_up")
	r.hasStream(s, posOf(n), HangUp, st.Name, false)
	s.streams = slices.DeleteFunc(s.streams, func(o opened) bool { return o.name == st.Name })
}
