package harness

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/customer"
	"crosstalk/harness/history"
	"crosstalk/scenarios"
)

// remembering is the configuration of a run that remembers in a folder of its
// own.
func remembering(t *testing.T, seed uint64) Config {
	t.Helper()
	return Config{Scenario: &scenarios.Scenario{}, Target: "http://shop.test", Seed: seed, Out: t.TempDir()}
}

func lineOf(run string, seed uint64, values ...string) remembered {
	r := remembered{Run: run, Target: "http://shop.test", Started: time.Now().UTC(), Seed: seed, Customers: 1, Owned: []owned{{Customer: "c01"}}}
	for _, v := range values {
		r.Owned[0].Values = append(r.Owned[0].Values, history.EarlierValue{Kind: "email", Value: v})
	}
	return r
}

func recalled(t *testing.T, c Config) []string {
	t.Helper()
	known, err := memoryOf(c).recall(c, time.Now())
	require.NoError(t, err)
	return avoided(known)
}

func TestALaterRunKnowsWhatTheCustomersOfEarlierOnesOwned(t *testing.T) {
	c := remembering(t, 2)
	require.NoError(t, memoryOf(c).add(lineOf("r1", 1, "anna@c01.example")))
	require.NoError(t, memoryOf(c).add(lineOf("r1", 1, "later@c01.example")))
	require.NoError(t, memoryOf(c).add(lineOf("r3", 3, "bert@c01.example")))
	require.Equal(t, []string{"anna@c01.example", "bert@c01.example", "later@c01.example"}, recalled(t, c))
	info, err := os.Stat(memoryOf(c).path)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
}

func TestARerunOfASeedDoesNotTakeItsOwnCustomersForStrangers(t *testing.T) {
	c := remembering(t, 1)
	require.NoError(t, memoryOf(c).add(lineOf("r1", 1, "anna@c01.example")))
	require.Empty(t, recalled(t, c))
}

func TestOnlyRunsAgainstTheSameShopAreRecalled(t *testing.T) {
	c := remembering(t, 2)
	other := lineOf("r1", 1, "anna@c01.example")
	other.Target = "http://other.test"
	require.NoError(t, memoryOf(c).add(other))
	require.Empty(t, recalled(t, c))
}

func TestWhatIsOldOrTooMuchIsForgotten(t *testing.T) {
	c := remembering(t, 9999)
	old := lineOf("old", 7, "old@c01.example")
	old.Started = time.Now().Add(-rememberedTime - time.Hour)
	require.NoError(t, memoryOf(c).add(old))
	for i := range 2*rememberedRuns + 1 {
		require.NoError(t, memoryOf(c).add(lineOf(fmt.Sprint("r", i), uint64(i)+1, fmt.Sprintf("v%03d@c01.example", i))))
	}
	known := recalled(t, c)
	require.Len(t, known, rememberedRuns)
	require.NotContains(t, known, "old@c01.example")
	require.Contains(t, known, fmt.Sprintf("v%03d@c01.example", 2*rememberedRuns))
	content, err := os.ReadFile(memoryOf(c).path)
	require.NoError(t, err)
	require.LessOrEqual(t, strings.Count(string(content), "\n"), 2*rememberedRuns, "the file itself stays short")
}

func TestALineThatAKillCutOffIsLeftOutAndTheNextRunsLineIsWhole(t *testing.T) {
	c := remembering(t, 2)
	m := memoryOf(c)
	require.NoError(t, m.add(lineOf("r1", 1, "anna@c01.example")))
	file, err := os.OpenFile(m.path, os.O_APPEND|os.O_WRONLY, 0o600)
	require.NoError(t, err)
	_, err = file.WriteString(`{"schema":"crosstalk.seeds/v1","run":"r2","own`)
	require.NoError(t, err)
	require.NoError(t, file.Close())
	require.Equal(t, []string{"anna@c01.example"}, recalled(t, c))
	require.NoError(t, m.add(lineOf("r3", 3, "bert@c01.example")))
	require.Equal(t, []string{"anna@c01.example", "bert@c01.example"}, recalled(t, c))
}

func TestAForeignLineIsNamedWithItsFileAndLine(t *testing.T) {
	for what, line := range map[string]string{
		"no JSON": "seeds: 1, 2, 3", "another schema": `{"schema":"crosstalk.seeds/v9","run":"x"}`,
		"no customers": `{"seed":4}`, "an unknown key": `{"seed":4,"customers":2,"sede":4}`,
	} {
		c := remembering(t, 2)
		c.Seeds = filepath.Join(c.Out, "ours.ndjson")
		require.NoError(t, os.WriteFile(c.Seeds, []byte(`{"seed":1,"customers":2}`+"\n"+line+"\n\n"), 0o600))
		_, err := memoryOf(c).recall(c, time.Now())
		var config *ConfigError
		require.ErrorAs(t, err, &config, what)
		require.Contains(t, config.Problem, c.Seeds+":2: ", what)
		require.NotEmpty(t, config.Remedy, what)
	}
}

func TestASeedWrittenByHandStandsForItsCustomers(t *testing.T) {
	c := remembering(t, 2)
	require.NoError(t, os.WriteFile(memoryOf(c).path, []byte(`{"seed":41,"customers":3}`), 0o600))
	customers, err := customer.Allocate(41, 3, c.Scenario.Customers)
	require.NoError(t, err)
	known := recalled(t, c)
	for i := range customers {
		require.Contains(t, known, customers[i].Email)
		require.Contains(t, known, customers[i].Gift)
	}
	require.NoError(t, memoryOf(c).add(lineOf("r1", 1, "anna@c01.example")))
	require.Contains(t, recalled(t, c), "anna@c01.example", "although the line before had no end")
}

func TestRunsThatWriteAtOnceLoseNoLine(t *testing.T) {
	c := remembering(t, 9999)
	var group sync.WaitGroup
	for i := range 12 {
		group.Go(func() {
			if err := memoryOf(c).add(lineOf(fmt.Sprint("r", i), uint64(i)+1, fmt.Sprintf("v%d@c01.example", i))); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	require.Len(t, recalled(t, c), 12)
}

func TestCustomersKeepClearOfRememberedValuesAndAreOtherwiseTheSame(t *testing.T) {
	before, err := customer.Allocate(5, 6, customer.Constraints{})
	require.NoError(t, err)
	others, err := customer.Allocate(6, 6, customer.Constraints{})
	require.NoError(t, err)
	same, err := customer.Allocate(5, 6, customer.Constraints{Avoid: avoided([]remembered{{Owned: plantedOf(others)}})})
	require.NoError(t, err)
	require.Equal(t, before, same)
	away, err := customer.Allocate(5, 6, customer.Constraints{Avoid: avoided([]remembered{{Owned: plantedOf(before[:1])}})})
	require.NoError(t, err)
	require.NotEqual(t, before[0].Email, away[0].Email)
	require.NotEqual(t, before[0].Gift, away[0].Gift)
}

func TestSecretsStayOutOfWhatIsRemembered(t *testing.T) {
	c := remembering(t, 2)
	c.Scenario.Secrets = map[string]string{"STAGING_DOMAIN": "staging-of-ours.example"}
	require.NoError(t, memoryOf(c).add(lineOf("r1", 1, "anna@staging-of-ours.example")))
	content, err := os.ReadFile(memoryOf(c).path)
	require.NoError(t, err)
	require.NotContains(t, string(content), "staging-of-ours")
	require.Contains(t, string(content), "anna@$STAGING_DOMAIN")
	require.Len(t, recalled(t, c), 1, "the line is still one")
}
