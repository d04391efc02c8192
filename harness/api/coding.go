package api

import (
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
// the bytes as they came, with why. limit bounds what a small body may grow to.
func decode(raw []byte, contentEncoding string, limit int64) (decoded []byte, unseen string) {
	codings := strings.FieldsFunc(strings.ToLower(contentEncoding), func(r rune) bool { return r == ',' || r == ' ' })
	if len(codings) > maxCodings {
		return raw, fmt.Sprintf("coded %d times", len(codings))
	}
	decoded = raw
	for i := len(codings) - 1; i >= 0 && len(raw) > 0; i-- {
		plain, err := undo(decoded, codings[i], limit)
		switch {
		case errors.Is(err, errTooLarge):
			return plain, tooLarge(limit)
		case err != nil:
			return raw, fmt.Sprintf("content coding %q could not be undone: %v", codings[i], err)
		}
		decoded = plain
	}
	return decoded, ""
}

func tooLarge(limit int64) string {
	return fmt.Sprintf("larger than %d KiB", limit>>10)
}

var errTooLarge = errors.New("too large")

func undo(coded []byte, coding string, limit int64) ([]byte, error) {
	r, err := reader(coded, coding)
	if err != nil {
		return nil, err
	}
	defer r.Close() //nolint:errcheck // reads memory
	plain, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return nil, err //nolint:wrapcheck // decode says what was tried
	}
	if int64(len(plain)) > limit {
		return plain[:limit], errTooLarge
	}
	return plain, nil
}

func reader(coded []byte, coding string) (io.ReadCloser, error) {
	in := bytes.NewReader(coded)
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
		// Meant is zlib, but many servers send the bare stream.
		if z, err := zlib.NewReader(in); err == nil {
			return z, nil
		}
		return flate.NewReader(bytes.NewReader(coded)), nil
	}
	return nil, errors.New("not known")
}
