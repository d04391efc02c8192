package browser

import (
	"crypto/sha256"
	"hash/fnv"
	"strings"
	"sync"

	"crosstalk/harness/customer"
	"crosstalk/harness/history"
)

// Assets is what the sessions of one run know about files that everybody is
// given: the shop's own scripts, styles, fonts and pictures. It is shared by
// all drivers of the run, so that such a file is read a few times and not by
// every session. A nil Assets spares nothing.
//
// The rule, made so that it cannot hide a file that is somebody's. A body is
// spared, and recorded as history.UnseenSampled, only if all of this holds:
//
//   - it is a script, a style, a font, a picture or a medium, asked for by GET
//     without an Authorization header and answered 200;
//   - the answer sets no cookie, does not vary by Cookie or Authorization or
//     by everything, is neither private nor no-store, was not made by a
//     service worker, and has a validator (ETag or Last-Modified) or promises
//     to be public and immutable;
//   - this very address was read three times, for two different customers, and
//     was byte for byte the same each time;
//   - this answer has the same validator, type and length as those;
//   - it is not this session's turn: of any address, one session in eight reads
//     it all the same, by its number.
//
// An address that ever gave two different bodies is read for ever, and so is
// one that the bounded memory has no room for.
type Assets struct {
	mu  sync.Mutex
	all map[string]*assetState
}

const (
	// maxAssets bounds the addresses that are remembered.
	maxAssets = 5_000
	// provenReads and provenFor are how often, and for how many customers, a
	// body must have been the same.
	provenReads = 3
	provenFor   = 2
	// readShare is how many sessions there are to one that reads all the same.
	readShare = 8
)

// assetState is what is known of one address.
type assetState struct {
	looks   assetLooks
	hash    [sha256.Size]byte
	picture string // customer.AvatarHash of a small picture
	reads   int
	viewers []string // the first provenFor of them
	differs bool     // it gave two different bodies
}

// assetLooks is what an answer says about its body.
type assetLooks struct {
	validator, kind string
	size            int
}

// NewAssets is an empty memory, for all drivers of one run.
func NewAssets() *Assets { return &Assets{all: map[string]*assetState{}} }

// asset reports whether a resource is one that everybody may be given alike.
func asset(resource string) bool {
	switch resource {
	case "script", "style", "font", "image", "media":
		return true
	}
	return false
}

// Read takes note of a body that was read.
func (a *Assets) Read(x *history.Exchange, body []byte) {
	if a == nil || !mayBeSpared(x) {
		return
	}
	sum, looks := sha256.Sum256(body), looksOf(x, len(body))
	a.mu.Lock()
	defer a.mu.Unlock()
	known := a.all[x.URL]
	switch {
	case known == nil && len(a.all) < maxAssets:
		known = &assetState{hash: sum, looks: looks}
		if strings.HasPrefix(x.Body.Type, "image/") && len(body) <= largestImage {
			known.picture = customer.AvatarHash(body)
		}
		a.all[x.URL] = known
	case known == nil:
		return
	case known.hash != sum:
		known.differs = true
	case known.looks != looks:
		known.looks, known.reads, known.viewers = looks, 0, nil // a new release, or another machine's clock: prove it again
	}
	known.reads++
	if len(known.viewers) < provenFor && x.Viewer != history.Nobody && !contains(known.viewers, x.Viewer) {
		known.viewers = append(known.viewers, x.Viewer)
	}
}

// Spare reports whether a body of size bytes need not be read, by the rule of
// Assets, and the picture's hash where it is a small one.
func (a *Assets) Spare(x *history.Exchange, size int) (picture string, ok bool) {
	if a == nil || !mayBeSpared(x) || turn(x.Session, x.URL) {
		return "", false
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	known := a.all[x.URL]
	if known == nil || known.differs || known.reads < provenReads || len(known.viewers) < provenFor || known.looks != looksOf(x, size) {
		return "", false
	}
	return known.picture, true
}

func looksOf(x *history.Exchange, size int) assetLooks {
	return assetLooks{
		validator: headerValue(x.Headers, "etag") + "\n" + headerValue(x.Headers, "last-modified"),
		kind:      x.Body.Type, size: size,
	}
}

// mayBeSpared checks what one exchange alone says.
func mayBeSpared(x *history.Exchange) bool {
	switch {
	case !asset(x.Resource), x.Method != "GET", x.Status != 200, x.From == "service-worker", x.Failed != "":
		return false
	case headerValue(x.RequestHeaders, "authorization") != "", headerValue(x.Headers, "set-cookie") != "":
		return false
	case !validated(x):
		return false
	}
	return !namesAny(x.Headers, "vary", "cookie", "authorization", "*") && !namesAny(x.Headers, "cache-control", "private", "no-store")
}

// validated reports whether the answer says which version of a file it is, or
// that there is only one.
func validated(x *history.Exchange) bool {
	if headerValue(x.Headers, "etag") != "" || headerValue(x.Headers, "last-modified") != "" {
		return true
	}
	return namesAny(x.Headers, "cache-control", "immutable") && namesAny(x.Headers, "cache-control", "public")
}

// namesAny reports whether a list-valued header has one of the words.
func namesAny(all []history.Header, name string, words ...string) bool {
	for _, line := range all {
		if !strings.EqualFold(line.Name, name) {
			continue
		}
		for _, item := range strings.Split(line.Value, ",") {
			word, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(item)), "=")
			if contains(words, strings.TrimSpace(word)) {
				return true
			}
		}
	}
	return false
}

func contains(all []string, one string) bool {
	for _, s := range all {
		if s == one {
			return true
		}
	}
	return false
}

// turn reports whether a session reads an address whatever is known of it:
// one in readShare, and another one for each address.
func turn(session, address string) bool {
	number := 0
	for _, c := range session {
		if '0' <= c && c <= '9' {
			number = (number*10 + int(c-'0')) % readShare
		}
	}
	h := fnv.New32a()
	_, _ = h.Write([]byte(address)) // a hash never fails
	return (number+int(h.Sum32()%readShare))%readShare == 0
}
