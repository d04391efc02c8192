package leak

import "strings"

// span is a stretch of words that is somebody's value.
type span struct {
	from, to int // words
	key      string
}

// find answers the stretches of words that are values, in the order of their
// first word, the longest first. A house number is not found in "1 23": only
// numbers that people group as they like may be split otherwise than planted.
func (o *owners) find(words []word) []span {
	var spans []span
	var joined string
	var starts []int
	for i := range words {
		if !o.heads.begin(words[i:]) {
			continue
		}
		if starts == nil {
			joined, starts = join(words)
		}
		for k := min(len(words), i+o.words+2); k > i; k-- {
			if starts[k]-starts[i] > o.longest {
				continue
			}
			key := joined[starts[i]:starts[k]]
			for _, v := range o.values[key] {
				if v.words == 0 || v.words == k-i {
					spans = append(spans, span{i, k, key})
					break
				}
			}
		}
	}
	return spans
}

// join puts the folded words together, and says where each begins.
func join(words []word) (string, []int) {
	switch len(words) {
	case 0:
		return "", []int{0}
	case 1:
		return words[0].key, []int{0, len(words[0].key)}
	}
	var b strings.Builder
	starts := make([]int, 0, len(words)+1)
	for _, w := range words {
		starts = append(starts, b.Len())
		b.WriteString(w.key)
	}
	return b.String(), append(starts, b.Len())
}

// reading of the value as this customer's; ok is false when it is not theirs.
func (o *owners) reading(key, owner string, words int) (value, bool) {
	best, ok := value{}, false
	for _, v := range o.values[key] {
		if v.owner == owner && (v.words == 0 || v.words == words) && (!ok || v.rank < best.rank) {
			best, ok = v, true
		}
	}
	return best, ok
}

// headSize is how many bytes of a value are looked at to see whether any can
// begin at a word. Few words of a page pass.
const headSize = 3

// heads are the beginnings of values, hashed: a set that never misses one.
type heads [1 << 16 / 64]uint64

func (h *heads) add(key string) {
	bit := headHash(key[:min(len(key), headSize)])
	h[bit>>6] |= 1 << (bit & 63)
}

// begin says whether a value can begin with these words.
func (h *heads) begin(words []word) bool {
	var head [headSize]byte
	n := 0
	for i := 0; i < len(words) && n < headSize; i++ {
		n += copy(head[n:], words[i].key)
	}
	for size := 1; size <= n; size++ {
		bit := headHash(string(head[:size]))
		if h[bit>>6]&(1<<(bit&63)) != 0 {
			return true
		}
	}
	return false
}

// headHash spreads beginnings over 16 bits.
func headHash(head string) uint32 {
	sum := uint32(len(head))
	for i := range len(head) {
		sum = sum<<8 | uint32(head[i])
	}
	return sum * 0x9e3779b1 >> 16
}
