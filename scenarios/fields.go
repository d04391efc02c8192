package scenarios

import "crosstalk/harness/customer"

// Fields resolves the {{fields}} of a step for one session.
type Fields struct {
	Customer *customer.Customer       // nil for a passer-by
	Learned  map[customer.Kind]string // what `remember` steps of this session read
	Target   string                   // the shop's base address, for relative URLs
}
