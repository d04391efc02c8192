package leak

import (
	"strings"

	"crosstalk/harness/customer"
)

// masked is a text as one customer would mask it: each of their own values
// replaced by its kind.
type masked []element

// element is a word, or one of the customer's values.
type element struct {
	shape string        // "hi", "#", "⟨first⟩"
	key   string        // folded
	kind  customer.Kind // "" for a word
	proof bool
	width int // words it stands for
}

// mask replaces the owner's values in a text, from left to right, the longest
// first.
func (o *owners) mask(words []word, spans []span, owner string) masked {
	var m masked
	for i, next := 0, 0; i < len(words); {
		for next < len(spans) && spans[next].from < i {
			next++
		}
		e, width := element{shape: words[i].shape(), key: words[i].key}, 1
		for k := next; k < len(spans) && spans[k].from == i; k++ {
			if v, ok := o.reading(spans[k].key, owner, spans[k].to-spans[k].from); ok {
				e = element{shape: "⟨" + string(v.kind) + "⟩", key: spans[k].key, kind: v.kind, proof: v.proof}
				width = spans[k].to - spans[k].from
				break
			}
		}
		e.width = width
		m = append(m, e)
		i += width
	}
	return m
}

// around is how many words on either side of a value make its skeleton.
const around = 6

// skeleton is the text around the value at position i, without the value: it
// is the same for every customer who is shown their own.
func (m masked) skeleton(i int) string {
	from, to := max(0, i-around), min(len(m), i+around+1)
	var b strings.Builder
	for k := from; k < to; k++ {
		if k > from {
			b.WriteByte(' ')
		}
		if k == i {
			b.WriteString("⟨" + string(m[k].kind) + "⟩")
			continue
		}
		b.WriteString(m[k].shape)
	}
	return b.String()
}

// filler answers the digits at position i, when a number that is none of the
// viewer's own stands there.
func (m masked) filler(i int) string {
	if m[i].kind == "" && isNumber(m[i].key) {
		return m[i].key
	}
	return ""
}
