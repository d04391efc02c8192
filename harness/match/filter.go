package match

import (
	"math/bits"
	"math/rand/v2"
)

// filter answers for a gram whether any key may have it. Each gram sets three
// bits of one word: one look at memory, and about three in a thousand of the
// grams that no key has pass.
type filter struct {
	words []uint64
	shift uint           // of a hash to the number of a word
	masks *[masks]uint64 // three bits each; to look one up is faster than to make it
}

// bitsPerGram is the room of a filter: small enough to stay in the processor's
// cache, large enough to be almost empty.
const bitsPerGram = 16

// masks is how many different masks there are: more than enough beside the
// number of words, and a small part of the fastest cache.
const masks = 512

func newFilter(grams int) filter {
	size := max(bits.Len(uint(grams*bitsPerGram/64)), 6) //nolint:gosec // not negative
	f := filter{words: make([]uint64, 1<<size), shift: uint(64 - size), masks: new([masks]uint64)}
	r := rand.New(rand.NewPCG(masks, 0)) //nolint:gosec // the same in every index
	for i := range f.masks {
		f.masks[i] = threeBits(r.Uint64())
	}
	return f
}

// threeBits makes a mask of the first three different numbers below 64 that
// are in a random number.
func threeBits(random uint64) uint64 {
	mask := uint64(0)
	for bits.OnesCount64(mask) < 3 && random != 0 {
		mask |= 1 << (random & 63)
		random >>= 6
	}
	return mask
}

// maskOf is the number of a gram's mask, from below the bits that number its
// word.
func maskOf(hash uint64) uint64 { return hash >> 32 & (masks - 1) }

func (f filter) add(hash uint64) { f.words[hash>>f.shift] |= f.masks[maskOf(hash)] }

func (f filter) has(hash uint64) bool {
	m := f.masks[maskOf(hash)]
	return f.words[hash>>f.shift]&m == m
}
