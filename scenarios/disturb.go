package scenarios

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// Bounds of cookies that a step puts into the jar. Servers refuse far less than
// mostCookieBytes, and no browser keeps a cookie above mostCookieValue.
const (
	mostCookieBytes = 256 << 10
	mostCookieValue = 4000
	mostCookieName  = 100
)

// network reads the condition that a client's network is in from now on.
func (r *reader) network(_ *scope, n ast.Node, st *Step) {
	st.Network = oneOf(r, n, "network", NetworkNormal, NetworkSlow, NetworkOffline)
}

// checkNetwork refuses steps that leave the client without its network: whoever
// uses it next would have none.
func (r *reader) checkNetwork(steps []Step) {
	var last *Step
	for i := range steps {
		if steps[i].Op == Network {
			last = &steps[i]
		}
	}
	if last != nil && (last.Network == NetworkOffline || last.Network == NetworkSlow) {
		r.fail(last.Pos, "write - network: normal after it", "network: %s is never ended", last.Network)
	}
}

// cookie reads what is put into the client's jar, or taken out of it.
func (r *reader) cookie(s *scope, n ast.Node, st *Step) {
	st.Cookie = &Jarred{}
	keys, sound := r.keys(n, "cookie", "name", "value", "size", "remove")
	if keys == nil {
		return
	}
	if v := keys["name"]; v != nil {
		st.Cookie.Name = r.cookieName(v)
	} else if sound {
		r.fail(posOf(n), exampleOf("cookie"), "cookie has no name")
	}
	var given []string
	for _, key := range []string{"value", "size", "remove"} {
		if keys[key] != nil {
			given = append(given, key)
		}
	}
	switch {
	case len(given) == 0 && sound:
		r.fail(posOf(n), "give value, size in bytes, or remove: true", "cookie has nothing to put into the jar")
	case len(given) > 1:
		r.fail(posOf(keys[given[1]]), "choose one", "cookie has both %s and %s", given[0], given[1])
	}
	r.cookieContent(s, keys, st.Cookie)
}

func (r *reader) cookieContent(s *scope, keys map[string]ast.Node, c *Jarred) {
	if v := keys["value"]; v != nil {
		c.Value = r.cookieValue(s, v)
	}
	if v := keys["size"]; v != nil {
		c.Size = r.integer(v, "cookie.size", 1, mostCookieBytes)
	}
	if v := keys["remove"]; v != nil {
		if text, whole := r.scalar(v, "cookie.remove"); text != "" && whole && text != "true" {
			r.fail(posOf(v), "leave it out, or say remove: true", "cookie.remove is %q", text)
		}
	}
}

func (r *reader) cookieName(n ast.Node) string {
	name, whole := r.scalar(n, "cookie.name")
	switch {
	case name == "" || !whole:
	case strings.ContainsFunc(name, notToken):
		r.fail(posOf(n), "such as filler", "%q is no name of a cookie", name)
	case len(name) > mostCookieName:
		r.fail(posOf(n), "", "the name of a cookie is longer than %d letters", mostCookieName)
	}
	return name
}

// cookieValue refuses what would end the cookie, or what no client would keep.
// The values of fields are escaped when they are put in.
func (r *reader) cookieValue(s *scope, n ast.Node) string {
	value := r.template(s, n, "cookie.value")
	all, err := pieces(value)
	switch {
	case err != nil: // said already
	case slices.ContainsFunc(all, func(p piece) bool { return strings.ContainsFunc(p.text, notInCookie) }):
		r.fail(posOf(n), `use letters of ASCII without blanks and none of ";,\`, "cookie.value holds what no cookie can")
	case len(value) > mostCookieValue:
		r.fail(posOf(n), "say size instead, which makes several cookies", "cookie.value is longer than %d letters", mostCookieValue)
	}
	return value
}

func notInCookie(c rune) bool {
	return c <= ' ' || c >= 0x7f || strings.ContainsRune(`";,\`, c)
}

// Cookie is c with its fields expanded, and escaped where a cookie cannot hold
// what they are. It fails as Value does.
func (f Fields) Cookie(c Jarred) (Jarred, error) {
	var err error
	c.Value, err = f.expand(c.Value, func(_, v string) string {
		if strings.ContainsFunc(v, notInCookie) {
			return url.QueryEscape(v)
		}
		return v
	})
	return c, err
}

// describeDisturbing is for steps that change the client's jar or network.
func (s Step) describeDisturbing() string {
	if s.Op == Network {
		return "network " + string(s.Network)
	}
	switch c := s.Cookie; {
	case c == nil:
		return string(s.Op)
	case c.Size > 0:
		return fmt.Sprintf("cookie %s of %d bytes", c.Name, c.Size)
	case c.Value == "":
		return "cookie " + c.Name + " removed"
	default:
		return "cookie " + c.Name + " = " + quoted(c.Value)
	}
}
