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

func (k *keeper) drive(_ context.Context, _ *zoo, c Case) (Row, error) {
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
	return row, nil
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
	c.Rename, c.Seed, c.Whole = 9, 4, true
	_, err = run(t.Context(), c, (&keeper{}).drive)
	var config *harness.ConfigError
	require.ErrorAs(t, err, &config)
	assert.Equal(t, file+" has rows of other settings: --for 2m --customers 8 --seed 3, and now --for 2m --customers 8 --seed 4 --rename 9 --whole; name another file, or give the same", err.Error())

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
	assert.Len(t, report.Rows, 1, "the one that was cut is no row")
	assert.Len(t, k.walked, 2, "and no other was begun")
	assert.Equal(t, "edge-cache/masked at 1", report.Missing[0].String())
	assert.Equal(t, report, stored(t, file))
}

// stored reads a zoo's file.
func stored(t *testing.T, file string) (r Report) {
	t.Helper()
	src, err := os.ReadFile(file)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(src, &r))
	return r
}

func TestAFileThatLacksCasesIsNotRightBeforeTheyAreRun(t *testing.T) {
	file := filepath.Join(t.TempDir(), "zoo.json")
	ctx, cancel := context.WithCancel(t.Context())
	k := &keeper{after: func(walked int) {
		if walked == 1 {
			assert.Equal(t, "0/1 classes, 0/1 decoys silent, cause right 0/1, 5 cases missing", stored(t, file).Sum.Last, "who is killed in the first case leaves that")
		} else {
			cancel()
		}
	}}
	_, err := run(ctx, chosen(file, "edge-cache", "reviews"), k.drive)
	require.NoError(t, err)
	left := stored(t, file)
	assert.False(t, left.Sum.OK)
	assert.Equal(t, "0/1 classes, 0/1 decoys silent, cause right 0/1, 4 cases missing", left.Sum.Last, "one of four variants is no class")
	assert.Equal(t, Share{1, 1}, left.Sum.Rates[0].Cases)
	assert.Equal(t, []int{4, 3, 1}, []int{left.Sum.Missing, left.Sum.Rates[0].Missing, left.Sum.Decoys.Missing})
	var table bytes.Buffer
	require.NoError(t, left.Table(&table, 120))
	assert.Contains(t, table.String(), "missing: 4 cases were asked for and did not come to an end: edge-cache/masked at 1, edge-cache/encoded at 1,\nedge-cache/token at 1, reviews\n")

	k.after = nil
	report, err := run(t.Context(), chosen(file, "edge-cache"), k.drive)
	require.NoError(t, err)
	assert.Equal(t, "1/1 classes, 0/1 decoys silent, cause right 1/1, 1 case missing", report.Sum.Last, "what was asked for before counts, too")
	assert.False(t, report.Sum.OK)
	report, err = run(t.Context(), chosen(file, "reviews"), k.drive)
	require.NoError(t, err)
	assert.Equal(t, "1/1 classes, 1/1 decoys silent, cause right 1/1", report.Sum.Last)
	assert.True(t, report.Sum.OK)
}

func TestARateThatWasNotComeToIsInTheSumAndHasNoTable(t *testing.T) {
	c := chosen("", "edge-cache/plain")
	c.Rates = []float64{1, 0.1}
	ctx, cancel := context.WithCancel(t.Context())
	report, err := run(ctx, c, (&keeper{after: func(walked int) {
		if walked == 2 {
			cancel()
		}
	}}).drive)
	require.NoError(t, err)
	require.Len(t, report.Sum.Rates, 2)
	assert.Equal(t, Share{0, 1}, report.Sum.Rates[1].Classes)
	assert.False(t, report.Sum.OK, "at a rate that is left to chance, too")
	var table bytes.Buffer
	require.NoError(t, report.Table(&table, 80))
	assert.NotContains(t, table.String(), "Faults at rate 0.1")
	assert.Contains(t, table.String(), "Recall at rate 0.1: 0/1 classes, 0/0 cases; as expected: 0/1 classes; missing: 1\ncase\n")
}

func TestRowsOfAnotherBuildAreToldApartAndNotCalledThisOnes(t *testing.T) {
	file := filepath.Join(t.TempDir(), "zoo.json")
	c := chosen(file, "edge-cache/plain")
	c.Build = "v1"
	report, err := run(t.Context(), c, (&keeper{}).drive)
	require.NoError(t, err)
	assert.True(t, report.Sum.OK)
	var table, said bytes.Buffer
	require.NoError(t, report.Table(&table, 80))
	assert.Contains(t, table.String(), "\nbuild: v1\n")

	c.Build, c.Log, c.Only = "v2", &said, []string{"edge-cache/plain", "reviews"}
	const old = "1 case was run by another build (v1) and not again by this one, v2; name another file to have all run by it\n"
	report, err = run(t.Context(), c, (&keeper{}).drive)
	require.NoError(t, err)
	assert.Equal(t, []string{"v1", "v2"}, []string{report.Rows[0].Build, report.Rows[1].Build})
	assert.Contains(t, said.String(), file+": "+old)
	assert.Equal(t, "1/1 classes, 1/1 decoys silent, cause right 1/1, 1 case of another build", report.Sum.Last)
	assert.False(t, report.Sum.OK, "this build was not seen to find them all")
	assert.Equal(t, report, stored(t, file))
	table.Reset()
	require.NoError(t, report.Table(&table, 120))
	assert.Contains(t, table.String(), "\nbuilds: "+old)

	require.NoError(t, os.WriteFile(file, []byte(`{"schema":"crosstalk.zoo/v2","settings":{"for_ns":120000000000,"customers":8,"seed":3},
		"rows":[{"kind":"fault","name":"edge-cache","class":1,"variant":"plain","rate":1,"found":true}]}`), 0o600))
	c.Only = []string{"edge-cache/plain"}
	said.Reset()
	_, err = run(t.Context(), c, (&keeper{}).drive)
	require.NoError(t, err)
	assert.Contains(t, said.String(), "another build (an unknown one)", "a file may be older than that")
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

func TestAFileThatCannotBeIsRefusedBeforeAnythingIsRun(t *testing.T) {
	folder := t.TempDir()
	for want, file := range map[string]string{
		"there is no folder " + folder + "/nowhere for the zoo's file; name a file in a folder that exists (--json)": filepath.Join(folder, "nowhere", "zoo.json"),
		folder + " is a folder or a device; name a file in a folder that exists (--json)":                            folder, // a device at hand would be lost for all if this failed
	} {
		k := &keeper{}
		_, err := run(t.Context(), chosen(file, "edge-cache"), k.drive)
		var config *harness.ConfigError
		require.ErrorAs(t, err, &config, want)
		assert.Equal(t, want, err.Error())
		assert.Empty(t, k.walked)
	}
}

func TestAZooThatCannotWriteItsFileSaysSo(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "zoo")
	require.NoError(t, os.Mkdir(folder, 0o755))
	gone := &keeper{after: func(int) { assert.NoError(t, os.RemoveAll(folder)) }}
	c := chosen(filepath.Join(folder, "zoo.json"), "edge-cache")
	report, err := run(t.Context(), c, gone.drive)
	require.ErrorIs(t, err, ErrFile)
	assert.Len(t, report.Rows, 1, "the report has what the file lacks")
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
		"3 customers cannot show pooled-buffer, which needs 4; use --customers 4 or more, or leave it out":                                  {Settings: Settings{Customers: 3}},
		"2 customers cannot show shifted-replies, which needs 3; nor cold-start, which needs 3; use --customers 3 or more, or leave it out": {Settings: Settings{Customers: 2}, Selection: Selection{Only: []string{"cold-start", "edge-cache", "shifted-replies"}}},
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
