// Package customer makes fake shoppers whose values are unique in the run.
//
// It knows what a customer is, which of its values are strong enough to prove
// something, and how to allocate them so that value → owner is a fact. It must
// not know sessions, shops or findings. It is the only importer of gofakeit.
package customer
