package demoshop

import (
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// kept are the names that rename mode leaves alone, because scenarios/checkout.yaml
// says them. A name that a scenario does not say must not be listed here: the
// shorter this list, the more the rename test proves.
func kept() []string {
	return []string{
		// Paths that are visited, not reached by a link or button.
		"products", "sign-in", "sign-up", "account", "orders", "basket",
		// The JSON API, which has no labels to go by.
		"api", "login", "me", "wallet", "passport", "member", "invoice", "pictures", "portrait", "logout", "events", // paths, beside basket and orders
		"email", "password", "product", "quantity", // keys of what a client sends
		"token", "number", // keys of what a client remembers
		// The element that holds the order number on the confirmation page.
		"order-number",
		"healthz", "flush", // not a scenario's: whoever runs a shop asks there whether it is up, and empties its caches
	}
}

// names gives every name of the shop that is not text for people its form on
// the wire. In templates, style sheet, script, routes and Go code such a name
// is written with a tilde before it, ~mini-basket, and stands for itself
// unless the shop was started with Options.Rename.
type names struct {
	seed uint64 // zero: every name stands for itself
	mu   sync.Mutex
	wire map[string]string // by written name
	used map[string]bool   // wire names given out, so that no two are the same
}

func newNames(seed uint64) *names {
	n := &names{seed: seed, wire: map[string]string{}, used: map[string]bool{}}
	for _, k := range kept() {
		n.wire[k], n.used[k] = k, true
	}
	return n
}

// of is the wire form of a name, written here without its tilde.
func (n *names) of(name string) string {
	if n.seed == 0 {
		return name
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if w, ok := n.wire[name]; ok {
		return w
	}
	w := n.invent(name)
	n.wire[name], n.used[w] = w, true
	return w
}

// invent makes a word that no language of the customers has, so that it is
// never mistaken for one of their names. It depends on seed and name alone
// unless two names fall together.
func (n *names) invent(name string) string {
	h := fnv.New64a()
	h.Write([]byte(name)) // never fails
	rng := rand.New(rand.NewPCG(n.seed, h.Sum64()))
	for {
		var b strings.Builder
		for range 4 {
			b.WriteByte("qxzvjkw"[rng.IntN(7)])
			b.WriteByte("aeiou"[rng.IntN(5)])
		}
		b.WriteByte("xqz"[rng.IntN(3)])
		if !n.used[b.String()] {
			return b.String()
		}
	}
}

// text replaces every ~name in a source: a template, a route, a path.
func (n *names) text(source string) string {
	var b strings.Builder
	for {
		before, after, found := strings.Cut(source, "~")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		name, rest := leadingName(after)
		if name == "" {
			b.WriteByte('~')
		} else {
			b.WriteString(n.of(name))
		}
		source = rest
	}
}

// leadingName cuts the name off which a text begins with: words of a to z and
// digits, joined by - or _. It is empty where there is none.
func leadingName(text string) (name, rest string) {
	end := 0
	for end < len(text) && (isWord(text[end]) || end > 0 && isJoint(text[end]) && end+1 < len(text) && isWord(text[end+1])) {
		end++
	}
	return text[:end], text[end:]
}

func isWord(c byte) bool { return 'a' <= c && c <= 'z' || '0' <= c && c <= '9' }

func isJoint(c byte) bool { return c == '-' || c == '_' }

// onlyCall is the path of the one call to which its variant narrows a fault;
// empty for a fault of everything, and where there is none.
func (n *names) onlyCall(fault *lever) string {
	part := fault.part()
	if part == "" {
		return ""
	}
	return n.text("/~api/" + part)
}

// personalCalls are the paths of the calls that say something of whoever asks.
func (n *names) personalCalls() []string {
	var out []string
	for _, call := range []string{"~me", "~orders", "~basket", "~checkout", "~wallet", "~passport", "~member"} {
		out = append(out, n.text("/~api/"+call))
	}
	return out
}

// header is the wire form of a header of the shop's own, "x-cache" for X-Cache.
func (n *names) header(name string) string {
	if n.seed == 0 {
		return name
	}
	return "x-" + n.of(name)
}

// style is which of a mail's wordings this shop has: a renamed one has others
// than the plain one.
func (n *names) style() int {
	if n.seed == 0 {
		return 0
	}
	return 1 + int(n.seed%uint64(len(wording{})-1)) //nolint:gosec // 1 or 2
}

// renamed lists the written names that now have another form on the wire.
func (n *names) renamed() []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	var out []string
	for name, w := range n.wire {
		if name != w {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// obj is a JSON object whose keys are written names, without the tilde.
type obj map[string]any

// keys gives an object, and what is in it, its wire keys.
func (n *names) keys(v any) any {
	switch v := v.(type) {
	case obj:
		out := make(map[string]any, len(v))
		for k, e := range v {
			out[n.of(k)] = n.keys(e)
		}
		return out
	case []obj:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = n.keys(e)
		}
		return out
	}
	return v
}

// number reads a JSON number, or a string of digits, as clients send both.
func number(v any) int {
	switch v := v.(type) {
	case float64:
		return int(v)
	case string:
		i, err := strconv.Atoi(strings.TrimSpace(v))
		if err == nil {
			return i
		}
	}
	return 0
}
