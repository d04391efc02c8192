package leak

import (
	"strings"

	"crosstalk/harness/customer"
	"crosstalk/harness/match"
)

// claims are who remembered which value as theirs, in the whole run and before
// the rounds.
type claims struct{ all, early tallyOfClaims }

type tallyOfClaims struct {
	who           map[string]map[string]bool // kind and folded value → customers
	single, total map[string]int             // values of a kind: with one owner, and all
}

func claimKey(l learned) string { return l.Kind + "\x00" + match.Key(l.Value) }

func claimsOf(rec *record) claims {
	var early []learned
	for _, l := range rec.learned {
		if s := rec.sessions[l.Session]; s == nil || !s.round() {
			early = append(early, l)
		}
	}
	return claims{tallyClaims(rec.learned), tallyClaims(early)}
}

func tallyClaims(all []learned) tallyOfClaims {
	c := tallyOfClaims{who: map[string]map[string]bool{}, single: map[string]int{}, total: map[string]int{}}
	for _, l := range all {
		key := claimKey(l)
		if c.who[key] == nil {
			c.who[key] = map[string]bool{}
		}
		c.who[key][l.Customer] = true
	}
	for key, who := range c.who {
		kind, _, _ := strings.Cut(key, "\x00")
		c.total[kind]++
		if len(who) == 1 {
			c.single[kind]++
		}
	}
	return c
}

// shared says that several customers claim the value, and that its kind is one
// whose values identify nobody: most had several owners (a delivery day, a
// payment token of the one test card). Of what looks minted, and was each one
// customer's as long as they walked alone, the rounds can take nothing back:
// there, several owners are what we look for. So it is of order numbers, which
// a shop issues to one.
func (c claims) shared(l learned) bool {
	if len(c.all.who[claimKey(l)]) < 2 || 3*c.all.single[l.Kind] >= 2*c.all.total[l.Kind] {
		return false
	}
	apart := c.early.total[l.Kind] >= 2 && c.early.single[l.Kind] == c.early.total[l.Kind]
	return !apart || !looksMinted(l.Value) && customer.Kind(l.Kind) != customer.Order
}
