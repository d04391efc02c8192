package demoshop

import (
	"encoding/hex"
	"math/rand/v2"
	"time"
)

// experiment is what the shop tries out: a few arms, and articles to recommend,
// each with an id of its own by which its success is counted.
type experiment struct {
	arms  []string
	picks map[int]string // by article
}

const experimentArms = 3

func newExperiment() experiment {
	e := experiment{picks: map[int]string{}}
	for range experimentArms {
		e.arms = append(e.arms, randomID())
	}
	for _, it := range catalog() {
		e.picks[it.ID] = randomID()
	}
	return e
}

// arm is one of the arms, by chance.
func (e experiment) arm() string { return e.arms[rand.IntN(len(e.arms))] } //nolint:gosec // a throw of dice

// pick is an article to look at, and by which id the look is counted.
type pick struct {
	Item item
	ID   string
}

// Picks are three articles by chance, and by ids that others are given, too: so
// are arms. What is new each time looks like nobody's.
func (e *extras) Picks() []pick {
	all := catalog()
	e.gave(Noise)
	var out []pick
	for _, i := range rand.Perm(len(all))[:3] { //nolint:gosec // a throw of dice
		out = append(out, pick{all[i], e.stock.picks[all[i].ID]})
	}
	return out
}

// Nonce is another for each page that is made.
func (e *extras) Nonce() string { return randomID() }

// Now is when a page was made.
func (e *extras) Now() string { return e.now().UTC().Format(time.RFC3339Nano) }

// Hidden is the shop's address as robots cannot read it: each byte turned by
// the first, which is another each time.
func (e *extras) Hidden() string {
	key := byte(1 + rand.IntN(255)) //nolint:gosec // hides nothing from anyone
	out := []byte{key}
	for _, b := range []byte(sender().Address) {
		out = append(out, b^key)
	}
	return hex.EncodeToString(out)
}

func (e *extras) noise(out obj) {
	out["served_at"] = e.now().UnixMilli()
	out["trace"] = randomID()
	out["arm"] = e.stock.arm()
	e.gave(Noise)
}

func noiseDecoy() Decoy {
	return Decoy{
		Name:  Noise,
		Row:   5,
		Looks: "answers hold long random values, and some are shown to two customers",
		Is:    "recommendations, nonces, arms of an experiment, an address hidden from robots, times",
	}
}
