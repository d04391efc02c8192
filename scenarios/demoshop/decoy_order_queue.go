package demoshop

import "strconv"

// firstNumber is what order numbers count up from.
const firstNumber = 10000

// queue is where an order stands at the packing table.
type queue struct {
	Number, Today  int // its number, and how many there were today
	Before, Behind int // the numbers of its neighbors; 0: there is none
}

// queueOf finds the neighbors of an order, whoever they belong to.
func (s *store) queueOf(number int) queue {
	s.mu.Lock()
	defer s.mu.Unlock()
	q := queue{Number: number, Today: number - firstNumber}
	if number > firstNumber+1 {
		q.Before = number - 1
	}
	if number < s.number {
		q.Behind = number + 1
	}
	return q
}

// amongOthers says whether a neighbor of somebody's order is not theirs, too.
// Of a guest's order it does not know: nothing says which others they placed.
func (s *store) amongOthers(o order, q queue) bool {
	if o.Account == "" {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	before, behind := q.Before > 0, q.Behind > 0
	for _, key := range s.byOwner[o.Account] {
		own := s.orders[key].Number
		before, behind = before && own != q.Before, behind && own != q.Behind
	}
	return before || behind
}

// Queue is what stands beside an order.
func (e *extras) Queue(o order) queue {
	q := e.store.queueOf(o.Number)
	if e.store.amongOthers(o, q) {
		e.gave(OrderQueue)
	}
	return q
}

func queueJSON(q queue) obj {
	out := obj{"today": q.Today}
	if q.Before > 0 {
		out["before"] = strconv.Itoa(q.Before)
	}
	if q.Behind > 0 {
		out["behind"] = strconv.Itoa(q.Behind)
	}
	return out
}

func orderQueueDecoy() Decoy {
	return Decoy{
		Name:  OrderQueue,
		Row:   4,
		Looks: "beside one's own order stand the numbers of other customers' orders",
		Is:    "the queue at the packing table: who is before you and behind you, by numbers that count up",
	}
}
