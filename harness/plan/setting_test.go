package plan_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/plan"
	"crosstalk/scenarios"
)

// everything is all of a plan, as it is written.
func everything(t *testing.T, p *plan.Plan) string {
	t.Helper()
	all := append(append(p.SignUp(), p.Solo()...), p.CleanUp()...)
	for n := range 60 {
		all = append(all, p.Round(n))
	}
	b, err := json.Marshal(all)
	require.NoError(t, err)
	return string(b)
}

func TestAPlanIsMadeAgainFromItsRecord(t *testing.T) {
	settings := map[string]plan.Setting{
		"defaults":     {Customers: customers(8)},
		"a large seed": {Seed: 1<<64 - 1, Customers: customers(3), Parallel: 2, Solo: 1},
		"narrowed":     {Seed: 5, Customers: customers(8), Bystanders: []string{"c09"}, Journeys: []string{"shopper", "app"}, Until: map[string]int{"shopper": 4}},
		"two of them":  {Seed: 6, Customers: customers(24), Parallel: 16, Schedules: []string{"herd", "abort"}},
	}
	for name, s := range settings {
		t.Run(name, func(t *testing.T) {
			s.Scenario = checkout(t)
			want := planned(t, s)
			record, err := want.Record()
			require.NoError(t, err)
			got, err := plan.Read(record, checkout(t))
			require.NoError(t, err)
			require.Equal(t, everything(t, want), everything(t, got))
			again, err := got.Record()
			require.NoError(t, err)
			require.JSONEq(t, string(record), string(again))
		})
	}
}

func TestARecordIsMadeAgainWithTheScenarioOfItsJournal(t *testing.T) {
	sc := checkout(t)
	want := planned(t, plan.Setting{Seed: 8, Scenario: sc, Customers: customers(8)})
	record, err := want.Record()
	require.NoError(t, err)
	recorded, err := scenarios.ParseRecorded(sc.File, sc.Source, func(string) (string, bool) { return "", false })
	require.NoError(t, err)
	got, err := plan.Read(record, recorded)
	require.NoError(t, err)
	require.Equal(t, everything(t, want), everything(t, got))
}

func TestARecordThatSaysAnotherThingIsRefused(t *testing.T) {
	record, err := planned(t, plan.Setting{Scenario: checkout(t), Customers: customers(2)}).Record()
	require.NoError(t, err)
	_, err = plan.Read(record, scenario())
	require.EqualError(t, err, `read plan's setting: it was made for scenario "checkout"`)
	_, err = plan.Read(record, nil)
	require.Error(t, err)
	_, err = plan.Read(record[:len(record)-1], checkout(t))
	require.ErrorContains(t, err, "read plan's setting")
	_, err = plan.Read([]byte(`{"scenario":"checkout","customers":["c01"],"phases_of_the_moon":3}`), checkout(t))
	require.ErrorContains(t, err, "phases_of_the_moon", "it would be another plan")
	_, err = plan.Read([]byte(`{"scenario":"checkout"}`), checkout(t))
	require.ErrorContains(t, err, "no customers")
}

func TestARecordHoldsWhatWasFilledIn(t *testing.T) {
	record, err := planned(t, plan.Setting{Seed: 3, Scenario: scenario(), Customers: customers(2)}).Record()
	require.NoError(t, err)
	require.JSONEq(t, `{"scenario":"s","seed":3,"customers":["c01","c02"],"schedules":["relay","burst","mingle","abort","swap","herd"],"solo":2,"parallel":2}`, string(record))
}
