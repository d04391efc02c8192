package leak

// rule is one row of the table of what proves that isolation broke. Each has a
// file of its own; a new one is entered in rules.
type rule struct {
	name string // as findings have it

	// each looks at one sighting that came after the first sign-up; found is
	// what the rules before this one found in it. Sightings come in the order of
	// happening.
	each func(c *court, s *sighting, found []proof) []proof

	always bool // each looks at the empty jars of the baseline too

	// once looks at the whole record, before the sightings are gone through.
	once func(c *court) []proof
}

// rules are all of them, in the order of applying.
func rules() []rule {
	return []rule{
		{name: RuleSharedToken, once: (*court).sharedTokens},
		{name: RuleSharedToken, each: (*court).looseTokens},
		{name: RuleConflict, once: (*court).conflict},
		{name: RuleForeignMarker, each: (*court).foreign}, // and predecessor
		{name: RuleEarlierRun, each: (*court).earlierRun, always: true},
		{name: RuleForeignMarker, each: (*court).fragments},
		{name: RuleOwnPlace, each: (*court).anothers},
		{name: RuleMasked, each: (*court).maskedMarkers},
		{name: RuleForeignMarker, each: (*court).halves},
		{name: RuleForeignMarker, each: (*court).sideBySide},
		{name: RuleOwnPlace, once: (*court).learnKeys, each: (*court).anothersKey},
		{name: RulePersonalPlace, once: (*court).learnPersonal, each: (*court).shared},
		{name: RuleNobodys, once: (*court).learnStrangers, each: (*court).nobodys},
		{name: RuleMisplaced, once: (*court).learnMisplaced, each: (*court).anotherSessions},
		{name: RuleBystander, once: (*court).learnPosted, each: (*court).idle},
		{name: RuleVariant, once: (*court).learnVariants, each: (*court).wrongVariant},
	}
}
