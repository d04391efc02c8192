package leak

// elsewhere are the wrong answers of a run that belong to another question: with
// these bytes their owner had been answered at another place before, and nobody
// rightly at this one; and no request of the owner's was in flight. A worker that
// keeps who asked last answers what is asked, for somebody else; only a reply
// that came too late, or for a request before, answers something else.
func (c *court) elsewhere() []*wrong {
	if c.clues.elsewhere != nil {
		return *c.clues.elsewhere
	}
	given := map[string][]*exchange{}
	for _, w := range c.strays() {
		if w.x.body.Hash != "" {
			given[w.x.body.Hash] = nil
		}
	}
	for _, e := range c.rec.exchanges {
		if known, ok := given[e.body.Hash]; ok && c.clues.strayed[e] == nil && len(known) < mostAnswers {
			given[e.body.Hash] = append(known, e)
		}
	}
	found := []*wrong{}
	for _, w := range c.strays() {
		if otherwhere(w, given[w.x.body.Hash]) && len(c.traffic.lanes[w.victim].beside(w.x)) == 0 {
			found = append(found, w)
		}
	}
	c.clues.elsewhere = &found
	return found
}

// otherwhere says that of the answers with a wrong one's bytes its owner was
// given one before, and none was given at its place.
func otherwhere(w *wrong, alike []*exchange) bool {
	owners := false
	for _, e := range alike {
		if e.place == w.x.place {
			return false
		}
		owners = owners || e.viewer == w.victim && arrival(e) <= w.x.start
	}
	return owners
}
