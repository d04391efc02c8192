package demoshop

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"sync"
	"time"
)

// clockedIDs is the fault session-collision: what a sign-in is kept under is
// made from the clock, and the clock has seconds. The store writes what it is
// given, for ids never collide: of two who sign in within one second the last
// one's session stands under the id that both have, and both are that customer.
//
// In the variants the session's id is random, and it is the record of the
// sign-in, from which the browser's other cookies are filled, that has the
// second for its key. Records are inserted unless they are there, so the second
// customer's cookies are filled from the first one's.
//
// The fault's rate is the share of the later ones whose id is the clock's.
type clockedIDs struct {
	fault  *lever
	now    func() time.Time
	secret string // so that the ids do not say the time
	mu     sync.Mutex
	tick   int64   // of the latest sign-in
	first  account // who signed in first in it
	last   string  // id of the account that the clock's id stands for
}

func newClockedIDs(fault *lever) *clockedIDs {
	return &clockedIDs{fault: fault, now: now, secret: randomID()}
}

// id is what a new session is kept under.
func (c *clockedIDs) id(accountID string) string {
	if !c.fault.is(Plain) || accountID == "" {
		return randomID()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	fresh := c.begins()
	if !fresh && c.last != accountID && !c.fault.strikes() {
		return randomID()
	}
	c.last = accountID
	return c.clocked()
}

// record keeps a sign-in, and answers what is then kept under its key.
func (c *clockedIDs) record(a account) account {
	if c.fault == nil || c.fault.is(Plain) {
		return a
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.begins() {
		c.first = a
	}
	if c.first.ID == a.ID || !c.fault.strikes() {
		return a
	}
	return c.fault.variant.astray(a, c.first)
}

// begins says whether this is the first sign-in of its second. The caller holds
// the lock.
func (c *clockedIDs) begins() bool {
	tick := c.now().Unix()
	fresh := tick != c.tick
	c.tick = tick
	return fresh
}

func (c *clockedIDs) clocked() string {
	sum := sha256.Sum256([]byte(c.secret + strconv.FormatInt(c.tick, 10)))
	return hex.EncodeToString(sum[:12])
}

func sessionCollisionInfo() Info {
	return Info{
		Name:      SessionCollision,
		Class:     18,
		Incident:  "a name-server administration, issue 308, and others since: session ids made from the clock, or from a generator with one seed, came out the same for two",
		Mechanism: "the ids of web sessions are made from a clock that has seconds: two who sign in within one second get the same, and the last one's session. In the variants it is the record that the browser's other cookies are filled from which has such an id",
		Where:     "fault_session_collision.go, asked by store.newSession and origin.welcome",
	}
}
