package zoo

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"

	"crosstalk/harness"
	"crosstalk/scenarios/demoshop"
)

// Kind says whether a case must be found or must stay silent.
type Kind string

// The kinds.
const (
	KindFault Kind = "fault"
	KindDecoy Kind = "decoy"
)

// Case is one run of the zoo.
type Case struct {
	Kind    Kind             `json:"kind"`
	Name    string           `json:"name"`              // of the fault or the decoy
	Class   int              `json:"class"`             // of leaks, from 1; of decoys, their row
	Variant demoshop.Variant `json:"variant,omitempty"` // of a fault
	Rate    float64          `json:"rate,omitempty"`    // of a fault, from 0 to 1
}

// String names the case as Selection.Only takes it, with the rate of a fault
// behind it.
func (c Case) String() string {
	if c.Kind == KindDecoy {
		return c.Name
	}
	return c.name() + " at " + rateText(c.Rate)
}

// name is the case without its rate.
func (c Case) name() string {
	if c.Kind == KindDecoy {
		return c.Name
	}
	return c.Name + "/" + string(c.Variant)
}

// seed is the case's own, from the zoo's: never zero, 32 bits, so that it can be
// typed.
func (c Case) seed(zoo uint64) uint64 {
	h := fnv.New64a()
	fmt.Fprintf(h, "%d %s", zoo, c) // never fails
	return max(1, h.Sum64()>>32)
}

func rateText(rate float64) string { return strconv.FormatFloat(rate, 'g', -1, 64) }

// Selection says which cases a zoo has. The zero value is all faults in all
// their variants at rate 1, and all decoys.
type Selection struct {
	Only     []string           // names of faults and decoys, fault/variant, AllFaults, AllDecoys; none: all
	Rates    []float64          // of the faults, from 0 to 1; default 1 alone
	Variants []demoshop.Variant // that faults are narrowed to; none: all they have
}

// Words that Selection.Only takes beside names.
const (
	AllFaults = "faults"
	AllDecoys = "decoys"
)

// cases are the selected ones: faults by rate, in the order of the rates and of
// their classes, then the decoys. The error is a *harness.ConfigError.
func (s Selection) cases() ([]Case, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	var out []Case
	for _, rate := range s.rates() {
		for _, f := range demoshop.Faults() {
			for _, v := range f.Variants() {
				if s.takes(f.Name, v) {
					out = append(out, Case{KindFault, f.Name, f.Class, v, rate})
				}
			}
		}
	}
	for i, name := range decoyNames() {
		if s.takesDecoy(name) {
			out = append(out, Case{Kind: KindDecoy, Name: name, Class: i + 1})
		}
	}
	if len(out) == 0 {
		return nil, &harness.ConfigError{Problem: "nothing is left to run of what was asked for", Remedy: "the variants asked for are not those of the faults"}
	}
	return out, nil
}

func (s Selection) rates() []float64 {
	if len(s.Rates) == 0 {
		return []float64{1}
	}
	rates := slices.Clone(s.Rates)
	slices.SortFunc(rates, func(a, b float64) int { return cmp.Compare(b, a) })
	return slices.Compact(rates)
}

func (s Selection) takes(fault string, v demoshop.Variant) bool {
	if len(s.Variants) > 0 && !slices.Contains(s.Variants, v) {
		return false
	}
	asked := func(one string) bool { return one == AllFaults || one == fault || one == fault+"/"+string(v) }
	return len(s.Only) == 0 || slices.ContainsFunc(s.Only, asked)
}

func (s Selection) takesDecoy(name string) bool {
	return len(s.Only) == 0 || slices.Contains(s.Only, name) || slices.Contains(s.Only, AllDecoys)
}

func (s Selection) check() error {
	for _, rate := range s.Rates {
		if !(rate >= 0 && rate <= 1) { // NaN is neither
			return &harness.ConfigError{Problem: fmt.Sprintf("the rate %v is not from 0 to 1", rate), Remedy: "write --rate 1,0.1,0.01"}
		}
	}
	for _, v := range s.Variants {
		if !slices.Contains(demoshop.Variants(), v) {
			return &harness.ConfigError{Problem: fmt.Sprintf("no variant %q", v), Remedy: "there are " + joined(demoshop.Variants())}
		}
	}
	for _, name := range s.Only {
		if err := checkName(name); err != nil {
			return err
		}
	}
	return nil
}

// checkName says whether there is such a fault, variant or decoy.
func checkName(name string) error {
	if slices.Contains(append(decoyNames(), AllFaults, AllDecoys), name) {
		return nil
	}
	if strings.Contains(name, "=") {
		return &harness.ConfigError{Problem: fmt.Sprintf("%q has a rate", name), Remedy: "rates are said by --rate"}
	}
	known := []string{AllFaults, AllDecoys}
	for _, f := range demoshop.Faults() {
		known = append(known, f.Name)
	}
	fault, _, _ := strings.Cut(name, "/")
	if !slices.Contains(known[2:], fault) {
		known = append(known, decoyNames()...)
		return &harness.ConfigError{Problem: fmt.Sprintf("no fault or decoy %q", name), Remedy: "there are " + strings.Join(known, ", ")}
	}
	if _, err := demoshop.ParseFault(name); err != nil {
		return &harness.ConfigError{Problem: err.Error()}
	}
	return nil
}

func joined[T ~string](all []T) string {
	words := make([]string, 0, len(all))
	for _, one := range all {
		words = append(words, string(one))
	}
	return strings.Join(words, ", ")
}

func decoyNames() []string {
	var names []string
	for _, d := range Decoys() {
		names = append(names, d.Name)
	}
	return names
}
