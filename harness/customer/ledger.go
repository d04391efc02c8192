package customer

import (
	"fmt"
	"slices"
	"strings"

	"crosstalk/harness/match"
)

// ledger knows which values are taken, so that uniqueness is allocated and not
// hoped for. Values are compared by their folded keys.
type ledger struct {
	avoid  map[string]bool // keys that must not be anyone's
	words  map[string]bool // keys of the words in them: nobody is called so
	taken  map[string]bool // kind and key of values that need only differ
	parts  partIndex       // strong keys: none may be part of another
	phone  map[string]bool // significant digits, and every stretch of them
	whole  map[string]bool // significant digits
	barred map[string]bool // like phone, of numbers that must not be anyone's
}

func newLedger(avoid []string) *ledger {
	l := &ledger{
		avoid: map[string]bool{}, words: map[string]bool{}, taken: map[string]bool{}, parts: newPartIndex(),
		phone: map[string]bool{}, whole: map[string]bool{}, barred: map[string]bool{},
	}
	for _, value := range append(shopWords(), avoid...) {
		l.avoidValue(value)
	}
	return l
}

// avoidValue keeps clear of a value and of its single words.
func (l *ledger) avoidValue(value string) {
	key := match.Key(value)
	l.avoid[key] = true
	for _, word := range strings.Fields(value) {
		l.words[match.Key(word)] = true
	}
	if len(key) >= partSize {
		l.parts.add(key)
	}
	if digits := significant(value); len(digits) >= minPhoneDigits {
		l.addPhone(digits)
		stretches(digits, func(s string) bool { l.barred[s] = true; return true })
	}
}

// avoided says whether a value must not be anyone's.
func (l *ledger) avoided(value string) bool { return l.avoid[match.Key(value)] }

// take claims a value that nobody else of its kind has; false if it is taken
// or avoided.
func (l *ledger) take(kind Kind, value string) bool {
	if !l.free(kind, value) {
		return false
	}
	l.taken[string(kind)+" "+match.Key(value)] = true
	return true
}

// free says whether take would claim the value.
func (l *ledger) free(kind Kind, value string) bool {
	key := match.Key(value)
	if (kind == First || kind == Last) && l.words[key] {
		return false
	}
	return key != "" && !l.avoid[key] && !l.taken[string(kind)+" "+key]
}

// takeBasket claims a choice of products and quantities, whatever its order.
func (l *ledger) takeBasket(lines []Line) bool {
	sorted := slices.Clone(lines)
	slices.SortFunc(sorted, func(a, b Line) int { return a.Product - b.Product })
	return l.take("basket", fmt.Sprint(sorted))
}

// takeStrong claims a value together with its projections, if none of them is
// part of, or contains, what was claimed before.
func (l *ledger) takeStrong(values ...string) bool {
	keys := make([]string, 0, len(values))
	for _, v := range values {
		key := match.Key(v)
		if key == "" || l.avoid[key] || !l.parts.free(key) {
			return false
		}
		keys = append(keys, key)
	}
	for _, key := range keys {
		l.parts.add(key)
	}
	return true
}

// takePhone claims a telephone number, whatever its form.
func (l *ledger) takePhone(number string) bool {
	digits := significant(number)
	if digits == "" || l.phone[digits] || l.barredPhone(number) {
		return false
	}
	if !stretches(digits, func(s string) bool { return !l.whole[s] }) {
		return false
	}
	l.addPhone(digits)
	return true
}

// barredPhone says whether a number must not be anyone's.
func (l *ledger) barredPhone(number string) bool {
	return l.barred[significant(number)] || l.avoided(number)
}

func (l *ledger) addPhone(digits string) {
	l.whole[digits] = true
	stretches(digits, func(s string) bool { l.phone[s] = true; return true })
	l.phone[digits] = true
}

// stretches hands out every part of minPhoneDigits or more, until told to stop.
func stretches(digits string, each func(string) bool) bool {
	for n := minPhoneDigits; n <= len(digits); n++ {
		for i := 0; i+n <= len(digits); i++ {
			if !each(digits[i : i+n]) {
				return false
			}
		}
	}
	return true
}

// significant are a number's digits without the zeros that are dialed before them.
func significant(number string) string {
	return strings.TrimLeft(match.Digits(number), "0")
}

// partSize is the shortest key that is kept clear of being part of another.
const partSize = 10

// partIndex answers whether a key is part of a known one or contains one. It
// remembers where every stretch of partSize bytes stands.
type partIndex struct {
	keys   []string
	first  map[string]int32 // stretch → its first posting
	places []posting
	heads  map[string][]int32 // beginning of a key → the keys that begin so
}

// posting is one place of a stretch; next is -1 at the end of the chain.
type posting struct{ key, pos, next int32 }

func newPartIndex() partIndex {
	return partIndex{first: map[string]int32{}, heads: map[string][]int32{}}
}

// free says that a key neither is part of a known key nor contains one. Keys
// shorter than partSize are only compared with whole keys.
func (p *partIndex) free(key string) bool {
	if len(key) < partSize {
		_, known := p.heads[key]
		return !known
	}
	return !p.isPart(key) && !p.containsOne(key)
}

func (p *partIndex) isPart(key string) bool {
	at, ok := p.first[key[:partSize]]
	if !ok {
		return false
	}
	for ; at >= 0; at = p.places[at].next {
		place := p.places[at]
		if strings.HasPrefix(p.keys[place.key][place.pos:], key) {
			return true
		}
	}
	return false
}

func (p *partIndex) containsOne(key string) bool {
	for i := 0; i+partSize <= len(key); i++ {
		for _, k := range p.heads[key[i:i+partSize]] {
			if strings.HasPrefix(key[i:], p.keys[k]) {
				return true
			}
		}
	}
	return false
}

func (p *partIndex) add(key string) {
	if len(key) < partSize {
		p.heads[key] = nil
		return
	}
	id := int32(len(p.keys)) //nolint:gosec // MaxCustomers bounds it
	p.keys = append(p.keys, key)
	p.heads[key[:partSize]] = append(p.heads[key[:partSize]], id)
	for i := 0; i+partSize <= len(key); i++ {
		next, ok := p.first[key[i:i+partSize]]
		if !ok {
			next = -1
		}
		p.first[key[i:i+partSize]] = int32(len(p.places))        //nolint:gosec // likewise
		p.places = append(p.places, posting{id, int32(i), next}) //nolint:gosec // likewise
	}
}
