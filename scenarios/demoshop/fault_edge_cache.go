package demoshop

import (
	"net/http"
	"strings"
	"time"
)

// ruleTTL is how long the rules that faults add keep an answer. It is long
// enough for the next visitor and short enough that victims rotate, as people
// reported in 2021: every reload showed somebody else.
const ruleTTL = 5 * time.Second

// personalRule is the edge rule of the fault edge-cache: it was meant to speed
// up the app, names the pages and calls of signed-in customers, overrides what
// the origin says about caching, drops Set-Cookie so that the answer "becomes
// cacheable", and forgets that the address does not say who asks. The fault's rate
// is the share of others' requests, while a copy is there, that are given it; whose
// copy it is has the page made anew.
type personalRule struct {
	fault    *lever
	prefixes []string // path prefixes the rule names
	form     string   // the one form below them, which the rule leaves alone
}

func newPersonalRule(fault *lever, n *names) personalRule {
	p := personalRule{fault: fault, form: n.text("/~account/~delete")}
	switch only := n.onlyCall(fault); {
	case fault == nil:
	case only != "":
		p.prefixes = []string{only}
	default:
		p.prefixes = []string{
			n.text("/~account"), n.text("/~orders"), n.text("/~basket"),
			n.text("/~api/~me"), n.text("/~api/~orders"), n.text("/~api/~basket"),
		}
	}
	return p
}

// covers says whether the rule names a request's path.
func (p personalRule) covers(r *http.Request) bool {
	if p.fault == nil || r.Method != http.MethodGet || r.URL.Path == p.form {
		return false
	}
	for _, prefix := range p.prefixes {
		if rest, ok := strings.CutPrefix(r.URL.Path, prefix); ok && (rest == "" || rest[0] == '/') {
			return true
		}
	}
	return false
}

// takes stores answers to requests with credentials, whatever their
// Cache-Control says.
func (p personalRule) takes(r *http.Request, a *answer, known bool) (keeping, bool) {
	return keeping{life: ruleTTL, bare: true}, known && a.status == http.StatusOK && p.covers(r)
}

// serves does not ask who may see it: that is the fault.
func (p personalRule) serves(_ stored, to asking) serving {
	return astray(p.covers(to.Request) && !to.mine)
}

func (p personalRule) lever() *lever { return p.fault }

func edgeCacheInfo() Info {
	return Info{
		Name:      EdgeCache,
		Class:     1,
		Incident:  "the app of a payment company, 27 May 2021: one cache setting changed, and for 31 minutes people were shown other customers' data",
		Mechanism: "the edge stores the answers to signed-in customers under /account, /orders, /basket and /api, or under one call that shows one part of them, for 5 seconds, by address alone",
		Where:     "fault_edge_cache.go, one of the edge's rules",
	}
}
