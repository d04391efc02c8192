package leak

import (
	"slices"
	"strings"

	"crosstalk/harness/customer"
)

// masked is a text as one customer would mask it: each of their own values
// replaced by its kind.
type masked []element

// element is a word, or one of the customer's values.
type element struct {
	shape  string        // "hi", "#", "⟨first⟩"
	key    string        // folded
	kind   customer.Kind // "" for a word
	proof  bool
	width  int  // words it stands for
	beside bool // it is another customer's, whose the text may be as well
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

// with is the text with the values of a second customer masked too, where the
// first has none.
func (m masked) with(other masked) masked {
	at := map[int]element{} // by the word
	for i, k := 0, 0; k < len(other); k++ {
		if other[k].kind != "" {
			at[i] = other[k]
		}
		i += other[k].width
	}
	if len(at) == 0 {
		return m
	}
	var all masked
	for i, k := 0, 0; k < len(m); k++ {
		e, ok := at[i]
		if ok && free(m[k:], e.width) {
			e.beside = true
			all = append(all, e)
			i += e.width
			k += e.width - 1
			continue
		}
		all = append(all, m[k])
		i += m[k].width
	}
	return all
}

// free says that so many words are no values.
func free(m masked, words int) bool {
	return len(m) >= words && !slices.ContainsFunc(m[:words], func(e element) bool { return e.kind != "" })
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
