// Package match answers one question about bytes: which of the values we know
// are in them, and where?
//
// It knows text, its encodings and structure, and how to search fast. It must
// not know whose value it found: customers, sessions and verdicts are other
// packages' business. It is pure: no clock, no files, no network.
package match
