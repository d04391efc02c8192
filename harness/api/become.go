package api

import (
	"cmp"
	"net/textproto"

	"crosstalk/harness/history"
	"crosstalk/scenarios"
)

// Become says who uses the session from now on, with its jar, its connections
// and the streams that are open: what these bring from now on, the heir is
// shown. What was answered and heard before was shown to the other, and no step
// of the heir's looks at it; the jar is recorded as the heir's own.
func (c *Client) Become(customer string) {
	c.user.Store(&customer)
	c.last = nil
	if c.lastCall != nil && proves(*c.lastCall) {
		c.lastCall = nil
	}
	c.inbox.forget()
	c.lookAnew()
}

// proves says whether a call itself said who made it. An app drops that at
// sign-out: to repeat it would be our leak, not the shop's.
func proves(call scenarios.Call) bool {
	for name := range call.Headers {
		switch textproto.CanonicalMIMEHeaderKey(name) {
		case "Accept", "Accept-Language", "User-Agent":
		default:
			return true // a key may be in any header
		}
	}
	return call.Bearer != ""
}

// viewer is who is shown what comes now.
func (c *Client) viewer() string { return cmp.Or(*c.user.Load(), history.Nobody) }

// forget drops what no step has heard.
func (b *inbox) forget() {
	b.mu.Lock()
	defer b.mu.Unlock()
	clear(b.all) // their bodies, not only the list
	b.all, b.bytes = nil, 0
}
