// Package reports turns a run's result into what people and machines read:
// text for a terminal, run.json, JUnit XML, one HTML page, Markdown.
//
// It knows how to say a result in plain words and how to keep hostile text
// harmless in every format. It must not know how a result came about: it
// judges nothing, opens no network, and reads no file but screenshots of the
// run folder that it is given.
package reports
