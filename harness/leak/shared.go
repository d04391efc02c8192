package leak

import (
	"fmt"
	"regexp"

	"crosstalk/harness/customer"
	"crosstalk/harness/match"
)

// sharedTokens applies the rule "shared token": what was minted for one owner,
// in another's hands.
func (c *court) sharedTokens() []proof {
	var proofs []proof
	for _, name := range sortedKeys(c.tokens.names) {
		if c.tokens.credential(name) {
			proofs = append(proofs, c.sharedUnder(name)...)
		} else {
			proofs = append(proofs, c.tokens.calledSession(name)...)
		}
	}
	return proofs
}

func (c *court) sharedUnder(name string) []proof {
	l := c.tokens
	had, returns, scarce := l.holders(name), l.returns(name), l.scarce(name)
	if returns == pooled {
		return l.calledSession(name)
	}
	var proofs []proof
	for _, value := range sortedKeys(l.names[name]) {
		t := l.names[name][value]
		if len(t.owners) < 2 || !l.madeByShop(t) || l.common(t, had) || c.notOnes(t) {
			continue
		}
		for _, p := range t.proofs() {
			if returns == mostly {
				p.strength = Suspicion
				p.note += "; most values of this name come back to others, as those of a load balancer's cookie do"
			}
			if c.turns(value) == seems {
				p.strength = Suspicion
				p.note += seemsToTurn
			}
			if scarce || !looksMinted(value) || t.signed() {
				p.strength = Suspicion
			}
			proofs = append(proofs, p)
		}
	}
	return proofs
}

const seemsToTurn = "; the values of this name come one after the other, and to whoever asks: if it is a key of the moment, allow it; a token that something keeps for a while looks the same"

// notOnes says that a value is nobody's alone: a thing's, what somebody sent, or
// one that turns with time.
func (c *court) notOnes(t *token) bool {
	return c.thing(t) || c.ownMaking(t) || t.unnamed() || c.turns(t.value) == goes
}

// ownMaking says that the first who had the value had sent it: an echo, not the
// shop's making.
func (c *court) ownMaking(t *token) bool {
	first := t.owners[0]
	return t.source == inBody && first.setBy != nil && c.echoed(first.sighting, match.Key(t.value))
}

// sessionName is what frameworks call the cookie of a session.
var sessionName = regexp.MustCompile(`(?i)sess(ion)?([-_.]?id)?$|^(__(host|secure)-)?(connect\.)?(php|j|asp\.net_)?s(ess)?(ion)?id$`)

// calledSession is a cookie that is called like a session's, and was given to
// two: both empty jars of the baseline, or so many that its values do not tell
// whose they are. A cache that hands one session to all from the first visit on,
// or workers that each have one for everybody, leave no other trace in the
// cookies. A suspicion by itself.
func (l *ledger) calledSession(name string) []proof {
	if !sessionName.MatchString(name) {
		return nil
	}
	var proofs []proof
	for _, value := range sortedKeys(l.names[name]) {
		t := l.names[name][value]
		if !t.cookie || !t.minted || len(t.owners) < 2 {
			continue
		}
		for _, p := range t.proofs() {
			p.strength = Suspicion
			proofs = append(proofs, p)
		}
	}
	return proofs
}

func (t *token) proofs() []proof {
	first := t.owners[0]
	var proofs []proof
	for _, r := range t.owners[1:] {
		strength := Proof
		if r.left {
			strength = Suspicion // it stayed in the client
		}
		if first.sighting.session.baseline() && r.sighting.session.baseline() {
			strength = Suspicion // two empty jars were given one: it was nobody's yet
		}
		proofs = append(proofs, proof{
			rule: RuleSharedToken, strength: strength, viewer: r.sighting.viewer, victim: first.sighting.viewer, kind: string(customer.Token),
			where: r.where, value: t.value, decoded: []string{}, sighting: r.sighting, from: first,
			snippet: oneLine(r.where + "=" + t.value),
			note: fmt.Sprintf("the shop gave %s to %s (session %s, %s), and %s had it too (session %s), %s",
				t.called(first.where), name(first.owner), first.sighting.session.ID, moment(first.at),
				name(r.owner), r.sighting.session.ID, moment(r.at)),
		})
	}
	return proofs
}

func (t *token) called(where string) string {
	switch t.source {
	case inCookie:
		return "the cookie " + where
	case inHeader:
		return "the header " + where
	case inAddress:
		return "the key in the address of a redirect"
	case inStorage:
		return "the stored value " + where
	default:
		return "the value at " + where
	}
}
