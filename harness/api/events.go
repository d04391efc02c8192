package api

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strconv"
	"time"

	"crosstalk/harness/history"
)

// event is one message of an event stream, and what stood beside its data.
type event struct {
	name   string // "message" where the stream names none
	data   []byte
	beside []history.Segment // the id, the name, comments and unknown fields
	filled bool              // it has data: only then would a client be told of it
	cut    bool              // it was longer than is kept
	broken bool              // the stream ended within it
}

// Limits of what is no data.
const (
	maxBeside = 100     // things beside one event's data
	maxAside  = 8 << 10 // bytes of one of them, and of an id
)

// eventReader reads the event stream format, as the HTML standard defines it,
// within bounds whatever comes.
type eventReader struct {
	in      *bufio.Reader
	limit   int           // bytes of one event's data that are kept
	lastID  string        // to be sent when the stream is opened again
	retry   time.Duration // how long to wait before that; zero: not said
	id      string
	begun   bool
	skipsLF bool // the last line ended with a CR: an LF now belongs to it
}

func newEventReader(in io.Reader, limit int, lastID string) *eventReader {
	return &eventReader{in: bufio.NewReader(in), limit: limit, lastID: lastID, id: lastID}
}

// next is the next event with data or with anything beside it. At the end of
// the stream it answers what was begun, marked as broken, with the error.
func (r *eventReader) next() (event, error) {
	e := event{}
	for {
		line, cut, err := r.line()
		e.cut = e.cut || cut
		if err != nil {
			r.field(&e, line)
			e.broken = e.filled
			return r.whole(e), err
		}
		if len(line) > 0 {
			r.field(&e, line)
			continue
		}
		r.lastID = r.id
		if e.filled || len(e.beside) > 0 {
			return r.whole(e), nil
		}
		e = event{}
	}
}

func (r *eventReader) whole(e event) event {
	e.data = bytes.TrimSuffix(e.data, []byte("\n"))
	if e.name == "" {
		e.name = "message"
	}
	return e
}

// field takes one line. A comment's field has no name.
func (r *eventReader) field(e *event, line []byte) {
	if len(line) == 0 {
		return
	}
	name, value, _ := bytes.Cut(line, []byte(":"))
	value = bytes.TrimPrefix(value, []byte(" "))
	switch string(name) {
	case "data":
		e.filled = true
		r.data(e, value)
		return
	case "event":
		e.name = string(value[:min(len(value), maxAside)])
	case "id":
		if !bytes.ContainsRune(value, 0) && len(value) <= maxAside {
			r.id = string(value)
		}
	case "retry":
		if ms, err := strconv.ParseUint(string(value), 10, 31); err == nil {
			r.retry = time.Duration(ms) * time.Millisecond
		}
		return
	case "":
		name = []byte("comment")
	}
	e.aside(string(name), value)
}

func (r *eventReader) data(e *event, value []byte) {
	room := r.limit - len(e.data)
	if room <= 0 {
		e.cut = true // not even another empty line
		return
	}
	if len(value) > room {
		value, e.cut = value[:room], true
	}
	e.data = append(append(e.data, value...), '\n')
}

// aside keeps what stands beside the data; what is cut off says so.
func (e *event) aside(name string, value []byte) {
	if len(value) == 0 {
		return
	}
	if len(e.beside) >= maxBeside {
		e.cut = true
		return
	}
	if len(name) > maxAside || len(value) > maxAside {
		name, value, e.cut = name[:min(len(name), maxAside)], value[:min(len(value), maxAside)], true
	}
	e.beside = append(e.beside, history.Segment{Where: name, Text: string(value)})
}

var byteOrderMark = []byte("\ufeff")

// line is the next line without its end. Of a longer one than an event may
// be, the beginning. It never waits for what stands behind a line's end.
func (r *eventReader) line() (line []byte, cut bool, err error) {
	for {
		b, err := r.in.ReadByte()
		if err != nil {
			return r.first(line), cut, err //nolint:wrapcheck // the caller says what ended
		}
		lf := b == '\n' && r.skipsLF
		r.skipsLF = b == '\r'
		switch {
		case lf:
		case b == '\n' || b == '\r':
			return r.first(line), cut, nil
		case len(line) < r.limit+maxAside:
			line = append(line, b)
		default:
			cut = true
		}
	}
}

// first drops the mark that a stream may begin with.
func (r *eventReader) first(line []byte) []byte {
	if !r.begun {
		line = bytes.TrimPrefix(line, byteOrderMark)
	}
	r.begun = true
	return line
}

// bounded is a stream that ends with errTooMuch behind so many bytes.
type bounded struct {
	in   io.Reader
	left int64
}

var errTooMuch = errors.New("more than one stream may bring")

// Read answers errTooMuch once all that may be read was.
func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errTooMuch
	}
	n, err := b.in.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	return n, err //nolint:wrapcheck // a Reader is transparent
}
