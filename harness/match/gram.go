package match

import (
	"encoding/binary"
	"math"
	"math/bits"
)

// A gram is a stretch of gramSize folded bytes. The search samples the text at
// every stride-th position; a key of MinKey bytes has stride of them, so that
// it has a gram at every position modulo stride.
const (
	stride   = 2
	gramSize = MinKey - stride + 1
	gramPad  = 8 - gramSize // bytes read behind a gram, and ignored
)

// hashGram spreads the first gramSize of eight bytes over 64 bits; its upper
// ones are the best. The shift is in the factor: the eighth byte falls off the
// upper end.
func hashGram(eight uint64) uint64 {
	const golden = 0x9e3779b97f4a7c15
	return eight * (golden << (8 * gramPad) & math.MaxUint64)
}

// gram is the hash of the gram at a position of the index's keys.
func (x *Index) gram(at int) uint64 {
	return hashGram(binary.LittleEndian.Uint64(x.keys[at:]))
}

// maxChoice is how many of a key's grams are weighed: in a long one any will
// do, and tokens and hashes are most of all keys.
const maxChoice = 16

// choice is where in its part of a key the grams begin under which an entry is
// filed, one for each position modulo stride.
type choice [stride]uint16

// choose picks every entry's rarest grams.
func (x *Index) choose() []choice {
	common := x.commonness()
	choices := make([]choice, len(x.entries))
	for i := range x.entries {
		choices[i] = x.rarest(&x.entries[i], common)
	}
	return choices
}

// rarest picks an entry's grams. All counters are read before any is compared,
// so that the looks at memory do not wait for each other.
func (x *Index) rarest(e *entry, common counts) choice {
	var often [maxChoice]uint8
	start, n := x.weighed(e)
	for g := range n {
		often[g] = *common.at(x.gram(start + g))
	}
	var c choice
	var best [stride]int
	letters := 0
	for _, b := range x.keys[start : start+gramSize-1] {
		letters += letterCost(b)
	}
	for g := range n {
		letters += letterCost(x.keys[start+g+gramSize-1])
		cost := letters + keyCost*bits.Len8(often[g])
		if s := g % stride; best[s] == 0 || cost < best[s] {
			c[s], best[s] = uint16(g), cost //nolint:gosec // less than maxChoice
		}
		letters -= letterCost(x.keys[start+g])
	}
	return c
}

// weighed are the grams of an entry that may be chosen: where the first
// begins, and how many they are.
func (x *Index) weighed(e *entry) (start, n int) {
	start, end := x.part(e)
	return start, min(end-start-gramSize+1, maxChoice)
}

// counts says, roughly, how often a gram is in the keys. Two grams may share a
// counter: that makes a choice worse, never wrong.
type counts struct {
	shift uint
	n     []uint8
}

func (c counts) at(hash uint64) *uint8 { return &c.n[hash>>c.shift] }

// commonness counts the grams that may be chosen.
func (x *Index) commonness() counts {
	total := 0
	for i := range x.entries {
		_, n := x.weighed(&x.entries[i])
		total += n
	}
	size := bits.Len(uint(total)) //nolint:gosec // not negative
	c := counts{shift: uint(64 - size), n: make([]uint8, 1<<size)}
	for i := range x.entries {
		start, n := x.weighed(&x.entries[i])
		for g := range n {
			if n := c.at(x.gram(start + g)); *n < math.MaxUint8 {
				*n++
			}
		}
	}
	return c
}

// keyCost is how much each doubling of the keys that share a gram counts,
// beside the letters.
const keyCost = 12

// letterCost estimates how common a byte is in pages: 26 for the commonest
// letter of the languages we speak, 1 for the rarest.
func letterCost(b byte) int {
	// The places of a to z in "etanirosldhcumgpfbykwvzjxq".
	const ranks = "\x18\x09\x0f\x11\x1a\x0a\x0c\x10\x16\x03\x07\x12\x0d\x17\x14\x0b\x01\x15\x13\x19\x0e\x05\x06\x02\x08\x04"
	if b >= 'a' && b <= 'z' {
		return int(ranks[b-'a'])
	}
	return 13 // digits and other scripts
}
