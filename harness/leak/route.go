package leak

import (
	"net/http"
	"slices"
	"strings"

	"crosstalk/harness/history"
)

// route is the way an answer took, as far as its headers tell: who on the way
// answered, the nearest to the client first, and what the caches said of
// themselves. It is coverage: servers write what they like, and no rule reads
// it.
type route struct {
	edges []string
	cache string // a cache word; "" when no cache said anything
}

// Limits of what a target's headers can make grow.
const (
	mostRoutes = 4096 // distinct ones in a run
	mostEdges  = 4    // of one answer
	longEdge   = 48   // bytes of a name
)

// otherEdges stands for those that the limits left out.
const otherEdges = "(others)"

// routeOf reads an answer's header lines.
func routeOf(lines []history.Header) route {
	var r route
	for _, say := range edgeHeaders() {
		for _, h := range lines {
			if strings.EqualFold(h.Name, say.header) {
				r.add(say.edge(h.Value))
			}
		}
	}
	r.cache = cacheSaid(lines)
	return r
}

func (r *route) add(names []string) {
	for _, name := range names {
		if name = edgeName(name); name != "" && len(r.edges) < mostEdges && !slices.Contains(r.edges, name) {
			r.edges = append(r.edges, name)
		}
	}
}

// edgeHeader is a header that names who answered.
type edgeHeader struct {
	header string
	edge   func(value string) []string
}

// edgeHeaders are all of them, those that tell one machine from another of its
// kind first: of an answer's names the first is who it came from.
func edgeHeaders() []edgeHeader {
	return []edgeHeader{
		{"X-Served-By", lastListed},
		{"Cf-Ray", colo},
		{"X-Amz-Cf-Pop", whole},
		{"X-Edge-Location", whole},
		{"X-Vercel-Id", firstRegion},
		{"X-Azure-Edge", whole},
		{"X-Cache", cacheHost},
		{"Server-Timing", timedEdges},
		{"Via", viaNames},
		{"Cache-Status", statusNames},
		{"X-Backend", whole},
		{"X-Backend-Server", whole},
		{"X-Upstream", whole},
		{"X-Instance", whole},
		{"X-Worker", whole},
		{"X-Pod", whole},
	}
}

func whole(value string) []string { return []string{value} }

// lastListed is the last of a list: each hop adds itself behind, so that is the
// one next to the client.
func lastListed(value string) []string {
	return []string{value[strings.LastIndexByte(value, ',')+1:]}
}

// colo is the place in a ray, "8f3a…-AMS"; the rest is the request's number.
func colo(value string) []string {
	if _, at, ok := cutLast(value, "-"); ok {
		return []string{at}
	}
	return nil
}

// firstRegion is the region that took a request, "fra1::iad1::number".
func firstRegion(value string) []string {
	region, _, ok := strings.Cut(value, "::")
	if !ok {
		return nil
	}
	return []string{region}
}

// cacheHost is who says "HIT from edge-3".
func cacheHost(value string) []string {
	_, host, ok := cutLast(value, " from ")
	if !ok {
		return nil
	}
	host, _, _ = strings.Cut(host, " ")
	return []string{host}
}

// timedEdges are the descriptions of metrics that are named like an edge or its
// place: `cdn-pop;desc=AMS, origin;dur=12`.
func timedEdges(value string) []string {
	var all []string
	for _, metric := range strings.Split(value, ",") {
		name, rest, _ := strings.Cut(strings.TrimSpace(metric), ";")
		switch strings.ToLower(strings.TrimSpace(name)) {
		case "cdn", "edge", "pop", "cdn-pop", "cdn-edge", "cdn-rid-pop", "node", "host", "server", "backend":
			if desc := parameter(rest, "desc"); cacheWord(desc) == "" {
				all = append(all, desc)
			}
		}
	}
	return all
}

// viaNames are the pseudonyms in "1.1 edge-a, 1.1 origin-2 (nginx)", the last
// first: it is the next to the client.
func viaNames(value string) []string {
	var all []string
	for _, hop := range strings.Split(value, ",") {
		if words := strings.Fields(hop); len(words) > 1 {
			all = append([]string{words[1]}, all...)
		}
	}
	return all
}

// statusNames are the caches' names in RFC 9211, the last first.
func statusNames(value string) []string {
	var all []string
	for _, cache := range strings.Split(value, ",") {
		name, _, _ := strings.Cut(cache, ";")
		all = append([]string{strings.Trim(strings.TrimSpace(name), `"`)}, all...)
	}
	return all
}

// parameter is one of "a=b; desc=\"c\"".
func parameter(text, name string) string {
	for _, p := range strings.Split(text, ";") {
		key, value, _ := strings.Cut(strings.TrimSpace(p), "=")
		if strings.EqualFold(key, name) {
			return strings.Trim(value, `"`)
		}
	}
	return ""
}

// edgeName is a name as coverage has it: printable, lower case and short.
func edgeName(name string) string {
	name = strings.Map(func(r rune) rune {
		if r <= ' ' || r > '~' {
			return -1
		}
		return r
	}, strings.ToLower(name))
	return strings.Clone(name[:min(len(name), longEdge)])
}

// Words for what a cache did.
const (
	cacheHit     = "hit"
	cacheStale   = "stale"
	cacheMiss    = "miss"
	cachePass    = "pass"
	cacheUnknown = "unknown" // it spoke, and not in words known here
)

// cacheWords are all, that which tells most first: of several caches on the
// way one that had a copy is enough.
func cacheWords() []string {
	return []string{cacheHit, cacheStale, cacheMiss, cachePass, cacheUnknown}
}

// cacheSaid is what the caches on the way said of an answer; "" when none spoke.
func cacheSaid(lines []history.Header) string {
	said := map[string]bool{}
	for _, h := range lines {
		switch strings.ToLower(h.Name) {
		case "x-cache", "cf-cache-status", "x-cache-status", "x-proxy-cache", "x-vercel-cache", "x-nextjs-cache", "x-litespeed-cache", "x-drupal-cache", "x-magento-cache-debug", "x-cache-hit", "x-cdn-cache":
			said[orUnknown(cacheWord(h.Value))] = true
		case "cache-status":
			for _, cache := range strings.Split(h.Value, ",") {
				said[rfcWord(cache)] = true
			}
		case "server-timing":
			said[timedCache(h.Value)] = true
		case "x-varnish":
			said[varnishWord(h.Value)] = true
		case "age":
			if aged(h.Value) {
				said[cacheHit] = true
			}
		}
	}
	for _, word := range cacheWords() {
		if said[word] {
			return word
		}
	}
	return ""
}

func orUnknown(word string) string {
	if word == "" {
		return cacheUnknown
	}
	return word
}

// cacheWord is what the words of a cache mean: "TCP_HIT", "Miss from …",
// "EXPIRED"; "" when they are none of theirs.
func cacheWord(value string) string {
	lower := strings.ToLower(value)
	for _, w := range []struct{ part, means string }{
		{"stale", cacheStale}, {"updating", cacheStale},
		{"hit", cacheHit}, {"revalidated", cacheHit}, {"prerender", cacheHit}, {"true", cacheHit},
		{"miss", cacheMiss}, {"expired", cacheMiss}, {"false", cacheMiss},
		{"pass", cachePass}, {"dynamic", cachePass}, {"uncacheable", cachePass}, {"ignored", cachePass}, {"none", cachePass},
	} {
		if strings.Contains(lower, w.part) {
			return w.means
		}
	}
	return ""
}

// rfcWord is what one cache says in RFC 9211's words.
func rfcWord(cache string) string {
	_, rest, _ := strings.Cut(cache, ";")
	for _, p := range strings.Split(rest, ";") {
		if strings.EqualFold(strings.TrimSpace(p), "hit") {
			return cacheHit
		}
	}
	switch fwd := strings.ToLower(parameter(rest, "fwd")); {
	case fwd == "stale":
		return cacheMiss // it had a copy, asked all the same, and gave the new one
	case strings.Contains(fwd, "miss") || fwd == "partial":
		return cacheMiss
	case fwd != "":
		return cachePass // bypass, method, request
	}
	return cacheUnknown
}

// timedCache is what a metric says that is named like a cache.
func timedCache(value string) string {
	for _, metric := range strings.Split(value, ",") {
		name, rest, _ := strings.Cut(metric, ";")
		if strings.Contains(strings.ToLower(name), "cache") {
			return cacheWord(parameter(rest, "desc"))
		}
	}
	return ""
}

// varnishWord: of a copy the header has two numbers, this request's and that of
// the one by which it was stored.
func varnishWord(value string) string {
	switch len(strings.Fields(value)) {
	case 1:
		return cacheMiss
	case 2:
		return cacheHit
	}
	return cacheUnknown
}

func aged(value string) bool {
	value = strings.TrimSpace(value)
	return value != "" && value != "0" && strings.Trim(value, "0123456789") == ""
}

// bodiless says that an answer has nothing to show by its status.
func bodiless(status int) bool {
	return status == http.StatusNoContent || status >= http.StatusMultipleChoices && status < http.StatusBadRequest
}
