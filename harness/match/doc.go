// Package match answers one question about bytes: which of the values we know
// are in them, and where?
//
// It knows text, its encodings and structure, and how to search fast. It must
// not know whose value it found: customers, sessions and verdicts are other
// packages' business. It is pure: no clock, no files, no network.
//
// A body is seen three ways. As it is: folded in one pass (fold.go), where
// every escape of a single character is undone (unit.go), and searched with a
// rolling hash (index.go). Joined: pieces that a reader sees as one text
// (document.go, runs). Taken apart: to say where a hit stands (jsonscan.go,
// markup.go). A new escape of characters belongs in unit.go with a name in
// api.go; a new structure is one more kind in document.go with its own file;
// an encoding of whole stretches (base64, hex, compressed bytes) is decoded
// into a text of its own and searched like a run, its hits mapped back.
package match
