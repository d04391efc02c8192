package plan

import (
	"cmp"
	"math/rand/v2"
	"slices"

	"crosstalk/harness/history"
)

// abortBrowsers is how many browsers take part at least, where there are so
// many customers: one who aborts, one beside from the start, two who come next.
const abortBrowsers = 4

// abortStrangers is how many come at most after the last error of a round.
const abortStrangers = 3

// abortWaves is how often those who don't abort walk an app in one round: a
// connection that was left with a reply in it is not always taken at once.
const abortWaves = 3

// abort lets some give up in the midst of a request, close the tab while it
// loads, or run into errors; others walk beside them, and after them. It finds
// replies that are shifted by one, since a canceled request left its reply on a
// connection that all use; buffers that are returned twice; and an identity
// that an exception left behind on a thread. In all of these it is the next
// ones who are shown another's data, as long as the connection or the thread
// lives: ordinary walks follow at once, and in the rounds after this one.
//
// A quarter aborts: were it most, few would be left to be shown something. Of
// those with an app, one for each ending at least, as a walk takes no time: a
// place where only an app asks would come to its error in the second round or
// later, and a smoke run has one.
func (p *Plan) abort(r *rand.Rand, number int) Round {
	round := Round{Window: copyWindow}
	people, ending := p.shuffled(r), p.firstEnding(number)
	if n := len(p.journeys.browser); n > 0 {
		some := people[:min(len(people), max(abortBrowsers, p.setting.Parallel/2))]
		p.storm(&round, r, ending, p.journeys.browser[(number-1)%n], some, storm{aborters: 1, earlier: 2, waves: 1})
	}
	people, last, behind := p.lastWord(round, people)
	for i, name := range p.journeys.api {
		slices.Reverse(people) // who aborts in a browser does not in the app
		p.storm(&round, r, ending+1+i, name, people, storm{aborters: len(endings), earlier: len(p.journeys.walked(name)), waves: abortWaves})
	}
	p.provokeLast(&round, r, last, behind)
	return round
}

// lastWord is who comes to the round's last errors, and behind which walk: one of
// those who come last in a browser, which takes far longer than an app, and who
// walks no app before. Where there is none, it is whoever comes last in the app.
func (p *Plan) lastWord(round Round, people []string) (others []string, last string, behind int) {
	if behind = len(round.Walks) - 1; behind < abortBrowsers-1 || len(people) <= abortBrowsers {
		return people, "", Alone
	}
	last = round.Walks[behind].Customer
	return slices.DeleteFunc(people, func(c string) bool { return c == last }), last, behind
}

// provokeLast has an error end the round, when everybody else is done, and
// strangers come after it. While others walk, whoever is signed in soon takes the
// place of the identity that an error left behind on a thread; strangers do not.
func (p *Plan) provokeLast(round *Round, r *rand.Rand, last string, behind int) {
	for _, name := range p.journeys.api {
		w := p.walk(last, name)
		if w.Follow = behind; behind == Alone {
			w.Follow = p.latest(round, name)
			w.Customer = round.Walks[w.Follow].Customer
		}
		if p.disturb(&w, r, endProvoking, 0); w.Provoke > 0 {
			round.Walks = append(round.Walks, w)
			p.strangers(round)
		}
	}
}

// strangers come after the walk that was planned last, on connections of their
// own: of a few threads one finds the right one.
func (p *Plan) strangers(round *Round) {
	lead := len(round.Walks) - 1
	for i := range min(abortStrangers, 1+p.setting.Parallel/4) {
		if len(p.journeys.passers) == 0 {
			return
		}
		w := p.walk(history.Nobody, p.journeys.passers[i%len(p.journeys.passers)])
		w.Follow, w.Lag = lead, passerLag
		round.Walks = append(round.Walks, w)
	}
}

// latest is the walk of a journey that was planned last.
func (p *Plan) latest(round *Round, journey string) int {
	for i, w := range slices.Backward(round.Walks) {
		if w.Journey == journey {
			return i
		}
	}
	return Alone
}

// firstEnding is how the browser's walk ends in an abort round, and before which
// those of the apps come in turn. A journey counts its own turns, from an error
// on: by the rounds, of two journeys the one that can provoke errors would come
// to that in the fifth.
func (p *Plan) firstEnding(number int) int {
	n := len(p.journeys.browser)
	if n == 0 {
		return number - 1
	}
	return slices.Index(endings, endProvoking) + (number-1)/n + 2*((number-1)%n)
}

// storm is how much happens at one journey.
type storm struct {
	aborters int // at least, where that is less than half
	earlier  int // cuts at most before the one that ends a walk
	waves    int // walks of each who does not abort
}

func (p *Plan) storm(round *Round, r *rand.Rand, ending int, journey string, people []string, s storm) {
	first, aborters := len(round.Walks), max(1, len(people)/4, min(s.aborters, (len(people)-1)/2))
	beside := (len(people) - aborters) / 2
	for i, c := range people {
		w := p.walk(c, journey)
		switch {
		case i < aborters:
			p.disturb(&w, r, endings[(ending+i)%len(endings)], s.earlier)
		case i >= aborters+beside:
			w.Follow = first + i%aborters
		}
		round.Walks = append(round.Walks, w)
	}
	last := first + aborters
	for wave := range s.waves - 1 {
		next := len(round.Walks)
		for i, c := range people[aborters:] {
			w := p.walk(c, journey)
			w.Follow = last + i
			round.Walks = append(round.Walks, w)
		}
		if wave == 0 {
			p.provokeAgain(round, r, first, aborters)
		}
		last = next
	}
}

// provokeAgain has those whose walks ended in an error run into one once more.
// The first may have come before anybody else had asked: connections that nobody
// has used for some seconds have been replaced, and on a new one there is no
// answer before the error's that could be sent twice. By the second, those beside
// have come as far.
func (p *Plan) provokeAgain(round *Round, r *rand.Rand, first, aborters int) {
	for i := first; i < first+aborters; i++ {
		before := round.Walks[i]
		if before.Provoke == 0 {
			continue
		}
		w := p.walk(before.Customer, before.Journey)
		w.Follow = i
		p.disturb(&w, r, endProvoking, 0)
		round.Walks = append(round.Walks, w)
	}
}

// ending is how the walk of one who aborts ends.
type ending string

const (
	endLeaving   ending = "leaving"   // the tab is closed
	endProvoking ending = "provoking" // an error ends it
	endStopping  ending = "stopping"  // a request is given up; the walk goes on if it can be sent again
)

// endings come in turn.
var endings = []ending{endLeaving, endProvoking, endStopping}

// disturb says where a walk is cut, and how it ends.
func (p *Plan) disturb(w *Walk, r *rand.Rand, how ending, earlier int) {
	steps := p.journeys.walked(w.Journey)
	end := len(steps)
	if how == endProvoking && p.journeys.provokes[w.Journey] {
		from := p.setting.Scenario.Journey(w.Journey).ProvokeFrom
		if shown := indices(steps, shows); len(shown) > 0 {
			from = max(from, shown[0]+1)
		}
		w.Provoke = provokeAfter(r, from, len(steps), indices(steps, signsOut))
	}
	if sending := indices(steps, sends); w.Provoke > 0 {
		end = w.Provoke
	} else if len(sending) > 0 {
		end = sending[r.IntN(len(sending))]
		w.Cuts = append(w.Cuts, Cut{Step: end, At: r.Float64(), Leave: how != endStopping})
	}
	again := indices(steps[:end], repeatable)
	r.Shuffle(len(again), func(i, j int) { again[i], again[j] = again[j], again[i] })
	for _, k := range again[:min(earlier, (len(again)+1)/2)] {
		w.Cuts = append(w.Cuts, Cut{Step: k, At: r.Float64()})
	}
	slices.SortFunc(w.Cuts, func(a, b Cut) int { return cmp.Compare(a.Step, b.Step) })
}

// provokeAfter is how many steps are performed before an error is provoked: at
// least one, and rather many, but before the last sign-out, and not before all
// that the provocations name is remembered and one's own was shown (from): only
// one who is signed in leaves an identity behind, and a round has few errors.
// Zero: there is no such place.
func provokeAfter(r *rand.Rand, from, steps int, signOuts []int) int {
	most := steps - 1
	if len(signOuts) > 0 {
		most = signOuts[len(signOuts)-1]
	}
	least := max(1, from)
	if most < least {
		return 0
	}
	n := most - least + 1
	return least + max(r.IntN(n), r.IntN(n))
}
