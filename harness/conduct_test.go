package harness

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/customer"
	"crosstalk/harness/history"
	"crosstalk/harness/plan"
	"crosstalk/scenarios"
)

// script is a driver whose sessions do what the test says; it writes down who
// did what, in order.
type script struct {
	mu   sync.Mutex
	log  []string
	act  func(s history.Session, st scenarios.Step) (history.Outcome, error)
	open int
	most int
}

func (d *script) Open(_ context.Context, s history.SessionSpec) (client, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.open++
	d.most = max(d.most, d.open)
	return &scripted{driver: d, session: s.Session}, nil
}

type scripted struct {
	driver  *script
	session history.Session
}

func (c *scripted) Do(_ context.Context, st scenarios.Step, _ scenarios.Fields) (history.Outcome, error) {
	if st.Op != scenarios.Meet {
		c.driver.mu.Lock()
		c.driver.log = append(c.driver.log, c.session.Customer+" "+st.URL)
		c.driver.mu.Unlock()
	}
	if c.driver.act != nil {
		return c.driver.act(c.session, st)
	}
	return history.Outcome{Outcome: history.StepDone}, nil
}

func (c *scripted) Become(string) {}

func (c *scripted) Close(context.Context) error {
	c.driver.mu.Lock()
	defer c.driver.mu.Unlock()
	c.driver.open--
	return nil
}

func visits(paths ...string) []scenarios.Step {
	var steps []scenarios.Step
	for _, p := range paths {
		steps = append(steps, scenarios.Step{Op: scenarios.Visit, URL: p})
	}
	return steps
}

func conducted(t *testing.T, d *script, sc *scenarios.Scenario) (*conductor, string) {
	t.Helper()
	dir := t.TempDir()
	journal, err := history.Create(dir, nil)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, journal.Close()) })
	sc.StepTimeout = scenarios.DefaultStepTimeout
	record := newRecorder(journal, dir)
	c := &conductor{
		scenario: sc, target: "http://shop.test", customers: map[string]*customer.Customer{},
		drivers: map[scenarios.Client]driver{scenarios.API: d, scenarios.Browser: d},
		record:  record, accounts: newAccounts(record), progress: newMeter(Config{Progress: func(Progress) {}}, record, time.Now()),
		lives: newLives(nil), speeds: newSpeeds(),
	}
	return c, dir
}

func events(t *testing.T, dir string) []history.Event {
	t.Helper()
	f, err := history.Open(dir)
	require.NoError(t, err)
	var out []history.Event
	for e, err := range f.Events() {
		require.NoError(t, err)
		out = append(out, e)
	}
	return out
}

func oneJourney(steps ...scenarios.Step) *scenarios.Scenario {
	return &scenarios.Scenario{Name: "s", Journeys: []scenarios.Journey{{Name: "j", Client: scenarios.API, Customer: scenarios.One, Steps: steps, Setup: steps, Cleanup: steps}}}
}

func TestAFollowerIsAlwaysOneStepBehind(t *testing.T) {
	d := &script{}
	c, _ := conducted(t, d, oneJourney(visits("/1", "/2", "/3")...))
	results, err := c.round(context.Background(), plan.Round{Schedule: "relay", Number: 1, Parallel: 3, Walks: []plan.Walk{
		{Customer: "A", Journey: "j", Part: plan.PartSteps, Follow: plan.Alone},
		{Customer: "B", Journey: "j", Part: plan.PartSteps, Follow: 0, InStep: true},
		{Customer: history.Nobody, Journey: "j", Part: plan.PartSteps, Follow: 1},
	}})
	require.NoError(t, err)
	at := map[string]int{}
	for i, line := range d.log {
		at[line] = i
	}
	require.Len(t, at, 9)
	for _, step := range []string{"/1", "/2", "/3"} {
		require.Less(t, at["A "+step], at["B "+step], d.log)
		require.Less(t, at["B /3"], at["nobody "+step], d.log)
	}
	for _, r := range results {
		require.True(t, r.Whole)
	}
}

func TestAFollowerGoesOnAloneWhenItsLeaderFails(t *testing.T) {
	d := &script{act: func(s history.Session, st scenarios.Step) (history.Outcome, error) {
		if s.Customer == "A" && st.URL == "/2" {
			return history.Outcome{Outcome: history.StepFailed, Error: "no such page"}, nil
		}
		return history.Outcome{Outcome: history.StepDone}, nil
	}}
	c, _ := conducted(t, d, oneJourney(visits("/1", "/2", "/3")...))
	for _, parallel := range []int{1, 2} {
		results, err := c.round(context.Background(), plan.Round{Schedule: "relay", Parallel: parallel, Walks: []plan.Walk{
			{Customer: "A", Journey: "j", Part: plan.PartSteps, Follow: plan.Alone},
			{Customer: "B", Journey: "j", Part: plan.PartSteps, Follow: 0, InStep: true},
		}})
		require.NoError(t, err)
		require.Equal(t, "step 2, visit /2: no such page", results[0].Failed)
		require.True(t, results[1].Whole)
	}
}

func TestNoMoreSessionsAreOpenAtOnceThanThePlanAllows(t *testing.T) {
	d := &script{}
	c, _ := conducted(t, d, oneJourney(visits("/1", "/2")...))
	var walks []plan.Walk
	for i := range 20 {
		walks = append(walks, plan.Walk{Customer: fmt.Sprint(i), Journey: "j", Part: plan.PartSteps, Follow: plan.Alone})
	}
	_, err := c.round(context.Background(), plan.Round{Schedule: "mingle", Parallel: 3, Walks: walks})
	require.NoError(t, err)
	require.LessOrEqual(t, d.most, 3)
	require.Zero(t, d.open)
}

func TestALostSessionIsWrittenDownAndTheOthersGoOn(t *testing.T) {
	d := &script{act: func(s history.Session, _ scenarios.Step) (history.Outcome, error) {
		if s.Customer == "A" {
			return history.Outcome{}, fmt.Errorf("evaluate: %w", history.ErrLost)
		}
		return history.Outcome{Outcome: history.StepDone}, nil
	}}
	c, dir := conducted(t, d, oneJourney(visits("/1", "/2")...))
	results, err := c.round(context.Background(), plan.Round{Schedule: "mingle", Parallel: 2, Walks: []plan.Walk{
		{Customer: "A", Journey: "j", Part: plan.PartSteps, Follow: plan.Alone},
		{Customer: "B", Journey: "j", Part: plan.PartSteps, Follow: plan.Alone},
	}})
	require.NoError(t, err)
	require.False(t, results[0].Whole)
	require.True(t, results[1].Whole)
	var lost, closed int
	for _, e := range events(t, dir) {
		if e.Lost != nil {
			lost++
			require.Contains(t, e.Lost.Reason, "evaluate")
		}
		if e.Closed != nil {
			closed++
		}
	}
	require.Equal(t, 1, lost)
	require.Equal(t, 2, closed)
}

func TestOurOwnErrorEndsTheRun(t *testing.T) {
	d := &script{act: func(history.Session, scenarios.Step) (history.Outcome, error) {
		return history.Outcome{}, fmt.Errorf("disk is on fire")
	}}
	c, _ := conducted(t, d, oneJourney(visits("/1")...))
	_, err := c.round(context.Background(), plan.Round{Parallel: 1, Walks: []plan.Walk{{Customer: "A", Journey: "j", Part: plan.PartSteps, Follow: plan.Alone}}})
	require.ErrorContains(t, err, "disk is on fire")
}

func TestAnAccountIsInTheLedgerBeforeTheRequestThatMakesIt(t *testing.T) {
	steps := append(visits("/sign-up"), scenarios.Step{Op: scenarios.Click, URL: "create"})
	d := &script{}
	c, dir := conducted(t, d, oneJourney(steps...))
	d.act = func(_ history.Session, st scenarios.Step) (history.Outcome, error) {
		want := ""
		if st.Op == scenarios.Click {
			want = history.AccountCreating
		}
		require.Equal(t, want, lastAccount(t, dir))
		return history.Outcome{Outcome: history.StepDone}, nil
	}
	_, err := c.round(context.Background(), plan.Round{Schedule: history.PhaseSignUp, Parallel: 1, Walks: []plan.Walk{{Customer: "A", Journey: "j", Part: plan.PartSetup, Follow: plan.Alone}}})
	require.NoError(t, err)
	require.Equal(t, history.AccountCreated, lastAccount(t, dir))
	d.act = nil
	require.NoError(t, cleanRounds(context.Background(), c, []plan.Round{{Schedule: history.PhaseCleanUp, Parallel: 1, Walks: []plan.Walk{
		{Customer: "A", Journey: "j", Part: plan.PartCleanup, Follow: plan.Alone},
		{Customer: "B", Journey: "j", Part: plan.PartCleanup, Follow: plan.Alone},
	}}}))
	require.Equal(t, history.AccountRemoved, lastAccount(t, dir))
	require.NotContains(t, d.log, "B /sign-up", "there is nothing of B's to remove")
}

func lastAccount(t *testing.T, dir string) string {
	t.Helper()
	state := ""
	for _, e := range events(t, dir) {
		if e.Account != nil {
			state = e.Account.State
		}
	}
	return state
}

func TestMeetIsABarrierOnlyInRoundsThatMeet(t *testing.T) {
	steps := append(visits("/1"), scenarios.Step{Op: scenarios.Meet, Name: "m"}, visits("/2")[0])
	for _, meet := range []bool{true, false} {
		d := &script{}
		c, _ := conducted(t, d, oneJourney(steps...))
		_, err := c.round(context.Background(), plan.Round{Schedule: "mingle", Meet: meet, Parallel: 2, Walks: []plan.Walk{
			{Customer: "A", Journey: "j", Part: plan.PartSteps, Follow: plan.Alone},
			{Customer: "B", Journey: "j", Part: plan.PartSteps, Follow: plan.Alone, Think: []time.Duration{50 * time.Millisecond}},
		}})
		require.NoError(t, err)
		if meet {
			require.ElementsMatch(t, []string{"A /1", "B /1"}, d.log[:2], "nobody goes on before both have come")
		} else {
			require.Equal(t, []string{"A /1", "A /2"}, d.log[:2])
		}
	}
}

func TestAnInterruptEndsARoundAtOnce(t *testing.T) {
	d := &script{}
	ctx, cancel := context.WithCancel(context.Background())
	d.act = func(history.Session, scenarios.Step) (history.Outcome, error) {
		cancel()
		return history.Outcome{Outcome: history.StepFailed, Error: "cut"}, nil
	}
	c, dir := conducted(t, d, oneJourney(visits("/1", "/2")...))
	_, err := c.round(ctx, plan.Round{Schedule: "mingle", Parallel: 1, Walks: []plan.Walk{
		{Customer: "A", Journey: "j", Part: plan.PartSteps, Follow: plan.Alone, Think: []time.Duration{0, time.Hour}},
		{Customer: "B", Journey: "j", Part: plan.PartSteps, Follow: 0, Lag: time.Hour},
	}})
	require.NoError(t, err)
	for _, e := range events(t, dir) {
		if e.Phase != nil {
			require.False(t, e.Phase.Done, "a round that was cut off has not ended")
		}
		if e.Step != nil {
			require.Equal(t, history.StepCut, e.Step.Outcome, "what the end of the run cut off is no fault of the shop's")
		}
	}
}
