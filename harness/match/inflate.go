package match

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"sync"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zlib"
	"github.com/klauspost/compress/zstd"
)

// maxWindow is how far back, in bytes, a zstd stream may refer: what browsers
// accept. It bounds the memory that a stream's header can ask for.
const maxWindow = 8 << 20

// scratch is what opening a body uses again and again.
type scratch struct {
	inflater io.ReadCloser
	brotli   *brotli.Reader
	bytes    []byte
}

// scratches are lent from one body to the next: a decoder weighs more than most
// bodies.
var scratches = sync.Pool{New: func() any { return &scratch{} }}

func borrowScratch() *scratch {
	s, ok := scratches.Get().(*scratch)
	if !ok {
		s = &scratch{}
	}
	return s
}

// maxScratch is from how many bytes on a buffer is not kept.
const maxScratch = 1 << 20

func (s *scratch) giveBack() {
	if cap(s.bytes) > maxScratch {
		s.bytes = nil
	}
	scratches.Put(s)
}

func isGzip(t *text) bool { return hasPrefix(t.data, "\x1f\x8b\x08") }
func isZstd(t *text) bool { return hasPrefix(t.data, "\x28\xb5\x2f\xfd") }

// isZlib looks at the header: deflate, a window of at most 32 KiB, no
// dictionary, and the check that both bytes make.
func isZlib(t *text) bool {
	return len(t.data) > 6 && zlibHeader(t.data[0], t.data[1])
}

func zlibHeader(cmf, flags byte) bool {
	return cmf&0x8f == 0x08 && flags&0x20 == 0 && (int(cmf)<<8|int(flags))%31 == 0
}

// isBrotli believes the media type only: brotli has no signature.
func isBrotli(t *text) bool {
	base, _, _ := strings.Cut(t.media, ";")
	switch strings.ToLower(strings.TrimSpace(base)) {
	case "application/brotli", "application/x-brotli", "br":
		return true
	}
	return false
}

func (o *opener) gzip(d decoder, t *text) []*text {
	src := bytes.NewReader(t.data)
	r, err := gzip.NewReader(src)
	return o.inflate(d, t, r, src, err)
}

func (o *opener) zstd(d decoder, t *text) []*text {
	src := bytes.NewReader(t.data)
	// With one worker it decodes while it is read from, without goroutines.
	r, err := zstd.NewReader(src, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true),
		zstd.WithDecoderMaxWindow(maxWindow), zstd.WithDecoderMaxMemory(4*maxWindow))
	if err == nil {
		defer r.Close()
	}
	return o.inflate(d, t, r, src, err)
}

func (o *opener) zlib(d decoder, t *text) []*text {
	src := bytes.NewReader(t.data)
	r, err := zlib.NewReader(src)
	return o.inflate(d, t, r, src, err)
}

func (o *opener) brotli(d decoder, t *text) []*text {
	src := bytes.NewReader(t.data)
	return o.inflate(d, t, brotli.NewReader(src), src, nil)
}

// inflate answers what a compressed text holds. What comes before an error is
// worth reading too.
func (o *opener) inflate(d decoder, t *text, r io.Reader, src *bytes.Reader, err error) []*text {
	var data []byte
	reason := reasonOf(err)
	if err == nil {
		data, reason = o.drain(r, src)
	}
	// Two bytes are little of a signature: what begins like zlib and then is
	// broken was something else.
	if reason != "" && (reason != UnopenedBroken || d.name != DecodedDeflate) {
		o.unopen(d.name, reason, t, 0, len(t.data))
	}
	if len(data) == 0 || reason == UnopenedBroken && !mostlyText(data) {
		return nil
	}
	return []*text{t.whole(d.name, data, packedType(t.media))}
}

// packedType is the media type of what is in a compressed body: nothing is
// known of it where the type says only how it is compressed.
func packedType(mediaType string) string {
	for _, name := range []string{"gzip", "zlib", "zstd", "brotli", "compress", "octet-stream"} {
		if strings.Contains(mediaType, name) || mediaType == "br" {
			return ""
		}
	}
	return mediaType
}

// reasonOf says why something could not be decoded.
func reasonOf(err error) string {
	if err == nil {
		return ""
	}
	if errors.Is(err, zstd.ErrWindowSizeExceeded) || errors.Is(err, zstd.ErrDecoderSizeExceeded) {
		return UnopenedLarge
	}
	return UnopenedBroken
}
