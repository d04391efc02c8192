package leak

import (
	"fmt"
	"sort"

	"crosstalk/harness/customer"
	"crosstalk/harness/history"
)

// count fills in what the run consisted of.
func (c *court) count(j *Judgement) {
	j.Exchanges, j.Customers = len(c.rec.exchanges), len(c.rec.customers)-len(c.rec.bystanders)
	j.UnseenPlaces = c.unseenPlaces()
	j.Mails, j.Strays = c.mails()
	j.Bodies, j.Unseen = c.seen.bodies-c.seen.missing, c.rec.unseen
	j.Sightings = len(c.rec.sightings)
	for i, cov := range c.coveredOnly(j.Coverage) {
		j.Exposures += cov.Exposures
		if i == 0 || cov.Pairs < j.Pairs {
			j.Pairs = cov.Pairs
		}
	}
	j.Bound = bound(j.Exposures)
	j.PairsNeed = c.pairsNeeded()
	j.Failures = map[string]int{}
	for _, s := range c.rec.order {
		if !s.mailbox() {
			j.Sessions++
		}
		for i := range s.steps {
			st := &s.steps[i]
			if st.Outcome == history.StepFailed && !st.beside() && !s.lost {
				j.Failures[fmt.Sprintf("%s: step %d %s: %s", s.Journey, st.Index+1, st.Text, st.Error)]++
			}
		}
	}
	j.Lost, j.Accounts, j.Unmarked = c.lost(), c.accounts(), c.silenced()
}

func (c *court) lost() []string {
	all := []string{}
	for _, l := range c.rec.lost {
		if l.Session == "" {
			all = append(all, fmt.Sprintf("a %s: %s", l.What, l.Reason))
			continue
		}
		s := c.rec.session(l.Session)
		all = append(all, fmt.Sprintf("the %s of %s (%s, %s): %s", l.What, l.Session, name(s.user(s.last)), s.Journey, l.Reason))
	}
	sort.Strings(all)
	return all
}

// accounts are those that were, or may have been, created and not removed.
func (c *court) accounts() []string {
	furthest := map[string]history.Account{}
	for _, a := range c.rec.accounts {
		key := a.Customer + " " + a.Journey
		if was, known := furthest[key]; !known || accountRank(a.State) >= accountRank(was.State) {
			furthest[key] = a
		}
	}
	all := []string{}
	for _, key := range sortedKeys(furthest) {
		a := furthest[key]
		if a.State == history.AccountRemoved {
			continue
		}
		text := fmt.Sprintf("%s's account of journey %s is %s", a.Customer, a.Journey, accountWords(a.State))
		if a.Detail != "" {
			text += ": " + a.Detail
		}
		all = append(all, text)
	}
	return all
}

// accountRank orders the states as an account passes through them.
func accountRank(state string) int {
	return map[string]int{history.AccountCreated: 1, history.AccountLeft: 2, history.AccountRemoved: 3}[state]
}

func accountWords(state string) string {
	switch state {
	case history.AccountCreating:
		return "perhaps left (its creation was begun)"
	default:
		return "left"
	}
}

// silenced are the kinds whose values could have proved something and do not
// in this run, because the scenario's pools or lengths made them shared or
// short, with how many customers that is so for.
func (c *court) silenced() []string {
	shared, weakened := map[customer.Kind]int{}, map[customer.Kind]int{}
	for i := range c.rec.customers {
		for _, m := range c.rec.customers[i].Markers() {
			switch could, _ := customer.StrengthOf(m.Kind); m.Strength {
			case could:
			case customer.Silent:
				shared[m.Kind]++
			default:
				weakened[m.Kind]++
			}
		}
	}
	all := []string{}
	for _, r := range customer.Ratings() {
		if n := shared[r.Kind]; n > 0 {
			all = append(all, fmt.Sprintf("%s of %s is another's too: it proves nothing", kindWords(r.Kind), count(n, "customer", "customers")))
		}
		if n := weakened[r.Kind]; n > 0 {
			all = append(all, fmt.Sprintf("%s of %s could be somebody else's by chance: it counts only in its own place, or beside another value", kindWords(r.Kind), count(n, "customer", "customers")))
		}
	}
	return all
}
