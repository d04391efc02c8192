// Package zoo proves the judge on leaks: it opens the demo shop with each fault,
// each variant and each rate, drives it by an ordinary run, and holds what the
// run found against what is written down of the fault: of most before they were
// first run, of the six oldest afterwards. The decoys, which look like leaks and
// are none, must stay silent.
//
// It knows the demo shop and what each of its faults must look like. A run is
// told an address, the embedded scenario (for some decoys with what a person
// would add to it) and a listener for mail, as anybody's may be; and beside that
// when to end, which is at the expected finding, and a label and a folder that
// name the case. The judge reads none of these three: see leak.History.
package zoo
