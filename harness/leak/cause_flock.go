package leak

import "fmt"

// flock is how all wrong answers of a run stand to the requests of whose data
// they are. When many ask at one moment, no single answer tells one for all from
// a race: who came first is lost in the times. But a race also gives answers that
// nobody else got, or data of somebody who asked later.
type flock struct {
	all   int
	alike int // one answer for both, and the victim had not asked clearly later
}

// Of so many wrong answers, nearly all must be alike.
const (
	fewestAlike = 4
	rarelyElse  = 3 // times as many as the others
)

func (f flock) sure() bool {
	return f.alike >= fewestAlike && rarelyElse*(f.all-f.alike) < f.alike
}

func (c *court) flock() flock {
	all := flock{}
	for _, k := range c.companies() {
		all.all, all.alike = all.all+k.all, all.alike+k.alike
	}
	return all
}

// flocked says of an answer that came with the victim's at one moment that nearly
// all wrong answers of the run did.
func (c *court) flocked(times string) []string {
	f := c.flock()
	if !f.sure() {
		return nil
	}
	return []string{
		times + ": same bytes, no sign of a stored copy",
		fmt.Sprintf("so it is with %d of the %d wrong answers that came while the customer waited for one: both were given one answer, and the viewer never asked clearly before the customer did", f.alike, f.all),
	}
}

// alike says that two could have been given one answer: it came at one moment,
// or was read late by one of them.
func alike(e, x *exchange) bool {
	return oneAnswer(e, x) && noLater(e, x) || sharesBetimes(e, x)
}

// sharesBetimes says that two could have been given one answer, by a machine so
// busy that it read one of them late: they waited for longer together than one
// waited alone.
func sharesBetimes(e, x *exchange) bool {
	if !sameQuestion(e, x) || e.body.Hash == "" || e.body.Hash != x.body.Hash || !noLater(e, x) || !uncached(x) {
		return false
	}
	lag, both := distance(arrival(e), arrival(x)), min(arrival(e), arrival(x))-x.start
	return arrival(e)-x.start >= midway && lag <= readLate || both >= midway && lag <= both
}

// noLater says that e was not asked for clearly later than x: clients note when
// they begin to send, and not what arrives first.
func noLater(e, x *exchange) bool { return e.start-x.start <= sendLag }

// sendLag is by how much two requests of one machine can overtake each other.
const sendLag = 2_000

// readLate is how long after another client one can read the same answer.
const readLate = 5 * atOnce
