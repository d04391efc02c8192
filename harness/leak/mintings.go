package leak

import (
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"crosstalk/harness/history"
	"crosstalk/harness/match"
)

// minting is a value that the shop may have minted for one customer: where it
// stands, and what else than that tells it from others there.
type minting struct{ where, name, value string }

// credentialWords are in the names that shops give to credentials. They widen
// where one is looked for; whether it is one, its values say.
var credentialWords = regexp.MustCompile(`(?i)token|csrf|xsrf|sess(ion)?|sid$|auth|bearer|jwt|secret|ticket|refresh|(cart|basket|order|checkout|customer|user|wishlist)[-_]?(id|key|uuid|hash)|(^|[-_.])(cart|basket)$`)

// named says that a name is one of a credential's. Of a path within a document
// only the last step is looked at.
func named(name string) bool { return credentialWords.MatchString(lastStep(name)) }

func lastStep(name string) string {
	if i := strings.LastIndexAny(name, ".@#>$"); i >= 0 && i < len(name)-1 {
		return name[i+1:]
	}
	return name
}

// mintReader goes through the segments of one body. An input's value
// stands behind its name, which says more than the path of elements: a form's
// hidden inputs all have one.
type mintReader struct{ element, name string }

// read answers the credential that a segment may hold: a JSON value that stands
// alone, also in a script, the value of an input, the content of a meta
// element, what a data attribute with a credential's name has, an entry of a
// storage. In lists stand the ids of things, and so only what is named like a
// credential is taken from them.
func (r *mintReader) read(mediaType string, s match.Segment) (minting, bool) {
	element, attribute, _ := cutLast(s.Where, "@")
	if element != r.element {
		r.element, r.name = element, ""
	}
	if attribute == "name" || attribute == "property" {
		r.name = strings.Clone(s.Text)
	}
	if !holdsMinting(mediaType, s.Where, attribute) || !looksMinted(s.Text) {
		return minting{}, false
	}
	c := minting{where: strings.Clone(s.Where), value: strings.Clone(s.Text)}
	if attribute != "" {
		c.name = r.name
	}
	return c, true
}

func holdsMinting(mediaType, where, attribute string) bool {
	_, pointer, inJSON := strings.Cut(where, "$")
	switch {
	case inJSON:
		return !strings.Contains(pointer, "[*]") || named(pointer)
	case mediaType == history.SegmentsType:
		return where != ""
	case !strings.Contains(mediaType, "html"):
		return false
	case strings.HasPrefix(attribute, "data-"):
		return named(attribute)
	}
	return attribute == "value" || attribute == "content"
}

func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}

// carriedBy are the credentials that the header lines of a response may carry,
// Set-Cookie apart: in lines named like one, and in the address of a redirect.
func carriedBy(address string, lines []history.Header) []minting {
	var all []minting
	for _, l := range lines {
		name := strings.ToLower(l.Name)
		switch {
		case name == "location":
			all = append(all, addressParts(address, l.Value)...)
		case name == "set-cookie" || innocentHeader(name) || !named(name):
		default:
			value := strings.TrimSpace(l.Value)
			if scheme, rest, ok := strings.Cut(value, " "); ok && strings.EqualFold(scheme, "bearer") {
				value = strings.TrimSpace(rest)
			}
			if looksMinted(value) {
				all = append(all, minting{where: name, value: value})
			}
		}
	}
	return all
}

// innocentHeader are headers that are named like a credential's and tell how a
// connection is to be secured, or by what a request is traced.
func innocentHeader(name string) bool {
	return strings.HasPrefix(name, "access-control-") || strings.HasPrefix(name, "sec-") || strings.HasPrefix(name, "content-security") ||
		name == "www-authenticate" || name == "proxy-authenticate" || name == "authentication-info" || name == "refresh" ||
		strings.Contains(name, "trace") || strings.Contains(name, "request-id")
}

// addressParts are the parts of an address that a session is sent to. The name is
// the address without them, so that what stands where is compared with what
// others were sent to.
func addressParts(from, to string) []minting {
	base, err := url.Parse(from)
	if err != nil {
		return nil
	}
	u, err := base.Parse(to)
	if err != nil {
		return nil
	}
	var all []minting
	at := string(history.PlaceOf("", u.String(), base.Host))
	for i, part := range strings.Split(strings.Trim(u.Path, "/"), "/") {
		if looksMinted(part) {
			all = append(all, minting{where: "location", name: at + " #" + strconv.Itoa(i+1), value: part})
		}
	}
	query := u.Query()
	for _, key := range sortedKeys(query) {
		if v := query.Get(key); looksMinted(v) {
			all = append(all, minting{where: "location", name: at + " ?" + key, value: v})
		}
	}
	return all
}
