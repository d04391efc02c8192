package scenarios

import (
	"maps"
	"net/url"
	"slices"
	"strings"

	"crosstalk/harness/customer"

	"github.com/goccy/go-yaml/ast"
)

func (r *reader) target(n ast.Node) string {
	s, whole := r.scalar(n, "target")
	if s != "" && whole && !isHTTP(s) {
		r.fail(posOf(n), "such as https://shop.staging.example", "target is no http address: %q", s)
	}
	return s
}

func isHTTP(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}

func (r *reader) guard(n ast.Node) Guard {
	keys, _ := r.keys(n, "guard", "hosts", "proof")
	var g Guard
	if v := keys["hosts"]; v != nil {
		for _, item := range r.items(v, "guard.hosts") {
			s, whole := r.scalar(item, "a host")
			if s != "" && whole && !isHost(s) {
				r.fail(posOf(item), "a host name without scheme, port and path, such as staging.example or *.staging.example", "%q is no host", s)
			}
			g.Hosts = append(g.Hosts, s)
		}
	}
	if v := keys["proof"]; v != nil {
		g.Proof = r.proof(v)
	}
	return g
}

func (r *reader) proof(n ast.Node) *Proof {
	keys, sound := r.keys(n, "guard.proof", "path", "header", "value", "text")
	p := &Proof{Path: "/"}
	for key, to := range map[string]*string{"path": &p.Path, "header": &p.Header, "value": &p.Value, "text": &p.Text} {
		if v := keys[key]; v != nil {
			*to = r.text(v, "guard.proof."+key)
		}
	}
	switch {
	case !sound:
	case !strings.HasPrefix(p.Path, "/"):
		r.fail(posOf(keys["path"]), "", "guard.proof.path does not begin with /: %q", p.Path)
	case keys["header"] == nil && keys["text"] == nil:
		r.fail(posOf(n), "give header and value, or text", "guard.proof proves nothing")
	case (keys["header"] == nil) != (keys["value"] == nil):
		r.fail(posOf(n), "", "guard.proof needs both header and value")
	}
	return p
}

func (r *reader) customers(n ast.Node) customer.Constraints {
	var c customer.Constraints
	lists := map[string]*[]string{"locales": &c.Locales, "phones": &c.Phones, "postcodes": &c.Postcodes, "cities": &c.Cities,
		"streets": &c.Streets, "last_names": &c.LastNames, "cards": &c.Cards, "avoid": &c.Avoid}
	known := append(slices.Sorted(maps.Keys(lists)), "email_domain", "ascii", "max_name", "products")
	keys, _ := r.keys(n, "customers", known...)
	for key, to := range lists {
		if v := keys[key]; v != nil {
			*to = r.texts(v, "customers."+key)
		}
	}
	if v := keys["email_domain"]; v != nil {
		c.EmailDomain = r.text(v, "customers.email_domain")
	}
	if v := keys["ascii"]; v != nil {
		c.ASCII = r.boolean(v, "customers.ascii")
	}
	if v := keys["max_name"]; v != nil {
		c.MaxName = r.integer(v, "customers.max_name", 3, 200)
	}
	if v := keys["products"]; v != nil {
		c.Products = r.integer(v, "customers.products", 1, 100000)
	}
	return c
}

func (r *reader) public(n ast.Node) []string {
	var all []string
	for _, item := range r.items(n, "public") {
		s, whole := r.scalar(item, "an element of public")
		if s != "" && whole && !strings.HasPrefix(s, "/") {
			r.fail(posOf(item), "", "a public path begins with /: %q", s)
		}
		if strings.Contains(s, "{{") {
			r.fail(posOf(item), "nobody reads them, so there are no fields", "a public path has a field")
		}
		all = append(all, s)
	}
	return all
}

func (r *reader) minima(n ast.Node) Minima {
	keys, _ := r.keys(n, "minima", "own_seen", "pairs", "unseen", "strong_kinds")
	var m Minima
	if v := keys["own_seen"]; v != nil {
		m.OwnSeen = r.share(v, "minima.own_seen")
	}
	if v := keys["unseen"]; v != nil {
		m.Unseen = r.share(v, "minima.unseen")
	}
	if v := keys["pairs"]; v != nil {
		m.Pairs = r.integer(v, "minima.pairs", 1, 1000000)
	}
	if v := keys["strong_kinds"]; v != nil {
		m.StrongKinds = r.integer(v, "minima.strong_kinds", 1, 10)
	}
	return m
}
