// Package history is what a run remembers: sessions, steps, exchanges and
// sightings, and the journal that keeps them on disk.
//
// It knows how records look, that they are only ever appended, and that bytes
// are stored once under their hash. It must not know what a customer, a
// scenario or a leak is: their records pass through it as JSON.
package history
