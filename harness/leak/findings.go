package leak

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"sort"
	"strings"

	"crosstalk/harness/customer"
	"crosstalk/harness/history"
	"crosstalk/harness/match"
)

// findings groups the proofs, in the order of their first sighting.
func (c *court) findings() []Finding {
	sort.SliceStable(c.proofs, func(i, k int) bool {
		a, b := c.proofs[i], c.proofs[k]
		if a.sighting.at != b.sighting.at {
			return a.sighting.at < b.sighting.at
		}
		if a.telling() != b.telling() {
			return a.telling() < b.telling()
		}
		return a.group() < b.group()
	})
	groups, order := map[string][]proof{}, []string{}
	for _, p := range c.proofs {
		key := p.group()
		if groups[key] == nil {
			order = append(order, key)
		}
		groups[key] = append(groups[key], p)
	}
	findings := make([]Finding, 0, len(order))
	for i, key := range order {
		f := c.finding(groups[key])
		f.ID = fmt.Sprintf("F%d", i+1)
		findings = append(findings, f)
	}
	kin(findings)
	return findings
}

// telling ranks proofs of one moment: a reader should meet the plainest first.
func (p proof) telling() int {
	rules := []string{RuleForeignMarker, RulePredecessor, RuleEarlierRun, RuleOwnPlace, RuleConflict, RuleSharedToken, RuleMasked, RuleNobodys, RulePersonalPlace, RuleVariant, RuleMisplaced, RuleBystander}
	kinds := []customer.Kind{customer.Email, customer.Name, customer.Phone, customer.Address}
	kind := slices.Index(kinds, customer.Kind(p.kind))
	if kind < 0 {
		kind = len(kinds)
	}
	return 10*slices.Index(rules, p.rule) + kind
}

// group is what sightings of one finding have in common.
func (p proof) group() string {
	s := p.sighting
	return strings.Join([]string{
		p.rule, p.strength, p.viewer, p.victim, p.kind, string(s.surface), string(s.place), p.where, strings.Join(p.decoded, ">"),
	}, "\x00")
}

func (c *court) finding(group []proof) Finding {
	p := group[0]
	s := p.sighting
	f := Finding{
		Fingerprint: p.fingerprint(), Rule: p.rule, Strength: p.strength, Victim: p.victim, Viewer: p.viewer, Kind: p.kind,
		Surface: s.surface, Place: s.place, Where: p.where, Decoded: p.decoded, Schedule: s.session.Phase,
		Count: len(group), FirstSeen: s.at.Millis(), Value: p.value, Session: s.session.ID, Evidence: []string{p.note},
		Snippet: c.snippet(p),
	}
	if x := c.delivery(p); x != nil {
		f.Exchange = x.id
	}
	f.Shot = c.shot(group)
	var why []string
	f.Cause, why = c.causeOf(group)
	f.Evidence = append(append(f.Evidence, c.alongside(p)...), why...)
	return f
}

func (c *court) shot(group []proof) string {
	for _, p := range group {
		if file, ok := c.rec.shots[p.sighting.id]; ok && p.sighting.id != "" {
			return file
		}
	}
	return c.rec.shots[group[0].sighting.session.ID]
}

var digitRun = regexp.MustCompile(`[0-9]+`)

// fingerprint depends on what kind of leak it is, never on whose or when.
func (p proof) fingerprint() string {
	where := digitRun.ReplaceAllString(p.where, "{}")
	sum := sha256.Sum256([]byte(strings.Join([]string{
		p.rule, p.kind, string(p.sighting.surface), string(p.sighting.place), where, strings.Join(p.decoded, ">"),
	}, "\x00")))
	return hex.EncodeToString(sum[:6])
}

func keyOfValue(p proof) string { return match.Key(p.value) }

// snippet is a short stretch around the marker, never the page.
func (c *court) snippet(p proof) string {
	if p.snippet != "" {
		return p.snippet
	}
	if p.hit.text != "" {
		return snippetOf(p.hit.text, p.hit.start, p.hit.end)
	}
	if p.sighting.body.Hash == "" || p.kind == string(customer.Avatar) {
		return ""
	}
	body, err := c.history.Body(p.sighting.body.Hash)
	if err != nil {
		return ""
	}
	if p.sighting.body.Type == history.SegmentsType {
		return segmentSnippet(body, p)
	}
	return snippetOf(string(body), p.hit.start, p.hit.end)
}

// segmentSnippet is the text of the segment that has the value, or of those
// over which a value is split.
func segmentSnippet(body []byte, p proof) string {
	var over []string
	for _, s := range match.Segments(history.SegmentsType, body) {
		if s.Offset >= 0 && s.Offset < p.hit.end && s.Offset+len(s.Text) > p.hit.start {
			over = append(over, s.Text)
		}
		if s.Where != p.where || !contains(s.Text, keyOfValue(p)) {
			continue
		}
		from := max(0, strings.Index(s.Text, p.value))
		return snippetOf(s.Text, from, from+len(p.value))
	}
	return oneLine(strings.Join(over, " "))
}
