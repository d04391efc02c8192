package match

import "math/bits"

// filter answers for a gram whether any key may have it. Each gram sets
// three bits of one word: one look at memory, and about three in a thousand of
// the grams that no key has pass.
type filter struct {
	words []uint64
	shift uint // of a hash to the number of a word
}

// bitsPerGram is the room of a filter: small enough to stay in the processor's
// cache, large enough to be almost empty.
const bitsPerGram = 16

func newFilter(grams int) filter {
	size := max(bits.Len(uint(grams*bitsPerGram/64)), 6) //nolint:gosec // not negative
	return filter{words: make([]uint64, 1<<size), shift: uint(64 - size)}
}

// mask is the three bits of a gram in its word. They come from below the bits
// that number the word.
func mask(hash uint64) uint64 {
	return 1<<(hash>>36&63) | 1<<(hash>>30&63) | 1<<(hash>>24&63)
}

func (f filter) add(hash uint64) { f.words[hash>>f.shift] |= mask(hash) }

func (f filter) has(hash uint64) bool {
	m := mask(hash)
	return f.words[hash>>f.shift]&m == m
}
