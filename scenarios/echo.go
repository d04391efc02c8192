package scenarios

import (
	"net/http"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// mostEchoes is how many headers may echo: each is one more line on every
// request of an API client.
const mostEchoes = 8

// echo reads the headers whose value the shop answers as it was sent.
func (r *reader) echo(n ast.Node) []string {
	var all []string
	items := r.items(n, "echo")
	for _, item := range items {
		s, whole := r.scalar(item, "an element of echo")
		name := http.CanonicalHeaderKey(s)
		switch {
		case s == "" || !whole:
			continue
		case !isHeaderName(s):
			r.fail(posOf(item), "such as X-Request-Id", "%q is no name of a header", s)
		case hasMeaning(name):
			r.fail(posOf(item), "name one that the shop only hands back, such as X-Request-Id", "%s means something to the shop or on the way to it", name)
		case slices.Contains(all, name):
			r.fail(posOf(item), "", "%s is named twice", name)
		}
		all = append(all, name)
	}
	if len(items) > mostEchoes {
		r.fail(posOf(items[mostEchoes]), "one is enough", "echo names more than %d headers", mostEchoes)
	}
	return all
}

func isHeaderName(s string) bool {
	return !strings.ContainsFunc(s, func(c rune) bool {
		return !letterOrDigit(c) && !strings.ContainsRune("!#$%&'*+-.^_`|~", c)
	})
}

// hasMeaning says of a header that a value of ours in it would change what the
// shop, or something on the way to it, does.
func hasMeaning(name string) bool {
	for _, prefix := range []string{"Accept", "Access-Control-", "Content-", "If-", "Proxy-", "Sec-", "X-Forwarded-"} {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return slices.Contains([]string{
		"Authorization", "Cache-Control", "Connection", "Cookie", "Date", "Etag", "Expect", "Forwarded", "Host", "Keep-Alive", "Location",
		"Origin", "Pragma", "Range", "Referer", "Set-Cookie", "Te", "Trailer", "Transfer-Encoding", "Upgrade", "User-Agent", "Vary", "Via",
	}, name)
}
