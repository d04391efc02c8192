package harness

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"crosstalk/harness/customer"
	"crosstalk/harness/history"
	"crosstalk/harness/leak"
	"crosstalk/harness/match"
)

// allocateTries bounds how often customers are drawn again because a public
// page holds a value of theirs. Each try avoids all that was found before.
const allocateTries = 8

// allocateFor makes customers whose values no public page of this run's
// baseline holds, and that nobody of a remembered run had; bystanders are the
// last of them, so that the others are the same without.
func allocateFor(c Config, public texts, taken []string) ([]customer.Customer, error) {
	constraints := c.Scenario.Customers
	constraints.Avoid = slices.Concat(constraints.Avoid, taken)
	for range allocateTries {
		customers, err := customer.Allocate(c.Seed, c.Customers+c.Bystanders, constraints)
		if err != nil {
			return nil, &ConfigError{Problem: fmt.Sprintf("allocate customers: %v", err), Remedy: "loosen the scenario's customers: constraints, or use fewer customers"}
		}
		clash, err := public.holds(customers)
		if err != nil {
			return nil, err
		}
		if len(clash) == 0 {
			return customers, nil
		}
		constraints.Avoid = append(constraints.Avoid, clash...)
	}
	return nil, fmt.Errorf("allocate customers: public pages hold values of every allocation tried")
}

// texts are the bodies that the baseline was shown, with their folded words.
type texts struct {
	bodies []typed
	words  map[string]bool
}

type typed struct {
	media string
	bytes []byte
}

func publicTexts(folder string) (texts, error) {
	out := texts{words: map[string]bool{}}
	h, err := history.Open(folder)
	if err != nil {
		return out, err
	}
	seen := map[string]bool{}
	for e, err := range h.Events() {
		if err != nil {
			return out, err
		}
		body := history.Body{}
		switch {
		case e.Exchange != nil:
			body = e.Exchange.Body
		case e.Sighting != nil:
			body = e.Sighting.Body
		}
		if body.Hash == "" || seen[body.Hash] {
			continue
		}
		seen[body.Hash] = true
		b, err := h.Body(body.Hash)
		if err != nil {
			return out, err
		}
		out.add(typed{media: body.Type, bytes: b})
	}
	return out, nil
}

// tell a watch what anybody is shown.
func (t *texts) tell(w *leak.Watch) {
	for _, body := range t.bodies {
		w.Public(body.media, body.bytes)
	}
}

func (t *texts) add(body typed) {
	t.bodies = append(t.bodies, body)
	for _, word := range strings.FieldsFunc(string(body.bytes), func(r rune) bool { return !unicode.IsLetter(r) }) {
		t.words[match.Key(word)] = true
	}
}

// holds answers the values of customers that stand in the texts: strong ones
// anywhere and in any form, names as whole words.
func (t *texts) holds(customers []customer.Customer) ([]string, error) {
	clash := t.names(customers)
	markers, index, err := leak.Lookout(customers)
	if err != nil {
		return nil, fmt.Errorf("search public pages: %w", err)
	}
	for _, body := range t.bodies {
		for _, hit := range index.Search(body.media, body.bytes) {
			// A page may well have a part of a value; the judge knows which.
			if hit.Fragment == 0 {
				clash = append(clash, markers[hit.ID].Value)
			}
		}
	}
	return clash, nil
}

func (t *texts) names(customers []customer.Customer) []string {
	var clash []string
	for i := range customers {
		for _, name := range []string{customers[i].First, customers[i].Last} {
			if key := match.Key(name); key != "" && t.words[key] {
				clash = append(clash, name)
			}
		}
	}
	return clash
}

func marshalCustomer(c *customer.Customer) (json.RawMessage, error) {
	b, err := json.Marshal(c)
	if err != nil {
		return nil, fmt.Errorf("write customer: %w", err)
	}
	return b, nil
}
