package leak

// fewestRound is how many others must have been given a customer's data since
// that customer was answered, for the next one to be no chance.
const fewestRound = 2

// handedRound says that a wrong answer goes on with one that many are given. A
// loader that remembers a query answers everybody with whoever asked it first,
// also while they ask for other things: where all walk at once, they always do.
// What two requests share has one value only until the next request, so it shows
// many people the same customer only while that one is being answered here.
func (c *court) handedRound(w *wrong) bool {
	own := c.givenAt(w.x, w.victim)
	if own == nil || c.asksToo(w) != nil {
		return false
	}
	given, others := map[string]bool{}, 0
	for _, e := range c.earlierAt(w.x) {
		if e.start < own.start {
			break
		}
		switch stray := c.clues.strayed[e]; {
		case e.viewer == w.victim || e.viewer == w.x.viewer || e.status >= 400:
		case stray != nil && stray.victim == w.victim:
			given[ownerOf(e.viewer, e.session.ID)] = true
		default:
			others++
		}
	}
	return len(given) >= fewestRound && others < len(given)
}
