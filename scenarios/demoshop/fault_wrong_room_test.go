package demoshop_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"crosstalk/scenarios/demoshop"
)

// crossing publishes for two customers so that both messages wait for the
// broker at once, and answers what each customer's socket was told.
func crossing(t *testing.T, f demoshop.Fault) (hub demoshop.HubForTest, first, second string) {
	t.Helper()
	both := make(chan struct{})
	var waiting sync.WaitGroup
	waiting.Add(2)
	go func() { waiting.Wait(); close(both) }()
	hub, err := demoshop.NewHubForTest(f, func(context.Context) {
		waiting.Done()
		select {
		case <-both:
		case <-time.After(time.Minute):
			t.Error("the two messages did not meet")
		}
	})
	require.NoError(t, err)
	readFirst, leaveFirst := hub.Join(1)
	readSecond, leaveSecond := hub.Join(2)
	defer leaveFirst()
	defer leaveSecond()
	var done sync.WaitGroup
	for customer := 1; customer <= 2; customer++ {
		done.Go(func() { hub.Publish(t.Context(), customer, "packing") })
	}
	done.Wait()
	return hub, strings.Join(readFirst(), ""), strings.Join(readSecond(), "")
}

func shows(text string, secrets [4]string) []demoshop.Variant {
	var out []demoshop.Variant
	for i, v := range demoshop.Variants() {
		if strings.Contains(text, secrets[i]) {
			out = append(out, v)
		}
	}
	return out
}

func TestOfTwoMessagesAtOneTimeOneGoesToBothRooms(t *testing.T) {
	for _, rate := range []float64{1, 0} {
		hub, first, second := crossing(t, demoshop.Fault{Name: demoshop.WrongRoom, Rate: rate})
		one, two := hub.Secrets(1), hub.Secrets(2)
		for _, each := range []struct {
			text       string
			own, other [4]string
		}{{first, one, two}, {second, two, one}} {
			assert.ElementsMatch(t, demoshop.Variants(), shows(each.text, each.own), "everybody is told of their own order, with each part")
		}
		strayed := len(shows(first, two)) + len(shows(second, one))
		assert.Equal(t, int(rate)*len(demoshop.Variants()), strayed, "the one that is sent first strays, the other does not; rate %v", rate)
		assert.Equal(t, demoshop.Count{Opportunities: 1, Strikes: int(rate)}, hub.Counts())
	}
}

func TestEachVariantOfAWrongRoomTellsItsPartAndNothingElse(t *testing.T) {
	for _, v := range demoshop.Variants() {
		hub, first, second := crossing(t, demoshop.Fault{Name: demoshop.WrongRoom, Variant: v, Rate: 1})
		strayed := append(shows(first, hub.Secrets(2)), shows(second, hub.Secrets(1))...)
		assert.ElementsMatch(t, astray(v), strayed, v)
	}
}

func TestMessagesThatDoNotMeetStayInTheirRooms(t *testing.T) {
	hub, err := demoshop.NewHubForTest(demoshop.Fault{Name: demoshop.WrongRoom, Rate: 1}, func(context.Context) {})
	require.NoError(t, err)
	readFirst, leaveFirst := hub.Join(1)
	readSecond, leaveSecond := hub.Join(2)
	for _, state := range []string{"packing", "packing", "courier"} {
		hub.Publish(t.Context(), 1, state)
		hub.Publish(t.Context(), 2, state)
	}
	assert.Len(t, readFirst(), 2, "a state is told once, however many notice it")
	assert.NotContains(t, strings.Join(readSecond(), ""), hub.Secrets(1)[0])
	assert.Zero(t, hub.Counts().Opportunities)
	leaveFirst()
	leaveSecond()
	hub.Publish(t.Context(), 1, "returned")
	assert.Empty(t, readFirst(), "nobody is there any more")
}
