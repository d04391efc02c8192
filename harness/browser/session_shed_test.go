package browser

import (
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAPageThatFloodsStandsStillUntilTheNextStep(t *testing.T) {
	var asked atomic.Int64
	s := shop(t, map[string]http.HandlerFunc{
		"/": html(`<p>Here</p><script>setInterval(() => { for (let i = 0; i < 50; i++) fetch("/data?" + Math.random()).then((r) => r.text(), () => 0) }, 20)</script>`),
		"/data": func(w http.ResponseWriter, _ *http.Request) {
			asked.Add(1)
			fmt.Fprint(w, "data")
		},
	})
	w := begin(t, s.URL)
	_, err := w.Do(t.Context(), visit("/"), w.fields)
	require.NoError(t, err)
	a := &w.front().attention
	until(t, "the page stands still", func() bool {
		a.mu.Lock()
		defer a.mu.Unlock()
		return a.still
	})
	var before int64
	rested := 0 // looks in a row that found no new request
	until(t, "no request is left", func() bool {
		now := asked.Load()
		if rested++; now != before {
			rested = 0
		}
		before = now
		return rested == 30
	})
	_, err = w.Do(t.Context(), see("Here"), w.fields) // our own script runs in it
	require.NoError(t, err)
	until(t, "the page goes on", func() bool { return asked.Load() > before })
}

func TestPatienceWithAPageThatFloodsStepAfterStepGetsLess(t *testing.T) {
	var a attention
	for range mostRequests {
		a.heeds(true)
	}
	assert.False(t, a.tooManyRequests())
	a.heeds(true)
	assert.True(t, a.tooManyRequests())
	a = attention{floods: 100, requests: mostRequests >> warnings}
	assert.False(t, a.tooManyRequests())
	a.heeds(true)
	assert.True(t, a.tooManyRequests())
}

func TestATargetThatCausesTooManyEventsIsNotHeard(t *testing.T) {
	var a attention
	for range mostEvents {
		heed, tooMuch := a.heeds(false)
		require.True(t, heed)
		require.False(t, tooMuch)
	}
	_, tooMuch := a.heeds(false)
	assert.True(t, tooMuch)
	assert.True(t, a.end())
	assert.False(t, a.end(), "once")
	heed, tooMuch := a.heeds(true)
	assert.False(t, heed || tooMuch)
}
