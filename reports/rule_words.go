package reports

import (
	"fmt"

	"crosstalk/harness/leak"
)

// ruleWords explains a rule to somebody who does not know crosstalk.
func ruleWords(rule string) string {
	return map[string]string{
		leak.RuleForeignMarker: "A value that belongs to exactly one fake customer was shown to somebody else.",
		leak.RuleOwnPlace:      "A place that shows all customers their own data showed another customer's.",
		leak.RuleSharedToken:   "A credential that the shop made for one session was in another's hands.",
		leak.RulePredecessor:   "After the next customer signed in, the browser still showed the one before.",
		leak.RuleEarlierRun:    "A value of a customer of an earlier run came back.",
		leak.RuleMasked:        "A masked value fits exactly one other customer, and not the viewer.",
		leak.RuleNobodys:       "A place that shows all customers their own data showed a value of that kind that belongs to nobody crosstalk knows: perhaps a real person's.",
		leak.RulePersonalPlace: "A place whose random values differed for every customer who walked alone showed one value to two.",
		leak.RuleVariant:       "A place that shows everybody their own language or currency showed another.",
		leak.RuleMisplaced:     "An answer did not belong to the request that it answered.",
		leak.RuleConflict:      "The shop told two customers that one value is theirs. One of them was told the other's; which one is open.",
		leak.RuleBystander:     "A customer who had signed up and done nothing since was sent a mail that signing up does not bring.",
	}[rule]
}

// says tells what a finding of a rule shows, in one line: whose is the value
// with its owner ("c02's phone"), what the value alone.
func says(rule, viewer, victim, whose, what string) string {
	switch rule {
	case leak.RuleSharedToken:
		return upperFirst(fmt.Sprintf("%s holds %s", viewer, whose))
	case leak.RulePredecessor:
		return upperFirst(fmt.Sprintf("%s, next on the client that %s had used, was shown %s", viewer, victim, whose))
	case leak.RuleMasked:
		return upperFirst(fmt.Sprintf("%s was shown a mask that fits %s alone", viewer, whose))
	case leak.RuleNobodys:
		return upperFirst(fmt.Sprintf("%s was shown nobody's %s where their own stands", viewer, what))
	case leak.RulePersonalPlace:
		return upperFirst(fmt.Sprintf("%s was shown the same random value as %s, where each had their own", viewer, victim))
	case leak.RuleMisplaced:
		return upperFirst(fmt.Sprintf("%s was sent the answer to another request", viewer))
	case leak.RuleConflict:
		return upperFirst(fmt.Sprintf("%s and %s were both told that one %s is theirs", victim, viewer, what))
	case leak.RuleBystander:
		return upperFirst(fmt.Sprintf("%s, who had done nothing since signing up, was sent a mail", viewer))
	case leak.RuleVariant:
		return upperFirst(fmt.Sprintf("%s was shown another %s than their own", viewer, what))
	}
	return upperFirst(fmt.Sprintf("%s was shown %s", viewer, whose))
}
