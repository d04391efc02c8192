package api

import (
	"testing"
)

func FuzzDecodeOfForeignBytesStaysWithinItsLimit(f *testing.F) {
	f.Add([]byte("\x1f\x8b\x08\x00"), "gzip")
	f.Add([]byte("\x28\xb5\x2f\xfd"), "zstd")
	f.Add([]byte("\x78\x9c"), "deflate, br")
	const limit = 1 << 16
	f.Fuzz(func(t *testing.T, raw []byte, coding string) {
		decoded, unseen := decode(raw, coding, limit)
		if len(decoded) > limit && len(decoded) > len(raw) {
			t.Fatalf("%d bytes grew to %d", len(raw), len(decoded))
		}
		if len(raw) > 0 && decoded == nil && unseen == "" && coding == "" {
			t.Fatal("a body was lost without a reason")
		}
	})
}
