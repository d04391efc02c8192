package leak

import (
	"testing"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/history"
)

func TestARouteIsReadFromWhateverAServerSays(t *testing.T) {
	for _, c := range []struct {
		header, value string
		want          route
	}{
		{"x-served-by", "cache-fra-eddf8230033-FRA, cache-ams2100123-AMS", route{[]string{"cache-ams2100123-ams"}, ""}},
		{"CF-RAY", "8f3a1b2c3d4e5f60-AMS", route{[]string{"ams"}, ""}},
		{"X-Amz-Cf-Pop", "AMS54-C1", route{[]string{"ams54-c1"}, ""}},
		{"X-Vercel-Id", "fra1::iad1::abcde-1700000000000-0123", route{[]string{"fra1"}, ""}},
		{"X-Cache", "HIT from proxy-3.example", route{[]string{"proxy-3.example"}, "hit"}},
		{"X-Cache", "TCP_MISS from a23-45-67-89.deploy.example (Ghost/11.0)", route{[]string{"a23-45-67-89.deploy.example"}, "miss"}},
		{"X-Cache", "MISS, HIT", route{nil, "hit"}},
		{"X-Cache", "PASS", route{nil, "pass"}},
		{"X-Cache", "", route{nil, "unknown"}},
		{"Via", "1.1 origin-2 (nginx), 2.0 edge-a", route{[]string{"edge-a", "origin-2"}, ""}},
		{"Server-Timing", "cdn-cache;desc=HIT, edge;dur=1, cdn-pop;desc=AMS, origin;dur=12", route{[]string{"ams"}, "hit"}},
		{"Cache-Status", `OriginCache; hit; ttl=1100, "CDN edge"; fwd=uri-miss`, route{[]string{"cdnedge", "origincache"}, "hit"}},
		{"Cache-Status", `edge; fwd=bypass`, route{[]string{"edge"}, "pass"}},
		{"Cache-Status", `edge; fwd=vary-miss; stored`, route{[]string{"edge"}, "miss"}},
		{"X-Varnish", "32770 3", route{nil, "hit"}},
		{"X-Varnish", "32770", route{nil, "miss"}},
		{"CF-Cache-Status", "DYNAMIC", route{nil, "pass"}},
		{"CF-Cache-Status", "EXPIRED", route{nil, "miss"}},
		{"X-Cache-Status", "UPDATING", route{nil, "stale"}},
		{"Age", "12", route{nil, "hit"}},
		{"Age", "0", route{}},
		{"Age", "soon", route{}},
		{"X-Backend", "web\x00 2\u2028é", route{[]string{"web2"}, ""}},
		{"Content-Type", "text/html", route{}},
	} {
		require.Equal(t, c.want, routeOf([]history.Header{{Name: c.header, Value: c.value}}), "%s: %s", c.header, c.value)
	}
}
