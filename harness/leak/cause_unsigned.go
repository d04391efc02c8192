package leak

import "fmt"

// fewestCopies is how many wrong answers must all be copies before that can be
// no chance: where something else than a cache lets answers go astray, one in
// some is made anew.
const fewestCopies = 5

// unsigned is the cause "shared cache" where no header tells a copy and nothing
// else is certain: every wrong answer of the run is byte for byte the latest
// that its address had given. What keeps the last request's data, or mixes two
// up, makes answers anew: with the viewer's own tokens in them, or with what
// nobody was given before, or after somebody else's right one.
func (c *court) unsigned(q inquiry) []string {
	if q.x == nil || q.rule == RuleSharedToken || q.rule == RuleEarlierRun {
		return nil
	}
	e := c.unmarked(q.x)
	if e == nil || e.viewer != q.victim && !c.carries(e, q.proof) {
		return nil // what fits is said already, see fromCache
	}
	n := c.onlyCopies()
	if n < fewestCopies {
		return nil
	}
	return []string{
		fmt.Sprintf("%s (%s) was given the bytes that %s had been given by the same URL %s before (%s)",
			q.x.id, name(q.x.viewer), name(e.viewer), length(q.x.start-arrival(e)), e.id),
		fmt.Sprintf("so it is with all %d wrong answers of this run: each is byte for byte the latest that its address had given, though no header calls it a copy", n),
	}
}

// onlyCopies is how many wrong answers the run has, or 0 if one of them is no
// copy of the latest answer of its address, or cannot be for all we know.
func (c *court) onlyCopies() int {
	if c.clues.copies != nil {
		return *c.clues.copies
	}
	n := len(c.wrongs())
	for x := range c.wrongs() {
		if c.unmarked(x) == nil {
			n = 0
			break
		}
	}
	c.clues.copies = &n
	return n
}
