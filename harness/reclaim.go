package harness

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"crosstalk/harness/customer"
	"crosstalk/harness/history"
	"crosstalk/harness/plan"
	"crosstalk/scenarios"
)

// reclaimDeadline bounds what is spent on the accounts of earlier runs, for
// all of them together.
const reclaimDeadline = 60 * time.Second

// reclaim removes the accounts that killed runs left behind. Whatever goes
// wrong is said and leaves the ledger as it was: the next run tries again.
func reclaim(ctx context.Context, c Config, g guard, cl *clients, own string) {
	ctx, cancel := context.WithTimeout(ctx, reclaimDeadline)
	defer cancel()
	entries, err := os.ReadDir(c.Out)
	if err != nil {
		return // this run's folder was made there: a race with somebody's rm
	}
	for _, entry := range entries {
		folder := filepath.Join(c.Out, entry.Name())
		if !entry.IsDir() || folder == own || ctx.Err() != nil {
			continue
		}
		n, err := reclaimRun(ctx, c, g, cl, folder)
		switch {
		case err != nil:
			fmt.Fprintf(c.Log, "accounts of %s could not be cleaned up: %v\n", entry.Name(), err)
		case n > 0:
			fmt.Fprintf(c.Log, "cleaned up %d accounts that %s had left behind\n", n, entry.Name())
		}
	}
}

// leftover is a run that was killed, or whose clean-up ran out of time.
type leftover struct {
	run       history.Run
	ended     bool
	customers map[string]*customer.Customer
	accounts  map[account]string // the state of each
}

// account is one account in a ledger.
type account struct{ customer, journey string }

func (a account) cleanUp() plan.Walk {
	return plan.Walk{Customer: a.customer, Journey: a.journey, Part: plan.PartCleanup, Follow: plan.Alone}
}

func reclaimRun(ctx context.Context, c Config, g guard, cl *clients, folder string) (int, error) {
	l, err := readLeftover(folder)
	if len(l.standing()) == 0 || hostOf(l.run.Target) != hostOf(c.Target) || !g.allowedURL(l.run.Target) {
		return 0, nil // no run of ours, cleaned up, or at another shop: this run's headers are not for that one
	}
	if err != nil {
		return 0, err
	}
	sc, err := scenarios.ParseRecorded(l.run.ScenarioFile, []byte(l.run.ScenarioText), os.LookupEnv)
	if err != nil {
		return 0, err
	}
	old := c
	old.Target, old.Scenario, old.Progress = l.run.Target, sc, func(Progress) {}
	dir := filepath.Join(folder, "history")
	journal, err := history.Reopen(dir, old.secrets()) // its own scenario's: this run may use another
	if err != nil {
		if errors.Is(err, history.ErrInUse) {
			return 0, nil // it is under way, not killed
		}
		return 0, err
	}
	record := newRecorder(journal, dir)
	conduct := newConductor(old, sc, g, cl, record, newMeter(old, record, journal.Began()))
	conduct.customers = l.customers
	// The old journal knows sessions and sightings by their numbers: ours go on
	// from where no number of its own can be.
	conduct.serial.Store(journal.Seq())
	record.serial.Store(journal.Seq())
	err = cleanRounds(ctx, conduct, l.rounds(sc, conduct.accounts, c.Parallel))
	if err == nil && ctx.Err() == nil && !l.ended { // one that was cut short is taken up by the next run
		record.write(history.Event{End: &history.End{Interrupted: true, Reason: "killed; cleaned up by a later run"}})
	}
	return conduct.accounts.count(history.AccountRemoved), errors.Join(err, journal.Err(), journal.Close())
}

func readLeftover(folder string) (leftover, error) {
	l := leftover{customers: map[string]*customer.Customer{}, accounts: map[account]string{}}
	h, err := history.Open(folder)
	if err != nil {
		return l, err
	}
	if l.run, err = h.Header(); err != nil {
		return l, err
	}
	for e, err := range h.Events() {
		switch {
		case err != nil:
			return l, err
		case e.Customer != nil:
			var c customer.Customer
			if err := json.Unmarshal(e.Customer.Record, &c); err != nil {
				return l, fmt.Errorf("read customer: %w", err)
			}
			l.customers[c.ID] = &c
		case e.Account != nil:
			l.accounts[account{e.Account.Customer, e.Account.Journey}] = e.Account.State
		case e.End != nil:
			l.ended = true
		}
	}
	return l, nil
}

func (l leftover) standing() []account {
	var out []account
	for a, state := range l.accounts {
		if state == history.AccountCreating || state == history.AccountCreated {
			out = append(out, a)
		}
	}
	return out
}

// rounds are the clean-up of what stands, entered in the ledger as the old run
// left it.
func (l leftover) rounds(sc *scenarios.Scenario, ledger *accounts, parallel int) []plan.Round {
	byJourney := map[string]*plan.Round{}
	for _, a := range l.standing() {
		ledger.adopt(a.cleanUp(), l.accounts[a])
		if byJourney[a.journey] == nil {
			byJourney[a.journey] = &plan.Round{Schedule: history.PhaseCleanUp, Number: 1, Parallel: parallel}
		}
		byJourney[a.journey].Walks = append(byJourney[a.journey].Walks, a.cleanUp())
	}
	var rounds []plan.Round
	for i := len(sc.Journeys) - 1; i >= 0; i-- { // the last made goes first
		if round := byJourney[sc.Journeys[i].Name]; round != nil && len(sc.Journeys[i].Cleanup) > 0 {
			rounds = append(rounds, *round)
		}
	}
	return rounds
}
