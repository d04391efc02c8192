package demoshop

import (
	"net/http"
	"slices"
)

// cookielessRule is the edge rule of the fault cookieless-cache: a cookie is
// what it knows customers by, and an answer to a request without any is kept,
// with all that is in it. Whoever tries it out in a browser is signed in, has a
// cookie, and sees nothing wrong. But apps send a bearer token and no cookie;
// and who visits for the first time is given a session with the answer. The fault's
// rate is the share of others' requests without a cookie, while a copy is there,
// that are given it.
type cookielessRule struct {
	fault *lever
	paths []string
}

func newCookielessRule(fault *lever, n *names) cookielessRule {
	rule := cookielessRule{fault: fault}
	switch only := n.onlyCall(fault); {
	case fault == nil:
	case only != "":
		rule.paths = []string{only}
	default:
		rule.paths = append(n.personalCalls(), n.text("/~sign-in"))
	}
	return rule
}

// covers says whether the rule is for a request.
func (c cookielessRule) covers(r *http.Request) bool {
	return c.fault != nil && r.Header.Get("Cookie") == "" && slices.Contains(c.paths, r.URL.Path)
}

// takes stores what was meant for one alone: an app's answer, a first visitor's
// session.
func (c cookielessRule) takes(r *http.Request, a *answer, known bool) (keeping, bool) {
	personal := known || len(a.header.Values("Set-Cookie")) > 0
	return keeping{life: ruleTTL}, c.covers(r) && a.status == http.StatusOK && personal
}

// serves asks for cookies only, and not whether there is a bearer token.
func (c cookielessRule) serves(_ stored, to asking) serving {
	return astray(c.covers(to.Request) && !to.mine)
}

func (c cookielessRule) lever() *lever { return c.fault }

func cookielessCacheInfo() Info {
	return Info{
		Name:      CookielessCache,
		Class:     6,
		Incident:  "five sites of a study of 2022: the cache was wrong for visitors without cookies only, because attaching one switched it off",
		Mechanism: "the edge goes by cookies alone: it keeps the answers to requests that carry none, which are those of apps with a bearer token and of first visitors to the sign-in page, Set-Cookie included, for 5 seconds, by address alone",
		Where:     "fault_cookieless_cache.go, one of the edge's rules",
	}
}
