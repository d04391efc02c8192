// Package harness runs crosstalk: guard, self-checks, public baseline,
// sign-up, solo, rounds, clean-up, judge. It is the Go API, on one screen:
// Run and Judge.
//
// It knows the order of a run and what each part hands to the next. It must
// not know how a browser is driven, how a leak is recognized, or how a result
// is printed.
package harness
