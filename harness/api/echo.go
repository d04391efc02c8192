package api

import (
	"strings"

	"crosstalk/harness/customer"
)

// marked is a request with a value of its own in each header that the shop
// answers as it was sent: an answer with another's belongs to another request.
// Redirects that are followed are requests like any other. What a step or the
// run sets itself stays, and other hosts are sent nothing.
func (c *Client) marked(out outgoing, number int) outgoing {
	if len(c.options.Echo) == 0 || !strings.EqualFold(out.url.Host, c.target) {
		return out
	}
	out.header = out.header.Clone()
	for i, name := range c.options.Echo {
		if out.header.Get(name) == "" {
			out.header.Set(name, customer.Nonce(c.options.Seed, c.spec.Session.ID+" "+name, number*len(c.options.Echo)+i))
		}
	}
	return out
}
