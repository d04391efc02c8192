package demoshop

import (
	"bytes"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// answer is a whole response of the origin, as the edge holds it. Once it is
// stored it is never written to.
type answer struct {
	status int
	header http.Header
	body   bytes.Buffer
}

// recorder takes an answer from a handler. One that is flushed before its end
// is a stream: it passes through, and nobody keeps it.
type recorder struct {
	answer
	wrote   bool
	begin   func(*answer) http.ResponseWriter // sends what came so far
	through http.ResponseWriter               // where the rest goes; nil for what is no stream
}

func newRecorder(begin func(*answer) http.ResponseWriter) *recorder {
	return &recorder{answer: answer{status: http.StatusOK, header: http.Header{}}, begin: begin}
}

// FlushError sends what was written.
func (r *recorder) FlushError() error {
	if r.through == nil {
		r.wrote = true
		r.through = r.begin(&r.answer)
	}
	if err := http.NewResponseController(r.through).Flush(); err != nil {
		return fmt.Errorf("pass stream through: %w", err)
	}
	return nil
}

func (r *recorder) Header() http.Header { return r.header }

func (r *recorder) WriteHeader(status int) {
	if !r.wrote {
		r.status, r.wrote = status, true
	}
}

func (r *recorder) Write(b []byte) (int, error) {
	r.wrote = true
	if r.through != nil {
		return r.through.Write(b) //nolint:wrapcheck // a writer passes errors on
	}
	return r.body.Write(b)
}

// control is what a Cache-Control header tells a shared cache.
type control struct {
	public, private, noStore, immutable bool
	life                                time.Duration // s-maxage, else max-age
}

func (a *answer) control() control {
	var c control
	shared := false
	for _, part := range strings.Split(strings.Join(a.header.Values("Cache-Control"), ","), ",") {
		name, value, _ := strings.Cut(strings.ToLower(strings.TrimSpace(part)), "=")
		switch name {
		case "public":
			c.public = true
		case "private":
			c.private = true
		case "no-store", "no-cache":
			c.noStore = true
		case "immutable":
			c.immutable = true
		case "s-maxage":
			c.life, shared = seconds(value), true
		case "max-age":
			if !shared {
				c.life = seconds(value)
			}
		}
	}
	return c
}

func seconds(text string) time.Duration {
	n, err := strconv.Atoi(strings.Trim(text, `"`))
	if err != nil || n < 0 {
		return 0
	}
	return time.Duration(n) * time.Second
}

// storable says whether a shared cache may keep the answer, and for how long.
func (a *answer) storable() (time.Duration, bool) {
	c := a.control()
	ok := a.status == http.StatusOK && c.public && !c.private && !c.noStore && c.life > 0 &&
		len(a.header.Values("Set-Cookie")) == 0 && !variesOn(a.header, "*") && !variesOn(a.header, "Cookie")
	return c.life, ok
}

func variesOn(h http.Header, name string) bool {
	for _, v := range varyNames(h) {
		if strings.EqualFold(v, name) {
			return true
		}
	}
	return false
}

func varyNames(h http.Header) []string {
	var out []string
	for _, v := range h.Values("Vary") {
		for _, name := range strings.Split(v, ",") {
			if name = strings.TrimSpace(name); name != "" {
				out = append(out, name)
			}
		}
	}
	return out
}
