package leak

import (
	"cmp"
	"slices"

	"crosstalk/harness/history"
)

// mostlyQueued is the share of a run's wrong answers that must stand in queues,
// where too few are known for shares of those who had theirs handed on.
const mostlyQueued = 0.75

// queues are the chains of wrong answers of a run where only some calls go by a
// connection with a reply too many: who is given somebody else's there, and has
// their own go to the next who asks there, is answered rightly everywhere else. A
// right answer in between, at any place where answers went astray, ends a chain.
type queues struct {
	next, earlier map[*wrong]*wrong // who asked when the one before had been answered
	beside, with  map[*wrong]*wrong // the one answered next, who asked at once with the one before; and the other way round
}

func (c *court) lineUp() queues {
	all := c.strays()
	at := placesOf(all)
	last := map[string]*wrong{} // the latest that a viewer was given
	q := queues{map[*wrong]*wrong{}, map[*wrong]*wrong{}, map[*wrong]*wrong{}, map[*wrong]*wrong{}}
	for i, w := range all {
		b := last[w.victim]
		last[w.x.viewer] = w
		switch {
		case b == nil || q.next[b] != nil || b.x.viewer == w.x.viewer || c.rightSince(b, w, at):
		case b.x.end <= w.x.start:
			q.next[b], q.earlier[w] = w, b
		case b == all[i-1]:
			q.beside[b], q.with[w] = w, b
		}
	}
	return q
}

// findQueues finds the long ones. In a race, too, whoever asks at once may be
// given the other's, so that makes no queue; but where one is long without, those
// at its ends who asked at once with the next stand in it as well. So do those of
// short ones: a second error in the midst of a queue sends one reply twice, and
// the queue goes on from there as two.
func (c *court) findQueues(s *shift) {
	q := c.lineUp()
	var short, long [][]*wrong
	for _, w := range c.strays() {
		if q.earlier[w] != nil {
			continue
		}
		queue := q.behind(w)
		whole := slices.Concat(q.before(q.with[w]), queue, q.behind(q.beside[queue[len(queue)-1]]))
		if len(queue) >= longChain {
			long = append(long, whole)
		} else if len(queue) >= shortestChain {
			short = append(short, whole)
		}
	}
	if len(long) == 0 {
		return
	}
	queued := map[*wrong]bool{}
	for _, queue := range slices.Concat(long, short) {
		for _, one := range queue {
			queued[one] = true
		}
	}
	s.queue = slices.MaxFunc(long, func(a, b []*wrong) int { return cmp.Compare(len(a), len(b)) })
	s.queued = len(queued)
}

// behind are a wrong answer and those that follow it in its queue.
func (q queues) behind(w *wrong) []*wrong {
	var all []*wrong
	for ; w != nil; w = q.next[w] {
		all = append(all, w)
	}
	return all
}

// before are a wrong answer that ends its queue and those before it there.
func (q queues) before(w *wrong) []*wrong {
	if q.next[w] != nil {
		return nil // what is theirs went to somebody else as well
	}
	var all []*wrong
	for ; w != nil; w = q.earlier[w] {
		all = append(all, w)
	}
	slices.Reverse(all)
	return all
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
