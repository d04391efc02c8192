package leak_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/customer"
	"crosstalk/harness/match"
)

// matrixSeed makes the matrix's customers; what is derived from it is the same
// on every machine.
const matrixSeed = 20210527

// matrixCustomers is how many people the pages are about.
const matrixCustomers = 50

// matrixValue is one value with its owner.
type matrixValue struct {
	id     int // of its pattern
	who    int // position of the owner
	kind   customer.Kind
	text   string
	person *customer.Customer
	minor  int       // of a total: its minor units
	day    time.Time // of a birthday
}

// matrixPeople are customers, with what the shop issued to them, by kind.
type matrixPeople struct {
	customers []customer.Customer
	values    []map[customer.Kind]matrixValue
	all       []matrixValue // by pattern ID
	patterns  []match.Pattern
}

// newMatrixPeople allocates customers; avoid keeps them clear of others.
func newMatrixPeople(t testing.TB, seed uint64, n int, avoid []string) *matrixPeople {
	t.Helper()
	customers, err := customer.Allocate(seed, n, customer.Constraints{Avoid: avoid})
	require.NoError(t, err, "seed %d", seed)
	p := &matrixPeople{customers: customers, values: make([]map[customer.Kind]matrixValue, n)}
	r := rand.New(rand.NewPCG(seed, 1))
	for i := range customers {
		p.values[i] = map[customer.Kind]matrixValue{}
		p.plant(i)
		p.issue(r, i, int(seed%100)*matrixCustomers)
	}
	return p
}

// plant takes what we planted. The card holder is the name in capitals, and
// found as the name.
func (p *matrixPeople) plant(i int) {
	c := &p.customers[i]
	for _, m := range c.Markers() {
		k := slices.IndexFunc(matrixKinds(), func(k matrixKind) bool { return k.kind == m.Kind })
		if k < 0 || matrixKinds()[k].unlooked != "" || len(match.Key(m.Value)) < match.MinKey {
			continue
		}
		v := matrixValue{id: len(p.all), who: i, kind: m.Kind, text: m.Value, person: c}
		if m.Kind == customer.Birthday {
			v.day, _ = time.Parse(time.DateOnly, m.Value)
		}
		p.add(v)
		p.patterns = append(p.patterns, c.Pattern(m, v.id))
	}
	p.values[i][customer.CardHolder] = matrixValue{who: i, kind: customer.CardHolder, text: c.CardHolder, person: c}
}

// issue takes what the shop issued.
func (p *matrixPeople) issue(r *rand.Rand, i, more int) {
	for _, k := range matrixKinds() {
		if k.issue == nil {
			continue
		}
		at := i + more
		v := matrixValue{id: len(p.all), who: i, kind: k.kind, text: k.issue(r, at, &p.customers[i]), person: &p.customers[i], minor: 120_007 + 2_311*at}
		p.add(v)
		p.patterns = append(p.patterns, customer.LearnedPattern(k.kind, v.text, v.id))
	}
}

func (p *matrixPeople) add(v matrixValue) {
	p.all = append(p.all, v)
	p.values[v.who][v.kind] = v
}

// texts are all values, to be avoided by others.
func (p *matrixPeople) texts() []string {
	var texts []string
	for _, v := range p.all {
		texts = append(texts, v.text)
	}
	return texts
}
