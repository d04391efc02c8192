package customer

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
)

// Sounds of a nonce: 16·5 syllables and a digit carry 15.9 bits, so three
// times that 47.8.
const (
	nonceOnsets = "bdfghjklmnprstvz"
	nonceVowels = "aeiou"
	nonceTurns  = 3
)

// Nonce is a word of 15 letters and digits that can be said ("tavi4mule7naso2")
// and that depends on what it is given alone: another for every session and
// every step of a run, and so with 47 bits no other value of it. It is a strong
// marker by LearnedStrength.
func Nonce(seed uint64, session string, step int) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "nonce %d %s %d", seed, session, step))
	r := rand.New(rand.NewPCG(binary.LittleEndian.Uint64(sum[:]), binary.LittleEndian.Uint64(sum[8:]))) //nolint:gosec // to be found again, not to be kept
	var word []byte
	for range nonceTurns {
		for range 2 {
			word = append(word, nonceOnsets[r.IntN(len(nonceOnsets))], nonceVowels[r.IntN(len(nonceVowels))])
		}
		word = append(word, byte('0'+r.IntN(10)))
	}
	return string(word)
}
