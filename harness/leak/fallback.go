package leak

import "crosstalk/harness/customer"

// fallbacks are the languages and currencies in which a shop speaks to those it
// does not know: what the empty jars of the baseline were shown, by where. A
// shop falls back on them when a text is not translated, or a price not
// converted; so that one who is known is shown them is no other customer's page.
type fallbacks map[string]map[string]bool

func (f fallbacks) learn(v shownVariant) {
	for _, at := range []string{fallbackAt(v.kind, v.where), fallbackAt(v.kind, "")} {
		if f[at] == nil {
			f[at] = map[string]bool{}
		}
		f[at][v.value] = true
	}
}

// has says whether a variant is what the empty jars were shown there, and
// nothing else; or, where they were shown none, anywhere.
func (f fallbacks) has(v shownVariant) bool {
	known := f[fallbackAt(v.kind, v.where)]
	if known == nil {
		known = f[fallbackAt(v.kind, "")]
	}
	return len(known) == 1 && known[v.value]
}

func fallbackAt(kind customer.Kind, where string) string { return string(kind) + "\x00" + where }
