// Package plan decides who walks which journey, when and after whom: the
// seeded schedules.
//
// It knows customers by their names, journeys by their steps, and what each
// schedule provokes; each schedule has a file of its own, which says what it
// finds and why. It must not know how a step is performed or what was seen. It
// is pure: the same seed, scenario and numbers give the same plan on every
// machine, and a plan can be written down as JSON and walked again.
package plan
