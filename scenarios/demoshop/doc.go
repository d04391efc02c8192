// Package demoshop is a staging checkout to try crosstalk on: a shop with
// pages, a JSON API and a shared edge cache in front, all in one process and
// in memory, right by default and wrong on request. It knows nothing of
// crosstalk and imports nothing of it; crosstalk must not know it either.
//
//	client ──► edge (shared cache) ──► origin (pages, JSON API) ──► accounts ──► store
//	                                      ├──► hub ──► sockets, event streams
//	                                      └──► outbox ──► mail
//
// Options.Bare leaves the edge out, for a real cache to stand there, and
// Options.Lenient has the account page answer below its own address too.
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
// thank-you page listens to a WebSocket for an order's status, an app to an event
// stream; the edge passes both through and keeps none. Invoices and slips are PDF
// files, pictures PNG and SVG.
//
// # Four parts of a customer
//
// What the shop knows of a customer it shows in plain words, masked (the wallet),
// encoded (the passport), and as a key that says nothing (the member key): see
// parts. Each has pages, a call, a slip, a picture and a cookie that show it, most
// of them it alone, so that a fault can let one of them go astray and nothing else: its
// Variant.
//
// # Adding a fault
//
// A fault is the real mechanism of a real incident, in the code path where it
// happened, behind a switch:
//
//  1. Add its name and its entry to Faults in fault.go, and its expectation in
//     harness/zoo before it is first run.
//  2. Write its mechanism in fault_<name>.go: its Info, and a small type that holds
//     the *lever. Ask lever.strikes once per opportunity, which is a moment at
//     which somebody else's data is at hand and would be shown; a nil lever never
//     strikes. Let only the variant's part go astray: Variant.astray.
//  3. Give that type to the part of the shop it spoils (edge, origin, accounts,
//     hub, outbox, store) in New, and call it from there in one line. With the
//     fault off, that line must do nothing. A fault of the edge is an edgeRule.
//     Where it could not strike beside another, or in a bare shop, checkTogether
//     refuses it.
//  4. What it keeps is bounded, and emptied by a flush (a cache) or by Close; what
//     it opens is closed by Close: see Shop.quiet.
//  5. Test that it leaks as the incident did with the fault on. That it answers as
//     a healthy shop does at rate 0, and leaves nothing behind, is tested of all.
//
// Faults share shelf (a cache that does not ask whose), connections and loopback
// (a pool of real connections that loses count), and worker (which of four
// workers serves a request).
//
// # Adding a decoy
//
// A decoy looks like a leak and is none: a feature that is right, and at which a
// run must keep silent. A shop without decoys has a nil extras.
//
//  1. Add its name and its entry to Decoys in decoy.go, and count it in DecoyRows:
//     each decoy is one row of look-alikes.
//  2. Write what it adds in decoy_<name>.go: its Decoy, which says what it looks
//     like and what it is, and the methods of extras that pages and calls ask.
//  3. What pages show stands in decoys/<name>.html, if there is anything: each piece
//     is {{define "<name> <place>"}}, and a place is a page's template without
//     .html, or one that a template names by .Beside (head, foot, facts, delivery,
//     entry). .Shop is extras, .Page the page; .About is what .Beside was given. A
//     script of its pages is decoys/<name>.js. Neither file must be there.
//  4. Have extras ask it where it adds something else: join (addresses), season,
//     seasonMe, seasonOrder and seasonLogin (fields of answers), cookies and mark
//     (cookies, headers), forget (what it remembers; it must be bounded). Each
//     asks has first. What it keeps at the edge is an edgeRule, appended in New.
//  5. Call extras.gave wherever it gives out what looks like a leak: not where it
//     resembles nobody but the one who asks. See Served.
//  6. Add its row to Decoys in harness/zoo/decoy.go, in the same order: why the
//     judge can know, or what a person would write into the scenario, which then
//     must be used.
//  7. Test what it shows, and that it does so only where it is on, in the table of
//     decoy_test.go; and each way to be given what looks like a leak, in that of
//     decoy_given_test.go. Where it resembles other customers, add it to the test
//     of a customer who is alone.
//
// # Names on the wire
//
// Every path, field, cookie, header, JSON key, class and id is written with a
// tilde, ~mini-basket, and renamed by Options.Rename: see names.
package demoshop
