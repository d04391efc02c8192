package leak

import (
	"fmt"
	"sort"

	"crosstalk/harness/customer"
	"crosstalk/harness/history"
	"crosstalk/harness/match"
)

// plantEarlier adds what customers of remembered runs owned. A value that two
// runs had is the shop's and not a customer's (a key of its own, the same
// token after its data were set back), and one that somebody has in this run
// is theirs.
func (o *owners) plantEarlier(all []history.Earlier) {
	runs := map[string]map[string]bool{}
	for _, e := range all {
		for _, v := range e.Markers {
			key := match.Key(v.Value)
			if runs[key] == nil {
				runs[key] = map[string]bool{}
			}
			runs[key][e.Run] = true
		}
	}
	planted := map[string]bool{}
	for _, e := range all {
		for _, v := range e.Markers {
			key := match.Key(v.Value)
			if len(runs[key]) > 1 || len(o.values[key]) > 0 || len(key) < match.MinKey || planted[key] {
				continue
			}
			planted[key] = true
			m := customer.Marker{Owner: e.Customer + " of " + e.Run, Kind: customer.Kind(v.Kind), Value: v.Value, Strength: customer.Strong}
			p := customer.LearnedPattern(m.Kind, m.Value, len(o.markers))
			p.Fragments = false // half a value does not say whose run it is from
			if m.Kind == customer.Email {
				p.Shape = match.ShapeEmail
			}
			o.lookFor = append(o.lookFor, p)
			o.markers = append(o.markers, marker{Marker: m, earlier: e.Run})
		}
	}
}

// earlierRun applies the rule "earlier run": what a customer of a remembered
// run owned can only come from a copy that outlived that run. The empty jars of
// the baseline are among those whom it can reach, and what they are shown of it
// does not become public.
func (c *court) earlierRun(s *sighting, _ []proof) []proof {
	var proofs []proof
	for _, h := range c.seen.hitsOf(s) {
		m := c.own.markers[h.marker]
		if m.earlier == "" || c.echoed(s, match.Key(m.Value)) {
			continue
		}
		proofs = append(proofs, proof{
			rule: RuleEarlierRun, strength: Proof, viewer: s.viewer, victim: m.Owner, kind: string(m.Kind), where: h.where,
			value: m.Value, decoded: append([]string{}, h.decoded...), sighting: s, hit: h,
			note: fmt.Sprintf("%s was shown the %s of %s %s, %s: no customer of this run has it",
				name(s.viewer), kindWords(m.Kind), m.Owner, spot(s, h.where), moment(s.at)),
		})
	}
	return proofs
}

// issued are the session cookies and the like that the shop minted for one
// customer each, the oldest first.
func (l *ledger) issued() map[string][]history.EarlierValue {
	var sole []*reception
	for _, cookie := range sortedKeys(l.names) {
		if !l.credential(cookie) {
			continue
		}
		for _, value := range sortedKeys(l.names[cookie]) {
			t := l.names[cookie][value]
			if t.cookie && t.minted && len(t.owners) == 1 && t.owners[0].sighting.viewer != history.Nobody {
				sole = append(sole, t.owners[0])
			}
		}
	}
	sort.SliceStable(sole, func(i, k int) bool { return sole[i].at < sole[k].at })
	all := map[string][]history.EarlierValue{}
	for _, r := range sole {
		all[r.owner] = append(all[r.owner], history.EarlierValue{Kind: string(customer.Token), Value: r.token.value})
	}
	return all
}
