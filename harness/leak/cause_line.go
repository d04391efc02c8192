package leak

import (
	"slices"
	"strings"

	"crosstalk/harness/history"
)

// lineOf is the cookie that a proof is about: the shared token, or what holds the
// value that was shown. It has no name where the proof is about none.
func (c *court) lineOf(p proof) cookie {
	switch {
	case p.rule == RuleSharedToken:
		return cookie{p.where, p.value}
	case p.sighting.surface != history.SurfaceCookie:
		return cookie{}
	}
	all := c.seen.contentOf(p.sighting).jar
	if x := p.sighting.exchange; x != nil {
		all = x.cookies
	}
	called, _, _ := strings.Cut(p.where, "›") // which leads into what was decoded
	i := slices.IndexFunc(all, func(l cookie) bool { return l.name == called })
	if i < 0 {
		return cookie{}
	}
	return all[i]
}

// ofCookie says that a cookie is what was shared, or held what was shown.
func (q inquiry) ofCookie() bool {
	return q.line.name != "" && (q.rule != RuleSharedToken || q.from.token.cookie)
}
