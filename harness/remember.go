package harness

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"time"

	"crosstalk/harness/customer"
	"crosstalk/harness/history"
)

func memoryOf(c Config) memory {
	return memory{path: first(c.Seeds, filepath.Join(c.Out, memoryName)), secrets: c.secrets()}
}

// recall answers the runs that this one must know: against the same shop, with
// other customers. A run of this one's seed has the same customers: their
// values are nobody else's.
func (m memory) recall(c Config, now time.Time) ([]remembered, error) {
	all, err := m.read()
	if err != nil {
		return nil, err
	}
	var known []remembered
	for _, r := range newest(all, now) {
		if r.Seed == c.Seed || r.Target != "" && hostOf(r.Target) != hostOf(c.Target) {
			continue
		}
		if len(r.Owned) == 0 {
			if r.Owned, err = ownedOf(r, c.Scenario.Customers); err != nil {
				return nil, &ConfigError{fmt.Sprintf("%s: seed %d with %d customers: %v", m.path, r.Seed, r.Customers, err), "correct the line or remove it"}
			}
		}
		known = append(known, r)
	}
	return known, nil
}

// ownedOf makes a run's customers again from its seed.
func ownedOf(r remembered, constraints customer.Constraints) ([]owned, error) {
	customers, err := customer.Allocate(r.Seed, r.Customers, constraints)
	if err != nil {
		return nil, err
	}
	return plantedOf(customers), nil
}

// plantedOf are the values that are worth remembering: alone in any run.
func plantedOf(customers []customer.Customer) []owned {
	all := make([]owned, 0, len(customers))
	for i := range customers {
		o := owned{Customer: customers[i].ID}
		for _, m := range customers[i].Markers() {
			if m.Strength == customer.Strong && (m.Kind == customer.Email || m.Kind == customer.Gift) {
				o.Values = append(o.Values, history.EarlierValue{Kind: string(m.Kind), Value: m.Value})
			}
		}
		all = append(all, o)
	}
	return all
}

// remember writes this run's customers down, before the first of them signs
// up: a run that is killed leaves copies as well.
func (r *run) remember(customers []customer.Customer) error {
	return memoryOf(r.config).add(remembered{
		Run: filepath.Base(r.folder), Target: r.config.Target, Scenario: r.config.Scenario.Name, Started: r.began.UTC(),
		Seed: r.config.Seed, Customers: len(customers), Owned: plantedOf(customers),
	})
}

// rememberIssued adds what the shop issued to this run's customers.
func (r *run) rememberIssued(issued map[string][]history.EarlierValue) error {
	line := remembered{Run: filepath.Base(r.folder), Seed: r.config.Seed}
	for _, id := range slices.Sorted(maps.Keys(issued)) {
		values := issued[id]
		line.Owned = append(line.Owned, owned{Customer: id, Values: values[max(0, len(values)-rememberedMost):]})
	}
	if len(line.Owned) == 0 {
		return nil
	}
	return memoryOf(r.config).add(line)
}

// recallInto puts what is remembered into the journal, where the judge finds
// it, now and whenever the run is judged again.
func (r *run) recallInto(known []remembered) {
	r.earlier = known
	for _, earlier := range known {
		name := first(earlier.Run, fmt.Sprintf("seed %d", earlier.Seed))
		for _, o := range earlier.Owned {
			if len(o.Values) > 0 {
				r.record.write(history.Event{Earlier: &history.Earlier{Run: name, Customer: o.Customer, Markers: o.Values}})
			}
		}
	}
}

// avoided are the remembered values that no customer of this run may have.
func avoided(known []remembered) []string {
	var all []string
	for _, r := range known {
		for _, o := range r.Owned {
			for _, v := range o.Values {
				if v.Kind == string(customer.Email) || v.Kind == string(customer.Gift) {
					all = append(all, v.Value)
				}
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}
