package api

// Become says who uses the session from now on.
func (c *Client) Become(customer string) { c.spec.Session.Customer = customer }
