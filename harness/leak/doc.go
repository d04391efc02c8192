// Package leak is the judge: a history goes in, a verdict and findings come
// out.
//
// It knows who owns which value, what makes a sighting proof, and what a run
// must have seen before its silence means anything. It must not know how a
// sighting was made. It is pure: no clock, no writing, no network.
package leak
