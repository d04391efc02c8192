package match

import (
	"encoding/binary"
	"math"
	"math/bits"
)

// A gram is a stretch of gramSize folded bytes. The search samples the text at
// every stride-th position; a key of MinKey bytes has gramSize+stride-1 of
// them, so that it has a gram at every position modulo stride.
const (
	stride   = 2
	gramSize = MinKey - stride + 1
)

// hashGram spreads the first gramSize of eight bytes over 64 bits; its upper
// ones are the best. The shift is in the factor: the eighth byte falls off the
// upper end.
func hashGram(eight uint64) uint64 {
	const golden = 0x9e3779b97f4a7c15
	return eight * (golden << (64 - 8*gramSize) & math.MaxUint64)
}

// gramAt is the hash of the gram at position i of a key.
func gramAt(key string, i int) uint64 {
	var eight [8]byte
	copy(eight[:gramSize], key[i:])
	return hashGram(binary.LittleEndian.Uint64(eight[:]))
}

// maxChoice is how many of a key's grams are weighed: in a long one any will
// do, and hashes and tokens are half of all keys.
const maxChoice = 24

// choice is where in its part of a key the grams begin under which it is entered, one for
// each position modulo stride.
type choice [stride]uint16

// choose picks every entry's rarest grams.
func (x *Index) choose() []choice {
	common := x.commonness()
	choices := make([]choice, len(x.entries))
	for i := range x.entries {
		part := x.part(&x.entries[i])
		var best [stride]int32
		for g := range min(len(part)-gramSize+1, maxChoice) {
			// Letters decide only between grams that are equally rare among
			// the keys themselves.
			cost := int32(*common.at(gramAt(part, g)))<<16 + letterCost(part[g:g+gramSize]) + 1
			if s := g % stride; best[s] == 0 || cost < best[s] {
				choices[i][s], best[s] = uint16(g), cost //nolint:gosec // see maxChoice
			}
		}
	}
	return choices
}

// counts says, roughly, how often a gram is in the keys. Two grams may share a
// counter: that makes a choice worse, never wrong.
type counts struct {
	shift uint
	n     []uint8
}

func (c counts) at(hash uint64) *uint8 { return &c.n[hash>>c.shift] }

// commonness counts the grams that choose weighs.
func (x *Index) commonness() counts {
	total := 0
	for i := range x.entries {
		part := x.part(&x.entries[i])
		total += min(len(part), maxChoice)
	}
	size := bits.Len(uint(total)) + 1 //nolint:gosec // not negative
	c := counts{shift: uint(64 - size), n: make([]uint8, 1<<size)}
	for i := range x.entries {
		part := x.part(&x.entries[i])
		for g := range min(len(part)-gramSize+1, maxChoice) {
			if n := c.at(gramAt(part, g)); *n < math.MaxUint8 {
				*n++
			}
		}
	}
	return c
}

// letterCost estimates how common a gram is in pages, by how common its
// letters are in the languages we speak.
func letterCost(gram string) int32 {
	cost := int32(0)
	for i := range len(gram) {
		if b := gram[i]; b >= 'a' && b <= 'z' {
			cost += int32(letterRank[b-'a'])
		} else {
			cost += otherRank
		}
	}
	return cost
}

// letterRank is the place of a to z in "etanirosldhcumgpfbykwvzjxq", the
// commonest letter highest; otherRank is that of digits and other scripts.
const (
	letterRank = "\x18\x09\x0f\x11\x1a\x0a\x0c\x10\x16\x03\x07\x12\x0d\x17\x14\x0b\x01\x15\x13\x19\x0e\x05\x06\x02\x08\x04"
	otherRank  = 13
)
