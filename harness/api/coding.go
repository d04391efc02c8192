package api

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zlib"
	"github.com/klauspost/compress/zstd"
)

// acceptEncoding are the codings that apps send and decode undoes.
const acceptEncoding = "gzip, deflate, br, zstd"

// maxCodings bounds how often one body may be coded: a longer list is an
// attack on whoever undoes it.
const maxCodings = 4

// decode undoes the codings of a body, last one first. On failure it answers
// what could be undone, else the bytes as they came, with why. limit bounds
// what a small body may grow to.
func decode(raw []byte, contentEncoding string, limit int64) (decoded []byte, unseen string) {
	codings := codingsOf(contentEncoding)
	if len(codings) > maxCodings {
		return raw, fmt.Sprintf("coded %d times", len(codings))
	}
	decoded = raw
	for i := len(codings) - 1; i >= 0 && len(raw) > 0; i-- {
		plain, err := undo(decoded, codings[i], limit)
		switch {
		case errors.Is(err, errTooLarge):
			return plain, tooLarge(limit)
		case err != nil && i == 0 && len(plain) > 0:
			return plain, fmt.Sprintf("content coding %q broke off after %d bytes: %v", codings[i], len(plain), err)
		case err != nil:
			return raw, fmt.Sprintf("content coding %q could not be undone: %v", codings[i], err)
		}
		decoded = plain
	}
	return decoded, ""
}

func codingsOf(contentEncoding string) []string {
	return strings.FieldsFunc(strings.ToLower(contentEncoding), func(r rune) bool { return r == ',' || r == ' ' || r == '\t' })
}

func tooLarge(limit int64) string {
	return fmt.Sprintf("larger than %d KiB", limit>>10)
}

var errTooLarge = errors.New("too large")

func undo(coded []byte, coding string, limit int64) ([]byte, error) {
	r, err := reader(bytes.NewReader(coded), coding)
	if err != nil {
		return nil, err
	}
	defer r.Close() //nolint:errcheck // reads memory
	plain, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return plain, err //nolint:wrapcheck // decode says what was tried
	}
	if int64(len(plain)) > limit {
		return plain[:limit], errTooLarge
	}
	return plain, nil
}

// reader undoes one coding of what comes, as it comes.
func reader(in io.Reader, coding string) (io.ReadCloser, error) {
	switch coding {
	case "identity":
		return io.NopCloser(in), nil
	case "gzip", "x-gzip":
		return gzip.NewReader(in) //nolint:wrapcheck // decode says what was tried
	case "br":
		return io.NopCloser(brotli.NewReader(in)), nil
	case "zstd":
		// One goroutine, the caller's; and no more memory than browsers allow.
		d, err := zstd.NewReader(in, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(8<<20))
		if err != nil {
			return nil, err //nolint:wrapcheck // decode says what was tried
		}
		return d.IOReadCloser(), nil
	case "deflate":
		// Meant is zlib, but many servers send the bare stream. A zlib header
		// names its method, 8, and is a multiple of 31.
		ahead := bufio.NewReader(in)
		if head, err := ahead.Peek(2); err == nil && head[0]&15 == 8 && (uint(head[0])<<8|uint(head[1]))%31 == 0 {
			return zlib.NewReader(ahead) //nolint:wrapcheck // decode says what was tried
		}
		return flate.NewReader(ahead), nil
	}
	return nil, errors.New("not known")
}
