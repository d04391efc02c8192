package demoshop

import (
	"bufio"
	"context"
	"io"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// echoing is a pool of connections to a server that says each line back.
func echoing(t *testing.T, rate float64, life time.Duration) *connections {
	to := &loopback{serve: func(_ context.Context, c net.Conn) { _, _ = io.Copy(c, c) }}
	p := &connections{fault: striking(rate), to: to, life: life}
	t.Cleanup(p.close)
	return p
}

// say asks on a connection, and reads nothing.
func (c *connection) say(t *testing.T, who string) {
	_, err := c.Write([]byte(who + "\n"))
	require.NoError(t, err)
	c.owes = append(c.owes, owed{who: who})
}

func (c *connection) hear(t *testing.T) string {
	var line string
	require.NoError(t, c.await(t.Context(), func() (err error) {
		line, err = c.r.ReadString('\n')
		return err
	}))
	c.owes = c.owes[1:]
	return line
}

func (p *connections) taken(t *testing.T, who string) *connection {
	c, err := p.take(t.Context(), who)
	require.NoError(t, err)
	return c
}

func TestAConnectionThatOwesAnAnswerGivesItToWhoeverAsksNext(t *testing.T) {
	p := echoing(t, 1, time.Minute)
	c := p.taken(t, "a")
	c.say(t, "a")
	p.giveBack(c)
	for _, step := range []struct{ who, hears string }{{"b", "a\n"}, {"c", "b\n"}, {"a", "c\n"}} {
		c := p.taken(t, step.who)
		c.say(t, step.who)
		assert.Equal(t, step.hears, c.hear(t))
		p.giveBack(c)
	}
	assert.Equal(t, Count{3, 3}, p.fault.count)
}

func TestAConnectionThatOwesOneselfIsNoOpportunity(t *testing.T) {
	p := echoing(t, 1, time.Minute)
	c := p.taken(t, "a")
	c.say(t, "a")
	p.giveBack(c)
	again := p.taken(t, "a")
	assert.NotSame(t, c, again)
	assert.Empty(t, again.owes)
	p.giveBack(again)
	assert.Zero(t, p.fault.count.Opportunities)
}

func TestAPoolOfRateZeroTakesCleanConnectionsAgain(t *testing.T) {
	p := echoing(t, 0, time.Minute)
	wrong, clean := p.taken(t, "a"), p.taken(t, "b")
	wrong.say(t, "a")
	p.giveBack(clean)
	p.giveBack(wrong)
	c := p.taken(t, "b")
	assert.Same(t, clean, c)
	p.giveBack(c)
	assert.Equal(t, Count{1, 0}, p.fault.count)
}

func TestAPoolKeepsTenConnectionsAndLetsCleanOnesGoFirst(t *testing.T) {
	p := echoing(t, 0, time.Minute)
	all := make([]*connection, 0, mostConnections+2)
	for range mostConnections + 2 {
		all = append(all, p.taken(t, "a"))
	}
	all[0].say(t, "a")
	for _, c := range all {
		p.giveBack(c)
	}
	assert.Len(t, p.free, mostConnections)
	assert.Same(t, all[0], p.free[0])
}

func TestConnectionsThatNobodyClosesEndWithTheirLifeAndTheServerWithThem(t *testing.T) {
	p := echoing(t, 0, 20*time.Millisecond)
	idle, busy := p.taken(t, "a"), p.taken(t, "b")
	p.giveBack(idle)
	at := p.to.now.Addr().String()
	require.Eventually(t, func() bool {
		p.mu.Lock()
		defer p.mu.Unlock()
		return busy.over && len(p.free) == 0
	}, time.Minute, time.Millisecond)
	busy.say(t, "b")
	assert.Equal(t, "b\n", busy.hear(t), "whoever has one may end what was begun")
	p.giveBack(busy)
	require.Eventually(t, func() bool {
		c, err := net.Dial("tcp", at)
		if err == nil {
			c.Close()
		}
		return err != nil
	}, time.Minute, time.Millisecond, "nobody listens any more")
}

func TestAClosedPoolHangsUpOnThoseWhoStillAsk(t *testing.T) {
	p := echoing(t, 0, time.Minute)
	c := p.taken(t, "a")
	p.close()
	_, err := bufio.NewReader(c).ReadByte()
	assert.Error(t, err)
	c.hangUp()
	again := p.taken(t, "a")
	again.say(t, "a")
	assert.Equal(t, "a\n", again.hear(t), "whoever asks later is connected anew")
	p.giveBack(again)
}
