package zoo

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"crosstalk/harness"
)

// keeper stands in for the runs: it notes which were asked for, and some break.
type keeper struct {
	mu     sync.Mutex
	walked []string
	broken map[string]bool
	after  func(walked int) // called when one was walked
}

func (k *keeper) drive(ctx context.Context, _ *zoo, c Case) (Row, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.walked = append(k.walked, c.String())
	row := Row{Case: c, Found: true, Expected: true, CauseRight: true, RuleRight: true, SurfaceRight: true}
	if k.broken[c.String()] {
		row = Row{Case: c, Error: "no browser"}
	}
	if k.after != nil {
		k.after(len(k.walked))
	}
	return row, ctx.Err()
}

func chosen(file string, only ...string) Config {
	return Config{Selection: Selection{Only: only}, Settings: Settings{Seed: 3}, File: file}
}

func TestAZooGoesOnFromItsFileWithWhatIsMissingOrBroke(t *testing.T) {
	file := filepath.Join(t.TempDir(), "zoo.json")
	k := &keeper{broken: map[string]bool{"edge-cache/masked at 1": true}}
	report, err := run(t.Context(), chosen(file, "edge-cache/plain", "edge-cache/masked", "edge-cache/token"), k.drive)
	require.NoError(t, err, "a case that breaks is a row")
	assert.Equal(t, []string{"edge-cache/plain at 1", "edge-cache/masked at 1", "edge-cache/token at 1"}, k.walked)
	assert.Equal(t, "0/1 classes, cause right 0/1", report.Sum.Last)
	assert.False(t, report.Sum.OK)
	assert.Equal(t, 1, report.Sum.Rates[0].Broken)

	k.walked, k.broken = nil, nil
	c := chosen(file, "edge-cache")
	c.Seed = 0 // the file's
	report, err = run(t.Context(), c, k.drive)
	require.NoError(t, err)
	assert.Equal(t, []string{"edge-cache/masked at 1", "edge-cache/encoded at 1"}, k.walked, "what broke and what is missing")
	assert.Len(t, report.Rows, 4)
	assert.Equal(t, "1/1 classes, cause right 1/1", report.Sum.Last)
	assert.True(t, report.Sum.OK)

	k.walked = nil
	again, err := run(t.Context(), chosen(file, "edge-cache"), k.drive)
	require.NoError(t, err)
	assert.Empty(t, k.walked)
	assert.Equal(t, report, again, "the file has all there is to say")
	var stored Report
	src, err := os.ReadFile(file)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(src, &stored))
	assert.Equal(t, report, stored)
	entries, err := os.ReadDir(filepath.Dir(file))
	require.NoError(t, err)
	assert.Len(t, entries, 1, "nothing half-written is left")
}

func TestAFileOfOtherSettingsIsRefusedInOneLine(t *testing.T) {
	file := filepath.Join(t.TempDir(), "zoo.json")
	_, err := run(t.Context(), chosen(file, "edge-cache/plain"), (&keeper{}).drive)
	require.NoError(t, err)
	c := chosen(file, "edge-cache/plain")
	c.Rename, c.Seed = 9, 4
	_, err = run(t.Context(), c, (&keeper{}).drive)
	var config *harness.ConfigError
	require.ErrorAs(t, err, &config)
	assert.Equal(t, file+" has rows of other settings: --for 2m --customers 8 --seed 3, and now --for 2m --customers 8 --seed 4 --rename 9; name another file, or give the same", err.Error())

	require.NoError(t, os.WriteFile(file, []byte(`{"schema":"crosstalk.run/v1"}`), 0o600))
	_, err = run(t.Context(), c, (&keeper{}).drive)
	require.ErrorAs(t, err, &config)
	assert.Contains(t, err.Error(), "is no zoo's file")
}

func TestAnInterruptedZooHasTheRowsOfTheCasesThatEnded(t *testing.T) {
	file := filepath.Join(t.TempDir(), "zoo.json")
	ctx, cancel := context.WithCancel(t.Context())
	k := &keeper{after: func(walked int) {
		if walked == 2 {
			cancel()
		}
	}}
	report, err := run(ctx, chosen(file, "faults"), k.drive)
	require.NoError(t, err)
	assert.True(t, report.Interrupted)
	assert.Len(t, report.Rows, 1, "the one that was cut is no row")
	assert.Len(t, k.walked, 2, "and no other was begun")
	var table bytes.Buffer
	require.NoError(t, report.Table(&table, 80))
	assert.Contains(t, table.String(), "interrupted: cases that were asked for are missing")
}

func TestAZooEndsWhereNoCaseCanBeRun(t *testing.T) {
	k := &keeper{broken: map[string]bool{}}
	cases, err := Selection{}.cases()
	require.NoError(t, err)
	for _, c := range cases {
		k.broken[c.String()] = true
	}
	_, err = run(t.Context(), Config{}, k.drive)
	require.EqualError(t, err, "the first 3 cases broke, the last one: no browser")
	assert.Len(t, k.walked, brokenMost)

	k.walked = nil
	delete(k.broken, cases[1].String())
	_, err = run(t.Context(), chosen("", "edge-cache", "cold-start"), k.drive)
	require.NoError(t, err, "where one can, the others are rows")
	assert.Len(t, k.walked, 8)
}

func TestCasesAreRunSideBySideAndStandInTheirOrder(t *testing.T) {
	var together sync.WaitGroup
	together.Add(4)
	side := func(ctx context.Context, z *zoo, c Case) (Row, error) {
		together.Done()
		together.Wait() // hangs unless all four are under way
		return (&keeper{}).drive(ctx, z, c)
	}
	c := chosen("", "edge-cache")
	c.Parallel = 4
	var said bytes.Buffer
	c.Log = &said
	report, err := run(t.Context(), c, side)
	require.NoError(t, err)
	var got []string
	for _, r := range report.Rows {
		got = append(got, r.name())
	}
	assert.Equal(t, []string{"edge-cache/plain", "edge-cache/masked", "edge-cache/encoded", "edge-cache/token"}, got)
	assert.Contains(t, said.String(), "4 of 4")
}

func TestAZooThatCannotWriteItsFileSaysSo(t *testing.T) {
	_, err := run(t.Context(), chosen(filepath.Join(t.TempDir(), "nowhere", "zoo.json"), "edge-cache"), (&keeper{}).drive)
	require.ErrorContains(t, err, "write zoo's file")
	fails := func(ctx context.Context, z *zoo, c Case) (Row, error) { return Row{Case: c}, errors.New("disk full") }
	k := &keeper{}
	_, err = run(t.Context(), chosen("", "edge-cache"), fails)
	require.EqualError(t, err, "disk full")
	assert.Empty(t, k.walked)
}

func TestSettingsThatCannotBeAreRefused(t *testing.T) {
	for want, c := range map[string]Config{
		"1 customers cannot see each other's data": {Settings: Settings{Customers: 1}},
		"17 cases at once":                         {Parallel: 17},
		"-1 cases at once":                         {Parallel: -1},
		"less than no time":                        {Settings: Settings{For: -1}},
	} {
		_, err := run(t.Context(), c, (&keeper{}).drive)
		var config *harness.ConfigError
		require.ErrorAs(t, err, &config, want)
		assert.Contains(t, err.Error(), want)
	}
}

func ExampleReport_Table() {
	r := Report{Settings: Settings{For: DefaultFor, Customers: DefaultCustomers, Seed: 1}}
	r.add(Row{Case: Case{Kind: KindFault, Name: "edge-cache", Class: 1, Variant: "token", Rate: 0.1}, Found: true, Expected: true,
		RuleRight: true, SurfaceRight: true, CauseRight: true, Exposures: 12, Chances: Chances{9, 1}, AllChances: Chances{20, 2}, Schedule: "relay", Proven: 65_000})
	fmt.Println(r.Sum.Last)
	// Output: 1/1 classes, cause right 1/1
}
