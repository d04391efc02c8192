package leak

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"crosstalk/harness/customer"
)

// leastLast is the shortest folded last name, in bytes, that half a name may
// be told by.
const leastLast = 6

// halves applies the rule "foreign marker" to a half-mixed record in running
// text: another customer's last name beside a first name that is not theirs,
// the viewer's own perhaps ("Hazel Lindqvist" to Hazel Thistlewood). Last names
// are allocated, composed, and kept clear of what the public pages say, but
// they are weak: this is a suspicion. Separate fields are the own places'.
func (c *court) halves(s *sighting, found []proof) []proof {
	if !showsMasks(s) {
		return nil
	}
	var proofs []proof
	for _, p := range c.seen.contentOf(s).pieces {
		if !p.owned {
			continue
		}
		for _, h := range c.halvesIn(s, p) {
			if reportedAt(found, h.victim, p.where) || reportedAt(proofs, h.victim, p.where) {
				continue
			}
			proofs = append(proofs, proof{
				rule: RuleForeignMarker, strength: Suspicion, viewer: s.viewer, victim: h.victim, kind: string(customer.Last),
				where: p.where, value: h.last, decoded: []string{}, sighting: s, snippet: oneLine(p.text),
				note: fmt.Sprintf("%s was shown %q %s, %s: the last name is %s's, the first name beside it is not",
					name(s.viewer), oneLine(h.text), spot(s, p.where), moment(s.at), h.victim),
			})
		}
	}
	return proofs
}

func reportedAt(found []proof, victim, where string) bool {
	for _, p := range found {
		if p.victim == victim && p.where == where {
			return true
		}
	}
	return false
}

// half is another customer's last name beside a first name.
type half struct{ victim, last, text string }

func (c *court) halvesIn(s *sighting, p piece) []half {
	words := wordsOf(p.text)
	spans := c.own.find(words)
	var all []half
	for _, last := range spans {
		victim, ok := c.lastOf(s, last)
		if !ok {
			continue
		}
		for _, first := range spans {
			from, to := min(first.from, last.from), max(first.to, last.to)
			beside := first.to == last.from || last.to == first.from
			if beside && c.firstOfOthers(first.key, victim) && adjoining(p.text, words, first, last) && asOneName(p.text, words, first, last) {
				all = append(all, half{victim, p.text[words[last.from].from:words[last.to-1].to], p.text[words[from].from:words[to-1].to]})
				break
			}
		}
	}
	return all
}

// lastOf is the one customer, other than the viewer, whose last name and
// nothing else of anybody's a stretch is.
func (c *court) lastOf(s *sighting, sp span) (string, bool) {
	owners := c.own.values[sp.key]
	if len(sp.key) < leastLast || c.own.mine[s.viewer][sp.key] || !soleOwner(owners) || owners[0].owner == s.viewer {
		return "", false
	}
	v, ok := c.own.reading(sp.key, owners[0].owner, sp.to-sp.from)
	return v.owner, ok && v.kind == customer.Last && v.proof && !c.echoed(s, sp.key)
}

// firstOfOthers says that a value is a first name, and none of the victim's
// own: with theirs it would be a whole name.
func (c *court) firstOfOthers(key, victim string) bool {
	first := false
	for _, v := range c.own.values[key] {
		if v.owner == victim {
			return false
		}
		first = first || v.kind == customer.First
	}
	return first
}

// adjoining says that nothing but a space or a comma stands between two names, so
// that they are read as one.
func adjoining(text string, words []word, a, b span) bool {
	if b.from < a.from {
		a, b = b, a
	}
	between := text[words[a.to-1].to:words[b.from].from]
	return utf8.RuneCountInString(between) <= 2 && strings.Trim(between, ", \u00a0") == ""
}

// asOneName says that the two names are written as one person's: with capitals,
// in no address, and, with the last name first, not behind another name that it
// belongs to ("Anna Lindqvist, Hazel Brown").
func asOneName(text string, words []word, first, last span) bool {
	from, to := min(first.from, last.from), max(first.to, last.to)
	if !capital(text[words[first.from].from:]) || !capital(text[words[last.from].from:]) {
		return false
	}
	if r, _ := utf8.DecodeRuneInString(text[words[to-1].to:]); r == '@' || r == '.' && to < len(words) && words[to].from == words[to-1].to+1 {
		return false
	}
	if last.from > first.from || from == 0 {
		return true
	}
	before := words[from-1]
	return strings.Trim(text[before.to:words[from].from], " \u00a0") != "" || !capital(text[before.from:])
}

func capital(text string) bool {
	r, _ := utf8.DecodeRuneInString(text)
	return unicode.IsUpper(r)
}
