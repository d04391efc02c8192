package api

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"crosstalk/harness/history"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// readAll reads a stream to its end, or to so many events.
func readAll(r *eventReader, most int) (all []event, err error) {
	for len(all) < most {
		e, err := r.next()
		if e.filled || len(e.beside) > 0 {
			all = append(all, e)
		}
		if err != nil {
			return all, err
		}
	}
	return all, nil
}

func TestEventStreamsAreReadAsTheStandardSays(t *testing.T) {
	one := func(name, data string) event { return event{name: name, data: []byte(data), filled: true} }
	for name, c := range map[string]struct {
		text string
		want []event
		id   string
	}{
		"lines of one event":         {"data: YHOO\ndata: +2\ndata: 10\n\n", []event{one("message", "YHOO\n+2\n10")}, ""},
		"one space is cut, not two":  {"data:a\n\ndata: b\n\ndata:  c\n\n", []event{one("message", "a"), one("message", "b"), one("message", " c")}, ""},
		"a field without a colon":    {"data\n\ndata\ndata\n\ndata:\n\n", []event{one("message", ""), one("message", "\n"), one("message", "")}, ""},
		"two bytes end one line":     {"data: a\r\ndata: b\r\n\r\n", []event{one("message", "a\nb")}, ""},
		"all ends of lines":          {"data: a\r\rdata: b\r\n\r\ndata: c\n\n", []event{one("message", "a"), one("message", "b"), one("message", "c")}, ""},
		"a mark before the first":    {"\ufeffdata: a\n\n\ufeffdata: b\n\n", []event{one("message", "a"), {name: "message", data: []byte{}, beside: []history.Segment{{Where: "\ufeffdata", Text: "b"}}}}, ""},
		"a name, which ends with it": {"event: add\ndata: 1\n\ndata: 2\n\n", []event{{name: "add", data: []byte("1"), filled: true, beside: []history.Segment{{Where: "event", Text: "add"}}}, one("message", "2")}, ""},
		"an id that stays":           {"id: 1\ndata: a\n\ndata: b\n\n", []event{{name: "message", data: []byte("a"), filled: true, beside: []history.Segment{{Where: "id", Text: "1"}}}, one("message", "b")}, "1"},
		"an id that is taken back":   {"id: 1\n\nid\n\n", []event{{name: "message", beside: []history.Segment{{Where: "id", Text: "1"}}}}, ""},
		"an id with a zero in it":    {"id: 1\x002\n\n", []event{{name: "message", beside: []history.Segment{{Where: "id", Text: "1\x002"}}}}, ""},
		"comments":                   {": hello\n\n:\n\n", []event{{name: "message", beside: []history.Segment{{Where: "comment", Text: "hello"}}}}, ""},
		"a value with colons":        {"data: a: b\n\n", []event{one("message", "a: b")}, ""},
		"an unknown field":           {"who: zoe\n\n", []event{{name: "message", beside: []history.Segment{{Where: "who", Text: "zoe"}}}}, ""},
		"an end within an event":     {"data: a\n\nid: 9\ndata: b", []event{one("message", "a"), {name: "message", data: []byte("b"), filled: true, broken: true, beside: []history.Segment{{Where: "id", Text: "9"}}}}, ""},
		"bytes that are no text":     {"data: \xff\xfe\n\n", []event{one("message", "\xff\xfe")}, ""},
	} {
		for _, in := range []io.Reader{strings.NewReader(c.text), iotest.OneByteReader(strings.NewReader(c.text))} {
			r := newEventReader(in, 1000, "")
			got, err := readAll(r, 100)
			require.ErrorIs(t, err, io.EOF, name)
			for i := range got {
				if len(got[i].data) == 0 && len(c.want[i].data) == 0 {
					got[i].data = c.want[i].data
				}
			}
			assert.Equal(t, c.want, got, name)
			assert.Equal(t, c.id, r.lastID, name)
		}
	}
}

func TestAnEventIsToldBeforeTheNextByteComes(t *testing.T) {
	for _, end := range []string{"\n\n", "\r\r", "\r\n\r\n"} {
		in, out := io.Pipe()
		told := make(chan event, 1)
		go func() {
			e, _ := newEventReader(in, 100, "").next()
			told <- e
		}()
		_, err := io.WriteString(out, "data: a"+end[:len(end)-1])
		require.NoError(t, err)
		go func() { _, _ = io.WriteString(out, end[len(end)-1:]) }()
		select {
		case e := <-told:
			assert.Equal(t, "a", string(e.data))
		case <-time.After(5 * time.Second):
			t.Fatalf("%q waits for more", end)
		}
		_ = in.Close()
	}
}

func TestTheTimeToWaitIsTakenOnlyFromDigits(t *testing.T) {
	for text, want := range map[string]time.Duration{"retry: 250\n\n": 250 * time.Millisecond, "retry: -1\n\n": 0, "retry: 1s\n\n": 0, "retry: 99999999999999\n\n": 0} {
		r := newEventReader(strings.NewReader(text), 100, "")
		_, _ = readAll(r, 10)
		assert.Equal(t, want, r.retry, text)
	}
}

func TestWhatIsTooLongForAnEventIsCut(t *testing.T) {
	long := strings.Repeat("x", 20000)
	for name, text := range map[string]string{
		"one line":   "data: " + long + long + "\n\n",
		"many lines": strings.Repeat("data: 0123456789\n", 50) + "\n",
		"empty ones": strings.Repeat("data\n", 500) + "\n",
		"a comment":  ": " + long + "\ndata: a\n\n",
		"an id":      "id: " + long + "\ndata: a\n\n",
		"many ids":   strings.Repeat("id: 1\n", 500) + "data: a\n\n",
	} {
		all, err := readAll(newEventReader(strings.NewReader(text), 100, ""), 10)
		require.ErrorIs(t, err, io.EOF, name)
		require.Len(t, all, 1, name)
		assert.True(t, all[0].cut, name)
		assert.LessOrEqual(t, len(all[0].data), 100, name)
		assert.LessOrEqual(t, len(all[0].beside), maxBeside, name)
	}
}

func FuzzEventsAreTheSameHoweverTheyArriveAndStayWithinTheirLimit(f *testing.F) {
	f.Add([]byte("\ufeff: c\r\rid: 1\nevent: e\r\ndata: a\ndata\n\nretry: 5\n\ndata: b"))
	f.Add([]byte("data:\n\n\x00id\x00: \xff\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		const limit = 64
		whole, err := readAll(newEventReader(bytes.NewReader(text), limit, ""), len(text)+1)
		if !errors.Is(err, io.EOF) {
			t.Fatalf("ended with %v", err)
		}
		bytewise, _ := readAll(newEventReader(iotest.OneByteReader(bytes.NewReader(text)), limit, ""), len(text)+1)
		if len(whole) != len(bytewise) {
			t.Fatalf("%d events at once, %d byte by byte", len(whole), len(bytewise))
		}
		for i, e := range whole {
			if !bytes.Equal(e.data, bytewise[i].data) || e.name != bytewise[i].name {
				t.Fatalf("event %d differs: %q, %q", i, e.data, bytewise[i].data)
			}
			if kept := len(e.data); kept > limit {
				t.Fatalf("%d bytes kept of an event", kept)
			}
			for line := range bytes.SplitSeq(e.data, []byte("\n")) {
				if !bytes.Contains(text, line) {
					t.Fatalf("%q was never sent", line)
				}
			}
		}
	})
}
