package demoshop

// noData is why this fault has the plain variant alone.
const noData = "a language and a currency are nobody's data, and stand nowhere in other words"

func wrongVariantInfo() Info {
	return Info{
		Name:      WrongVariant,
		Class:     8,
		Incident:  "a game store, 25 December 2015: in the first minutes of its cache mix-up people saw the front page in other people's language and currency",
		Mechanism: "the edge forgets what Vary says, and keeps one copy of a page for all languages and currencies",
		Where:     "fault_wrong_variant.go",
		Without: map[Variant]string{
			Masked:  noData,
			Encoded: noData,
			Token:   noData,
		},
	}
}
