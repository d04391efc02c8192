// Package demoshop is a staging checkout to try crosstalk on: a shop with
// pages, a JSON API and a shared edge cache in front, all in one process and
// in memory, right by default and wrong on request. It knows nothing of
// crosstalk and imports nothing of it; crosstalk must not know it either.
//
//	client ──► edge (shared cache) ──► origin (pages, JSON API) ──► accounts ──► store
//
// # Staying isolated
//
// Four rules keep customers apart. Every answer is "private, no-store" unless
// its handler is registered as public; public handlers are given no session,
// so their pages cannot hold anything personal. The edge keeps only what says
// that it is public, and never a Set-Cookie. What the store hands out are
// copies. Session ids, bearer tokens and the keys in addresses are 96 random
// bits, and the session's changes when somebody signs in.
//
// # What it sends and pushes
//
// With Options.SMTP the shop sends mail: a welcome, and confirmations with the
// invoice, in the customer's language, by an outbox beside the requests. The
// thank-you page and apps listen to an event stream of an order's status; the
// edge passes streams through and keeps none.
//
// # Adding a fault
//
// A fault is the real mechanism of a real incident, in the code path where it
// happened, behind a switch:
//
//  1. Add its name and its entry to Faults in fault.go.
//  2. Write its mechanism in fault_<name>.go: a small type that holds the
//     *lever. Ask lever.strikes once per opportunity; a nil lever never strikes.
//  3. Give that type to the part of the shop it spoils (edge, origin, accounts)
//     in New, and call it from there in one line. With the fault off, that line
//     must do nothing.
//  4. Test that it leaks as the incident did with the fault on, and that the
//     same walk is clean with it off.
//
// # Names on the wire
//
// Every path, field, cookie, header, JSON key, class and id is written with a
// tilde, ~mini-basket, and renamed by Options.Rename: see names.
package demoshop
