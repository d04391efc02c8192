package plan

import (
	"slices"

	"crosstalk/harness/history"
)

// SignUp makes everybody's account. Accounts of several journeys are made one
// journey after the other, in the file's order: one round each.
func (p *Plan) SignUp() []Round { return p.each(history.PhaseSignUp, PartSetup, p.journeys.accounts) }

// CleanUp removes the accounts again, the last made first.
func (p *Plan) CleanUp() []Round {
	var names []string
	for _, j := range p.setting.Scenario.Journeys {
		if len(j.Cleanup) > 0 {
			names = append([]string{j.Name}, names...)
		}
	}
	return p.each(history.PhaseCleanUp, PartCleanup, names)
}

func (p *Plan) each(phase, part string, names []string) []Round {
	var rounds []Round
	for i, name := range names {
		round := Round{Schedule: phase, Number: i + 1, Parallel: p.setting.Parallel}
		for _, c := range slices.Concat(p.setting.Customers, p.setting.Bystanders) {
			round.Walks = append(round.Walks, Walk{Customer: c, Journey: name, Part: part, Follow: Alone})
		}
		rounds = append(rounds, round)
	}
	return rounds
}

// Solo lets the first customers walk every journey alone, each after an
// anonymous visitor: it shows what is their own, and where.
func (p *Plan) Solo() []Round {
	var rounds []Round
	for i, c := range p.setting.Customers[:p.setting.Solo] {
		round := Round{Schedule: history.PhaseSolo, Number: i + 1, Parallel: 1}
		for _, name := range p.journeys.passers {
			round.Walks = append(round.Walks, Walk{Customer: history.Nobody, Journey: name, Part: PartSteps, Follow: Alone})
		}
		for _, name := range append(append([]string{}, p.journeys.browser...), p.journeys.api...) {
			round.Walks = append(round.Walks, Walk{Customer: c, Journey: name, Part: PartSteps, Follow: Alone})
		}
		for w := 1; w < len(round.Walks); w++ {
			round.Walks[w].Follow = w - 1
		}
		rounds = append(rounds, round)
	}
	return rounds
}
