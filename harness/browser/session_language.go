package browser

import (
	"strings"

	"github.com/go-rod/rod/lib/proto"
)

// languageOrders have a target speak the language of the session's customer, as
// their own browser would: in Accept-Language and in navigator.languages. Shops
// show public pages by it, and a cache that mixes those up is the first sign of
// worse (a game store's, in December 2015). What the browser calls itself stays
// as it is.
func (s *Session) languageOrders(t *target) []order {
	if s.spec.Language == "" || t.kind == kindTab {
		return nil
	}
	return []order{orderOf(proto.EmulationSetUserAgentOverride{AcceptLanguage: acceptLanguage(s.spec.Language)})}
}

// acceptLanguage is a language with its base, as browsers list them: "de-DE,de".
func acceptLanguage(tag string) string {
	if base, _, regional := strings.Cut(tag, "-"); regional {
		return tag + "," + base
	}
	return tag
}
