package plan

import (
	"math/rand/v2"
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
	for i := range p.setting.Solo {
		rounds = append(rounds, p.soloRound(i))
	}
	return rounds
}

// furtherSolo goes on where Solo ended, for whoever asks for nothing but the
// positive control: its rounds have the numbers that follow.
func (p *Plan) furtherSolo(_ *rand.Rand, number int) Round {
	return p.soloRound(p.setting.Solo + number - 1)
}

func (p *Plan) soloRound(i int) Round {
	round := Round{Schedule: history.PhaseSolo, Number: i + 1, Parallel: 1}
	add := func(customer, journey string) {
		// Follow is Alone for the first, then the one before.
		round.Walks = append(round.Walks, Walk{Customer: customer, Journey: journey, Part: PartSteps, Follow: len(round.Walks) - 1})
	}
	for _, name := range p.journeys.passers {
		add(history.Nobody, name)
	}
	for _, name := range slices.Concat(p.journeys.browser, p.journeys.api) {
		add(p.setting.Customers[i%len(p.setting.Customers)], name)
	}
	return round
}
