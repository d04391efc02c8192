package match

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zlib"
	"github.com/klauspost/compress/zstd"
)

// maxWindow is how far back, in bytes, a zstd stream may refer: what browsers
// accept. It bounds the memory that a stream's header can ask for.
const maxWindow = 8 << 20

// scratch is what opening one body uses again and again.
type scratch struct {
	inflater io.ReadCloser
	brotli   *brotli.Reader
	bytes    []byte
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

// isGuess says that a text may be compressed without a signature.
func isGuess(t *text) bool { return t.guess }

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

// guess tries raw deflate and brotli, which have no signature: only a stream
// that ends well, at the end of the bytes, and holds text is one.
func (o *opener) guess(_ decoder, t *text) []*text {
	if data := o.rawDeflate(t.data); data != nil {
		return []*text{t.whole(DecodedDeflate, data, "")}
	}
	if data := o.rawBrotli(t.data); data != nil {
		return []*text{t.whole(DecodedBrotli, data, "")}
	}
	return nil
}

func (o *opener) rawDeflate(data []byte) []byte {
	if !deflateBegins(data) {
		return nil
	}
	src := bytes.NewReader(data)
	if o.scratch.inflater == nil {
		o.scratch.inflater = flate.NewReader(src)
	} else if r, ok := o.scratch.inflater.(flate.Resetter); !ok || r.Reset(src, nil) != nil {
		return nil
	}
	return o.guessed(o.scratch.inflater, src)
}

// deflateBegins says whether the first block can be one: a stored block's
// length is there twice, and a table of codes has no more than there are.
func deflateBegins(data []byte) bool {
	if len(data) < 8 {
		return false
	}
	switch data[0] >> 1 & 3 {
	case 0:
		return data[1] == ^data[3] && data[2] == ^data[4]
	case 1:
		return true
	case 2:
		bits := uint(data[0]) | uint(data[1])<<8
		return bits>>3&31 <= 29 && bits>>8&31 <= 29
	}
	return false
}

func (o *opener) rawBrotli(data []byte) []byte {
	if !brotliBegins(data) {
		return nil
	}
	src := bytes.NewReader(data)
	if o.scratch.brotli == nil {
		o.scratch.brotli = brotli.NewReader(src)
	} else if o.scratch.brotli.Reset(src) != nil {
		return nil
	}
	return o.guessed(o.scratch.brotli, src)
}

// brotliBegins says whether a stream can begin so: its first block says how
// many bytes it makes, and that must go with how many there are.
func brotliBegins(data []byte) bool {
	if len(data) < MinKey {
		return false
	}
	bits := binary.LittleEndian.Uint64(data)
	take := func(n int) uint64 {
		v := bits & (1<<n - 1)
		bits >>= n
		return v
	}
	if take(1) == 1 && take(3) == 0 { // how far back it refers
		take(3)
	}
	if take(1) == 1 && take(1) == 1 { // the last block, and empty
		return false
	}
	nibbles := 4 + int(take(2))
	if nibbles == 7 {
		return false
	}
	made := int(take(4*nibbles)) + 1 //nolint:gosec // 24 bits
	return made >= len(data)/2 && made <= len(data)*maxRatio
}

// guessed is what a guess made, if it is right.
func (o *opener) guessed(r io.Reader, src *bytes.Reader) []byte {
	data, reason := o.drain(r, src)
	if reason != "" || src.Len() > 0 || !mostlyText(data) {
		return nil
	}
	return data
}
