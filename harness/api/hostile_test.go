package api_test

import (
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"crosstalk/harness/api"
	"crosstalk/harness/history"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// raw is a server that reads one request of each connection and answers it by
// hand.
func raw(t *testing.T, answer func(c net.Conn)) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	var all sync.WaitGroup
	all.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			all.Go(func() {
				defer conn.Close()
				_, _ = conn.Read(make([]byte, 4096))
				answer(conn)
			})
		}
	})
	t.Cleanup(func() { _ = listener.Close(); all.Wait() })
	return "http://" + listener.Addr().String()
}

func TestWhateverTheServerDoesTheStepEndsInTimeAndWhatCameIsKept(t *testing.T) {
	head := "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
	half := coded(t, "gzip")[:len(coded(t, "gzip"))-9]
	for name, c := range map[string]struct {
		answer       func(net.Conn)
		body, unseen string
		failed       bool
	}{
		"a body shorter than it says": {func(c net.Conn) { fmt.Fprint(c, head+"Content-Length: 50\r\n\r\nzoe lives here") },
			"zoe lives here", "unexpected EOF", true},
		"a body longer than it says": {func(c net.Conn) { fmt.Fprint(c, head+"Content-Length: 3\r\n\r\nzoe and jane") },
			"zoe", "", false},
		"two lengths": {func(c net.Conn) { fmt.Fprint(c, head+"Content-Length: 3\r\nContent-Length: 4\r\n\r\nzoe") },
			"", "", true},
		"a chunk that breaks off": {func(c net.Conn) { fmt.Fprint(c, head+"Transfer-Encoding: chunked\r\n\r\nff\r\nzoe lives") },
			"zoe lives", "unexpected EOF", true},
		"a chunk of no length": {func(c net.Conn) { fmt.Fprint(c, head+"Transfer-Encoding: chunked\r\n\r\n3\r\nzoe\r\nxyz\r\n") },
			"zoe", "invalid byte in chunk length", true},
		"a compressed body that breaks off": {func(c net.Conn) {
			fmt.Fprintf(c, "%sContent-Encoding: gzip\r\nContent-Length: 500\r\n\r\n%s", head, half)
		}, plain, "unexpected EOF", true},
		"no HTTP at all":       {func(c net.Conn) { fmt.Fprint(c, "220 smtp.shop.test ready\r\n") }, "", "", true},
		"half a head":          {func(c net.Conn) { fmt.Fprint(c, head) }, "", "", true},
		"bytes that are none":  {func(c net.Conn) { fmt.Fprint(c, head+"Content-Length: 6\r\n\r\nzoe\xff\xfe!") }, "zoe\xff\xfe!", "", false},
		"a body in drips":      {drip, "zoe", "no whole answer within the step's timeout", true},
		"a body without end":   {flood, "", "larger than 1024 KiB", false},
		"a head without end":   {func(c net.Conn) { fmt.Fprint(c, "HTTP/1.1 200 OK\r\nX: "); pour(c) }, "", "", true},
		"a body until the end": {func(c net.Conn) { fmt.Fprint(c, head+"\r\nzoe") }, "zoe", "", false},
	} {
		s := open(t, raw(t, c.answer), func(o *api.Options, _ *history.SessionSpec) { o.BodyLimit = 1 << 20 })
		begun := time.Now()
		o := s.do("{request: /, timeout: 700ms}")
		assert.Less(t, time.Since(begun), 10*time.Second, name)
		assert.Equal(t, c.failed, o.Outcome == history.StepFailed, "%s: %s", name, o.Error)
		require.Len(t, s.exchanges, 1, name)
		x := s.exchanges[0]
		assert.Equal(t, c.unseen, x.Body.Unseen, name)
		assert.Equal(t, c.failed, x.Failed != "", name)
		assert.True(t, strings.HasPrefix(x.text(), c.body), "%s: %q", name, x.text())
		s.do("see: {text: zoe}", "remember: {a: {json: $.a}}") // whatever came, looking at it is safe
	}
}

// drip sends a letter at a time, for longer than any step waits.
func drip(c net.Conn) {
	fmt.Fprint(c, "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\nzoe")
	for range 1000 {
		if _, err := fmt.Fprint(c, "."); err != nil {
			return
		}
		time.Sleep(20 * time.Millisecond) // the server's pace, not the test's
	}
}

func flood(c net.Conn) {
	fmt.Fprint(c, "HTTP/1.1 200 OK\r\n\r\n")
	pour(c)
}

func pour(c net.Conn) {
	block := []byte(strings.Repeat("0123456789abcdef", 4<<10))
	for {
		if _, err := c.Write(block); err != nil {
			return
		}
	}
}
