package customer

import "math/rand/v2"

// choose picks the position of a pool's value that nobody has yet, else of
// one that is shared.
func (d *draw) choose(kind Kind, r *rand.Rand, n int, at func(int) string) int {
	l := d.a.ledger
	return d.pickFrom(kind, r, n, func(i int) answer {
		switch value := at(i); {
		case l.take(kind, value):
			return claimed
		case l.avoided(value):
			return barred
		}
		return shared
	})
}

// answer is what became of an attempt to take a pool's value.
type answer int

const (
	claimed answer = iota // it is this customer's alone
	shared                // somebody else has it
	barred                // it must not be anyone's
)

// pickFrom goes through a pool from a random place on until a value can be
// claimed. When none can, it takes one that is shared; when all are barred, it
// takes one of those and makes the kind silent: a form must be filled in, and
// what is not a marker proves nothing wrong.
func (d *draw) pickFrom(kind Kind, r *rand.Rand, n int, try func(int) answer) int {
	start, second := r.IntN(n), -1
	dry := d.isDry(kind)
	for i := range n {
		k := (start + i) % n
		switch try(k) {
		case claimed:
			return k
		case shared:
			if second < 0 {
				second = k
			}
		case barred:
		}
		if dry && second >= 0 {
			return second
		}
	}
	d.ranDry(kind)
	if second < 0 {
		d.c.Shared = append(d.c.Shared, kind)
		return start
	}
	return second
}
