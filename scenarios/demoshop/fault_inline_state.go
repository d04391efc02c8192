package demoshop

func inlineStateInfo() Info {
	return Info{
		Name:      InlineState,
		Class:     4,
		Incident:  "an express checkout for a shop system, issue 171: the cached page held the previous customer of the same customer group in a script variable, which no text shows",
		Mechanism: "the state that a page hands to its scripts is kept by customer group, and goes into the pages of the whole group",
		Where:     "fault_inline_state.go",
	}
}
