package match

import (
	"archive/zip"
	"bytes"
	"io"
	"path"
	"strings"

	"github.com/klauspost/compress/flate"
)

// maxEntries is how many files of one archive are opened, and maxListed how
// many it may list: reading the list alone costs hundreds of bytes for each.
const (
	maxEntries = 1000
	maxListed  = 20_000
)

func isZip(t *text) bool { return hasPrefix(t.data, "PK\x03\x04") }

// zip takes an archive apart, and with it what office programs write. Each
// file stands at a place of its own, named like it.
func (o *opener) zip(d decoder, t *text) []*text {
	if bytes.Count(t.data, []byte("PK\x01\x02")) > maxListed {
		o.unopen(d.name, UnopenedMany, t, 0, len(t.data))
		return nil
	}
	archive, err := zip.NewReader(bytes.NewReader(t.data), int64(len(t.data)))
	if err != nil {
		o.unopen(d.name, UnopenedBroken, t, 0, len(t.data))
		return nil
	}
	left := o.left
	defer func() { o.left = left }() // each part is counted when it is taken
	var parts []*text
	for i, f := range archive.File {
		if i == maxEntries {
			o.unopen(d.name, UnopenedMany, t, 0, len(t.data))
			break
		}
		if c := o.entry(d, t, f); c != nil {
			parts = append(parts, c)
			o.left -= len(c.data)
		}
	}
	return parts
}

// entry is one file of an archive.
func (o *opener) entry(d decoder, t *text, f *zip.File) *text {
	at, err := f.DataOffset()
	from, to := int(at), int(at)+int(min(f.CompressedSize64, uint64(len(t.data)))) //nolint:gosec // bodies are far below 4 GiB
	switch {
	case strings.HasSuffix(f.Name, "/"):
		return nil
	case err != nil || from < 0 || to > len(t.data):
		o.unopen(d.name, UnopenedBroken, t, 0, len(t.data))
		return nil
	case f.Flags&1 != 0:
		o.unopen(d.name, UnopenedLocked, t, from, to)
		return nil
	}
	data, reason := o.unpack(f.Method, t.data[from:to])
	if reason != "" {
		o.unopen(d.name, reason, t, from, to)
	}
	if len(data) == 0 {
		return nil
	}
	c := t.child(d.name, span{from, to}, data, "")
	if f.Method == zip.Store {
		c.from = []stretch{{0, uint32(from), uint32(to)}} //nolint:gosec // bodies are far below 4 GiB
	}
	if c.label = path.Base(f.Name); isData(c.label) {
		c.label = ""
	}
	return c
}

// unpack undoes how a file is stored in an archive.
func (o *opener) unpack(method uint16, packed []byte) (data []byte, reason string) {
	src := bytes.NewReader(packed)
	switch method {
	case zip.Store:
		return o.drain(src, src)
	case zip.Deflate:
		r := flate.NewReader(src)
		defer func(c io.Closer) { _ = c.Close() }(r)
		return o.drain(r, src)
	}
	return nil, UnopenedBroken
}
