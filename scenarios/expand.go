package scenarios

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Expand replaces every {{field}} in s by its value for this session. It
// fails as Value does.
func (f Fields) Expand(s string) (string, error) {
	return f.expand(s, func(_, v string) string { return v })
}

// expand hands each value to escape, with the text that stands before it.
func (f Fields) expand(s string, escape func(before, value string) string) (string, error) {
	all, err := pieces(s)
	if err != nil {
		return "", fmt.Errorf("expand %q: %w", s, err)
	}
	var b strings.Builder
	for _, p := range all {
		if p.field == "" {
			b.WriteString(p.text)
			continue
		}
		v, err := f.Value(p.field)
		if err != nil {
			return "", err
		}
		b.WriteString(escape(b.String(), v))
	}
	return b.String(), nil
}

// Resolve is the absolute address of a step's URL: its fields expanded, and
// relative ones taken from Target. Values are escaped for the part of the
// address they stand in, except one the address begins with, since that is a
// remembered address. It fails as Value does, and for what is no http address.
func (f Fields) Resolve(ref string) (string, error) {
	u, err := f.absolute(ref)
	if err != nil {
		return "", err
	}
	if (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
		return "", fmt.Errorf("resolve address %q: not an http address; the target is %q", ref, f.Target)
	}
	return u.String(), nil
}

func (f Fields) absolute(ref string) (*url.URL, error) {
	expanded, err := f.expand(ref, escapeInURL)
	if err != nil {
		return nil, err
	}
	base, err := url.Parse(f.Target)
	if err != nil {
		return nil, fmt.Errorf("resolve address %q: target: %w", ref, err)
	}
	u, err := base.Parse(expanded)
	if err != nil {
		return nil, fmt.Errorf("resolve address %q: %w", ref, err)
	}
	return u, nil
}

func escapeInURL(before, value string) string {
	switch {
	case before == "":
		return value
	case strings.ContainsAny(before, "?#"):
		return url.QueryEscape(value)
	}
	return url.PathEscape(value)
}

// Call is c as it is to be sent in this session: the URL absolute, every
// field expanded, also deep inside JSON. A JSON string that is one basket
// field alone becomes a number. It fails as Resolve does.
func (f Fields) Call(c Call) (Call, error) {
	var err error
	if c.URL, err = f.Resolve(c.URL); err != nil {
		return c, err
	}
	if c, err = f.carried(c); err != nil {
		return c, err
	}
	if c.Form, err = f.expandMap(c.Form); err != nil {
		return c, err
	}
	if c.Multipart, err = f.expandParts(c.Multipart); err != nil {
		return c, err
	}
	c.JSON, err = f.expandJSON(c.JSON)
	return c, err
}

// carried expands what stands in a request's headers.
func (f Fields) carried(c Call) (Call, error) {
	var err error
	if c.Bearer, err = f.Expand(c.Bearer); err != nil {
		return c, err
	}
	c.Headers, err = f.expandMap(c.Headers)
	return c, err
}

// Locator is l with its fields expanded. It fails as Value does.
func (f Fields) Locator(l Locator) (Locator, error) {
	for _, s := range []*string{&l.Label, &l.Role, &l.Name, &l.Text, &l.Placeholder, &l.TestID, &l.CSS, &l.XPath} {
		v, err := f.Expand(*s)
		if err != nil {
			return l, err
		}
		*s = v
	}
	return l, nil
}

func (f Fields) expandMap(m map[string]string) (map[string]string, error) {
	if m == nil {
		return nil, nil
	}
	out := make(map[string]string, len(m))
	for _, k := range slices.Sorted(maps.Keys(m)) {
		v, err := f.Expand(m[k])
		if err != nil {
			return nil, err
		}
		out[k] = v
	}
	return out, nil
}

func (f Fields) expandJSON(v any) (any, error) {
	switch v := v.(type) {
	case string:
		return f.expandJSONString(v)
	case []any:
		out := make([]any, len(v))
		for i := range v {
			x, err := f.expandJSON(v[i])
			if err != nil {
				return nil, err
			}
			out[i] = x
		}
		return out, nil
	case map[string]any:
		return f.expandObject(v)
	}
	return v, nil
}

func (f Fields) expandObject(m map[string]any) (any, error) {
	out := make(map[string]any, len(m))
	for _, k := range slices.Sorted(maps.Keys(m)) {
		x, err := f.expandJSON(m[k])
		if err != nil {
			return nil, err
		}
		out[k] = x
	}
	return out, nil
}

// expandJSONString makes numbers of basket fields: an API that takes a
// quantity takes it as one.
func (f Fields) expandJSONString(s string) (any, error) {
	v, err := f.Expand(s)
	if err != nil {
		return nil, err
	}
	if name, ok := onlyField(s); ok {
		if _, _, inBasket := basketField(name); inBasket {
			return strconv.ParseInt(v, 10, 64)
		}
	}
	return v, nil
}
