package history

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/klauspost/compress/zstd"
)

// hashOf names bytes: half of their SHA-256 in hex, 128 bits, which no two
// bodies of a run share by chance.
func hashOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:16])
}

// maxBody is the most a stored body may unpack to, in bytes: what is stored
// was held in memory once, so more can only be a damaged file.
const maxBody = 1 << 30

// mostKnown is how many stored bodies are remembered, about 100 bytes each; of
// others the disk is asked.
const mostKnown = 50_000

// blobs keeps bytes by their hash, each in a zstd file of its own.
type blobs struct {
	dir   string
	coder *zstd.Encoder
	mu    sync.Mutex
	known *lru.Cache[string, struct{}]
}

func newBlobs(dir string) (*blobs, error) {
	coder, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1))
	if err != nil {
		return nil, fmt.Errorf("make compressor: %w", err)
	}
	known, err := lru.New[string, struct{}](mostKnown)
	if err != nil {
		return nil, fmt.Errorf("remember bodies: %w", err)
	}
	return &blobs{dir: dir, coder: coder, known: known}, nil
}

// put stores the bytes unless they are there already, and answers their hash.
// The file gets its name only when it is whole: a kill leaves no half body.
func (s *blobs) put(b []byte) (string, error) {
	hash := hashOf(b)
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.known.Get(hash); ok {
		return hash, nil
	}
	path := blobPath(s.dir, hash)
	if _, err := os.Stat(path); err == nil {
		s.known.Add(hash, struct{}{})
		return hash, nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return "", fmt.Errorf("store body: %w", err)
	}
	if err := os.WriteFile(path+".part", s.coder.EncodeAll(b, nil), 0o600); err != nil {
		return "", fmt.Errorf("store body: %w", err)
	}
	if err := os.Rename(path+".part", path); err != nil {
		return "", fmt.Errorf("store body: %w", err)
	}
	s.known.Add(hash, struct{}{})
	return hash, nil
}

func blobPath(dir, hash string) string {
	return filepath.Join(dir, hash[:2], hash+".zst")
}

// ErrNoBody is in the error for a body that is not in the store.
var ErrNoBody = errors.New("body not stored")

func readBlob(dir, hash string, decoder *zstd.Decoder) ([]byte, error) {
	if len(hash) < 3 {
		return nil, fmt.Errorf("read body %q: %w", hash, ErrNoBody)
	}
	packed, err := os.ReadFile(blobPath(dir, hash))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read body %s: %w", hash, ErrNoBody)
	}
	if err != nil {
		return nil, fmt.Errorf("read body: %w", err)
	}
	b, err := decoder.DecodeAll(packed, nil)
	if err != nil {
		return nil, fmt.Errorf("unpack body %s: %w", hash, err)
	}
	return b, nil
}
