package leak

import (
	"regexp"
	"slices"
	"strings"

	"crosstalk/harness/customer"
	"crosstalk/harness/history"
	"crosstalk/harness/match"
)

// remarks are what a body says at places where solo made one listen: which
// language or currency, and which long random values.
type remarks struct {
	variants []variant
	rare     []candidate
}

// interest is where in solo's bodies something stood that rounds are compared
// with. Of other bodies nothing else is kept.
type interest struct{ own, rare, variant map[string]bool }

func newInterest() interest {
	return interest{own: map[string]bool{}, rare: map[string]bool{}, variant: map[string]bool{}}
}

// remark keeps what a segment says of language, currency and random values;
// before is the segment before it, which may name it. In solo (all) it also
// notes where that was.
func (in *inspection) remark(b *body, before, s match.Segment, all bool) {
	if len(s.Text) > longText || isCode(s.Where) {
		return
	}
	where := metaWhere(before, s)
	if all || in.interest.variant[where] {
		for _, v := range variantsIn(where, s.Text) {
			in.interest.variant[where] = in.interest.variant[where] || all
			if !slices.Contains(b.remarks.variants, v) {
				b.remarks.variants = append(b.remarks.variants, v)
			}
		}
	}
	if all || in.interest.rare[s.Where] {
		for _, value := range rareIn(s.Where, s.Text) {
			in.interest.rare[s.Where] = in.interest.rare[s.Where] || all
			b.remarks.rare = append(b.remarks.rare, candidate{strings.Clone(s.Where), strings.Clone(value)})
		}
	}
}

// isCode says that a place holds what no reader is shown: code and style.
func isCode(where string) bool {
	return strings.HasSuffix(where, "script") || strings.HasSuffix(where, "style") || strings.HasSuffix(where, "#comment")
}

// Limits of a value that could be one customer's alone.
const (
	rareBits = 40 // by customer.Entropy: no other customer has it by chance
	rareMin  = 8  // bytes
	rareMax  = 200
)

// rareText is the form of identifiers and digests; prose, addresses and
// amounts have others.
var rareText = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._~+=:|-]*$`)

// rareIn are the values of a text that no two customers have by chance: long,
// random and of the form of an identifier. Lists are left out, for what stands
// in them are ids of things; so are addresses of files, whose hashes change
// with the file.
func rareIn(where, text string) []string {
	if isListed(where) || isLink(where) || isHiddenAddress(where) || len(text) < rareMin {
		return nil
	}
	var all []string
	for _, w := range strings.Fields(text) {
		w = strings.Trim(w, `.,;:!?()[]{}"'<>#`)
		if isRare(w) {
			all = append(all, w)
		}
	}
	return all
}

func isRare(w string) bool {
	if len(w) < rareMin || len(w) > rareMax || !rareText.MatchString(w) || isMoment(w) {
		return false
	}
	digits, letters := strings.ContainsAny(w, "0123456789"), strings.ContainsFunc(w, isLetter)
	mixed := strings.ToLower(w) != w && strings.ToUpper(w) != w && len(w) >= credentialLength
	return letters && (digits || mixed) && customer.Entropy(w) >= rareBits
}

// isListed says that a place is one of many of its kind.
func isListed(where string) bool { return strings.Contains(where, "[*]") }

// isLink says that an attribute names a file, or belongs to the loading of one.
func isLink(where string) bool {
	at := strings.LastIndexByte(where, '@')
	return at >= 0 && slices.Contains([]string{"src", "srcset", "href", "integrity", "nonce", "action", "style", "poster"}, where[at+1:])
}

// isHiddenAddress says that an attribute holds an address that robots are not to
// read. It is turned by a byte that is another each time, so that one address
// has 255 forms, and what looks random is the shop's own. Whose it is, match
// reads.
func isHiddenAddress(where string) bool { return strings.HasSuffix(where, "@data-cfemail") }

// boringHeader says that a header's values are random, or differ, for other
// reasons than a customer.
func boringHeader(name string) bool {
	switch name {
	case "set-cookie": // the token ledger's
	case "date", "last-modified", "expires", "x-timer", "server-timing": // times
	case "link", "location", "content-location", "content-disposition", "alt-svc": // addresses and files
	case "report-to", "reporting-endpoints", "nel": // addresses
	case "content-security-policy", "content-security-policy-report-only": // nonces and digests of scripts
	case "via", "server", "x-served-by", "x-amz-cf-pop": // names of servers
	case "strict-transport-security", "permissions-policy", "vary": // the server's own rules
	default:
		return false
	}
	return true
}

// rareHeaders are the values of an answer's header lines that no two customers
// have by chance.
func rareHeaders(lines []history.Header) []candidate {
	var all []candidate
	for _, l := range lines {
		name := strings.ToLower(l.Name)
		value := strings.Trim(strings.TrimPrefix(strings.TrimSpace(l.Value), "W/"), `"`)
		if !boringHeader(name) && isRare(value) {
			all = append(all, candidate{name, strings.Clone(value)})
		}
	}
	return all
}

// headerAt is a header of a place's answers.
type headerAt struct {
	place history.Place
	name  string
}

// remarkHeaders notes which headers carry random values in solo. A session
// that the journal has not mentioned yet can be one of solo's.
func (r *record) remarkHeaders(x *exchange, lines []history.Header) {
	if static(x) || x.session.known && !x.session.solo() {
		return
	}
	for _, h := range rareHeaders(lines) {
		r.rare[headerAt{x.place, h.where}] = true
		said := heard{h.where, x.viewer, h.value}
		r.again[h.where] = r.again[h.where] || r.heard[said]
		r.heard[said] = true
	}
}

// remarkHeaders keeps the random values of headers that had some in solo, and
// said the same to somebody twice: the number of a request is nobody's.
func (in *inspection) remarkHeaders(x *exchange, lines []history.Header) {
	if static(x) || x.status < 200 || x.status >= 300 {
		return
	}
	for _, l := range lines {
		name := strings.ToLower(l.Name)
		if !in.rec.again[name] || !in.rec.rare[headerAt{x.place, name}] {
			continue
		}
		in.rare[x] = append(in.rare[x], rareHeaders([]history.Header{l})...)
	}
}
