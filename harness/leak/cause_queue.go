package leak

import "crosstalk/harness/history"

// mostlyQueued is the share of a run's wrong answers that must stand in queues,
// where too few are known for shares of those who had theirs handed on.
const mostlyQueued = 0.75

// findQueues finds the chains of wrong answers where only some calls go by a
// connection with a reply too many: who is given somebody else's there, and has
// their own go to the next who asks there, is answered rightly everywhere else. A
// right answer in between, at any place where answers went astray, ends a chain.
func (c *court) findQueues(s *shift) {
	all := c.strays()
	at := placesOf(all)
	last, next := map[string]*wrong{}, map[*wrong]*wrong{} // the latest that a viewer was given; the one behind another
	behind := map[*wrong]bool{}
	for _, w := range all {
		if b := last[w.victim]; b != nil && next[b] == nil && b.x.viewer != w.x.viewer && b.x.end <= w.x.start && !c.rightSince(b, w, at) {
			next[b], behind[w] = w, true
		}
		last[w.x.viewer] = w
	}
	for _, w := range all {
		if behind[w] {
			continue
		}
		var queue []*wrong
		for one := w; one != nil; one = next[one] {
			queue = append(queue, one)
		}
		if len(queue) >= longChain {
			s.queued += len(queue)
			if len(queue) > len(s.queue) {
				s.queue = queue
			}
		}
	}
}

func placesOf(all []*wrong) map[history.Place]bool {
	at := map[history.Place]bool{}
	for _, w := range all {
		at[w.x.place] = true
	}
	return at
}

// rightSince says that the viewer of a wrong answer was given a right one, at one
// of these places, before a later one began.
func (c *court) rightSince(earlier, later *wrong, at map[history.Place]bool) bool {
	since := c.traffic.lanes[earlier.x.viewer].around(earlier.x.start, later.x.start)
	if len(since) > mostAnswers {
		return true // for all we know
	}
	for _, e := range since {
		if at[e.place] && c.clues.strayed[e] == nil && whyCut(e) == "" && e.status < 400 {
			return true
		}
	}
	return false
}
