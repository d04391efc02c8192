// Package zoo proves the judge on leaks: it opens the demo shop with each fault,
// each variant and each rate, drives it by an ordinary run, and holds what the
// run found against what was written down before the fault was first run. The
// decoys, which look like leaks and are none, must stay silent.
//
// It knows the demo shop and what each of its faults must look like. A run must
// know neither: it is told an address and the embedded scenario, as anybody's is.
package zoo
