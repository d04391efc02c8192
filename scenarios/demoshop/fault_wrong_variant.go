package demoshop

import "net/http"

// anyVariantRule is the edge rule of the fault wrong-variant: what is public is
// kept by its address, for everybody. It is nobody's data; but it is in the
// language and the prices of whoever came first, and those who then come are
// shown it until it has lived. The fault's rate is the share of those whose variant
// is another that are given what is kept.
type anyVariantRule struct {
	fault *lever
}

// takes stores public pages that come in several variants.
func (v anyVariantRule) takes(_ *http.Request, a *answer, known bool) (keeping, bool) {
	life, ok := a.storable()
	return keeping{life: life}, ok && v.fault != nil && !known && len(varyNames(a.header)) > 0
}

// serves does not look at what Vary names, but for the lever.
func (v anyVariantRule) serves(k stored, to asking) serving {
	if !to.known && sameVariant(k, to.Request) {
		return rightly
	}
	return astray(!to.known)
}

func (v anyVariantRule) lever() *lever { return v.fault }

// noData is why this fault has the plain variant alone.
const noData = "a language and a currency are nobody's data, and stand nowhere in other words"

func wrongVariantInfo() Info {
	return Info{
		Name:      WrongVariant,
		Class:     8,
		Incident:  "a game store, 25 December 2015: in the first minutes of its cache mix-up people saw the front page in other people's language and currency",
		Mechanism: "the edge forgets what Vary says, and keeps one copy of a public page for all languages and currencies (20 seconds)",
		Where:     "fault_wrong_variant.go, one of the edge's rules",
		Without: map[Variant]string{
			Masked:  noData,
			Encoded: noData,
			Token:   noData,
		},
	}
}
