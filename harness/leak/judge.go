package leak

import (
	"context"
	"fmt"
	"iter"

	"crosstalk/harness/customer"
	"crosstalk/harness/history"
	"crosstalk/scenarios"
)

// History is what the judge reads: a run's events in the order of writing, as
// often as it asks, and its bodies by hash. Nothing else tells it anything.
type History interface {
	Events() iter.Seq2[history.Event, error]
	Body(hash string) ([]byte, error)
}

// Judge concludes from a history who was shown whose data, and what the
// absence of it means. The scenario gives the allowances and minima; nil
// stands for one that has none. An error means that the history could not be
// read or that ctx ended: what the shop did is never an error. A journal that
// was cut short is judged as far as it goes.
func Judge(ctx context.Context, h History, sc *scenarios.Scenario) (Judgement, error) {
	return judgeWithin(ctx, h, sc, mostLoaded)
}

// judgeWithin judges with the contents of so many bodies at hand.
func judgeWithin(ctx context.Context, h History, sc *scenarios.Scenario, room int) (Judgement, error) {
	if sc == nil {
		sc = &scenarios.Scenario{}
	}
	rec, err := readRecord(ctx, h)
	if err != nil {
		return Judgement{}, fmt.Errorf("judge: %w", err)
	}
	rec.meetUsers(h)
	rec.handOver()
	own, err := newOwners(rec)
	if err != nil {
		return Judgement{}, fmt.Errorf("judge: %w", err)
	}
	seen, err := inspect(ctx, h, rec, own, room)
	if err != nil {
		return Judgement{}, fmt.Errorf("judge: %w", err)
	}
	own.publish(rec, seen)
	c := &court{history: h, scenario: sc, rec: rec, own: own, seen: seen, contests: own.settle(rec, seen)}
	return c.judge(ctx)
}

// court is one judgement in the making.
type court struct {
	history   History
	scenario  *scenarios.Scenario
	rec       *record
	own       *owners
	seen      *inspection
	slots     *slots
	tokens    *ledger
	people    map[string]*customer.Customer
	variants  map[variantSlot]*variantStanding
	fallbacks fallbacks
	personal  *personal
	keys      *keys
	turning   *turning // made when the first value is asked for
	strangers *strangers
	nonces    *nonces
	posted    *posted     // nil when the run had no bystanders
	masked    *maskedPast // made when the first mask is weighed
	weakly    weakly
	contests  []contest
	proofs    []proof
	traffic   *traffic
	clues     clues
	handed    map[string][]handed // by who had the cookie
	thin      []string            // places that showed too few visits of the rounds their own
	faded     []string            // kinds and places that solo showed and the rounds did not
}

func (c *court) judge(ctx context.Context) (Judgement, error) {
	c.people = peopleOf(c.rec)
	c.slots = learnSlots(c.rec, c.own, c.seen)
	c.tokens = openLedger(c.rec, c.own, c.seen)
	for _, r := range rules() {
		if r.once != nil {
			c.proofs = append(c.proofs, r.once(c)...)
		}
	}
	visits := c.newVisits()
	for _, s := range c.rec.sightings {
		if err := ctx.Err(); err != nil {
			return Judgement{}, fmt.Errorf("judge: %w", err)
		}
		c.weigh(s)
		visits.take(s) // beside weigh: both look at what the body holds
	}
	allowed := newAllowances(c.scenario.Allow)
	c.proofs = allowed.drop(c.proofs)
	c.traffic = c.survey()
	c.handed = c.handedOver()
	findings := c.findings()
	coverage := c.coverage(visits)
	j := Judgement{Findings: findings, Coverage: coverage, NeverOwn: visits.plain.neverOwn(), Issued: c.tokens.issued()}
	c.count(&j)
	c.conclude(&j, allowed)
	j.AllowancesUnused = allowed.unused()
	if c.seen.err != nil {
		return Judgement{}, fmt.Errorf("judge: %w", c.seen.err)
	}
	return j, nil
}

// weigh adds what one sighting proves. Before the first sign-up nothing can be
// anybody's of this run.
func (c *court) weigh(s *sighting) {
	var found []proof
	for _, r := range rules() {
		if r.each != nil && (r.always || !s.session.before()) {
			found = append(found, r.each(c, s, found)...)
		}
	}
	c.proofs = append(c.proofs, c.unaddressed(s, found)...)
}
