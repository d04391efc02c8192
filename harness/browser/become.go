package browser

// Become says who uses the session from now on.
func (s *Session) Become(customer string) { s.spec.Session.Customer = customer }
