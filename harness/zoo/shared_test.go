package zoo

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"crosstalk/scenarios/demoshop"
)

func TestWhatRunsSaySideBySideStandsInWholeLinesAndWhatAllSayOnce(t *testing.T) {
	const lines = 20
	var together sync.WaitGroup
	together.Add(4)
	talks := func(ctx context.Context, z *zoo, c Case) (Row, error) {
		together.Done()
		together.Wait()
		for i := range lines {
			fmt.Fprintf(z.prefixed(c), "round %d of %s\nthe same for all\n", i, c.name())
		}
		return (&keeper{}).drive(ctx, z, c)
	}
	c := chosen("", "edge-cache")
	c.Parallel = 4
	var said bytes.Buffer
	c.Log = &said
	_, err := run(t.Context(), c, talks)
	require.NoError(t, err)
	for _, v := range demoshop.Variants() {
		for i := range lines {
			assert.Contains(t, said.String(), fmt.Sprintf("edge-cache/%s at 1: round %d of edge-cache/%s\n", v, i, v))
		}
	}
	assert.Equal(t, 1, strings.Count(said.String(), "the same for all"))
}

func TestATallyIsAskedWhileItWatches(t *testing.T) {
	asked, calls := make(chan struct{}), 0
	var mu sync.Mutex
	tally := &tally{count: func() demoshop.Count {
		mu.Lock()
		defer mu.Unlock()
		if calls++; calls == 3 {
			close(asked)
		}
		return demoshop.Count{Opportunities: calls, Strikes: calls}
	}}
	ctx, stop := context.WithCancel(t.Context())
	var watching sync.WaitGroup
	watching.Go(func() { tally.watch(ctx) })
	for waits := true; waits; {
		tally.by(time.Now())
		select {
		case <-asked:
			waits = false
		case <-t.Context().Done():
			waits = false
		default:
		}
	}
	stop()
	watching.Wait()
	assert.GreaterOrEqual(t, tally.by(time.Now().Add(time.Hour)).Strikes, 2)
}
