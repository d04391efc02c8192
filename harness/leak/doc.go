// Package leak is the judge: a history goes in, a verdict and findings come
// out.
//
// It knows who owns which value, what makes a sighting proof, and what a run
// must have seen before its silence means anything. It must not know how a
// sighting was made. It is pure: no clock, no writing, no network.
//
// Judge and the order of its work are in judge.go, what it answers in
// result.go. What is kept of a history is in record.go, session.go and pool.go.
// What bodies, headers and cookies hold is found once, in inspect.go,
// content.go, hits.go, lines.go and minted.go. Whose a value is say owners.go,
// lookout.go, claims.go and conflict.go; whose a credential is, tokens.go.
// Where customers' own values stand, and among which words, say slots.go,
// own.go, skeleton.go and gap.go.
//
// The table in rules.go has what proves that isolation broke, the table in
// cause.go how it can have come about; each row names the method that says
// more. The reasons for which silence proves nothing, with their minima, are in
// the files reasons_*.go and weather.go, and count what visits.go, coverage.go,
// coverage_pairs.go, route.go, never_own.go and unseen.go saw. What a client
// had before its next user signed in, kept.go tells. What mail to nobody's
// address means, and what may be in a bystander's mailbox, say mailbox.go and
// bystander.go. findings.go makes proofs findings, verdict.go findings and
// reasons a verdict. Watch, in watch.go, is the small part of it that looks on
// while a run goes on.
package leak
