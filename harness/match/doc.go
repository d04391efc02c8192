// Package match answers one question about bytes: which of the values we know
// are in them, and where?
//
// It knows text, its encodings and structure, and how to search fast. It must
// not know whose value it found: customers, sessions and verdicts are other
// packages' business. It is pure: no clock, no files, no network.
//
// Read makes a body ready once, however many indexes look into it: a tree of
// texts (text.go), the body and what was decoded from stretches of it, each
// folded (fold.go) and with a map back to where it came from. Find searches
// all of them (scan.go), drops what says the same from a deeper layer
// (search.go) and works out places where something was found (where.go).
//
// What is searched for are forms of a value (forms.go, forms_text.go, phone.go),
// each a folded key in an index (index.go): its first and last name in either
// order, a number without its country's code, a hash. Beginnings and ends of
// values are found beside them (fragment.go). Dates and amounts have no keys:
// they are read wherever they stand, and compared (typed.go, date.go, money.go).
// Masks, values of which only some characters are shown, are found by Masks
// (masked.go).
//
// Where does a new encoding go?
//
//   - An escape of single characters (%C3, &euml;, \u00eb): unit.go, with a
//     name in api.go. It is undone while folding, at any depth, for nothing.
//   - Letters and digits that stand for bytes, somewhere in a text (base64,
//     hexadecimal): a row in islands (island.go): a name, where a run of
//     letters and digits may be so encoded, and what it decodes to.
//   - A whole text, or what an island decoded to (gzip, UTF-16, PDF, a mail): a
//     row in decoders (decode.go): a name, how one knows it, what it holds.
//   - A second look at the same text (quoted-printable, values split over
//     elements): a text whose map says where each part stands (quoted.go,
//     tags.go).
//   - A new structure: one more kind in document.go, with its own file.
//
// Encodings within each other are opened maxLayers deep, under bounds on bytes
// made, on their ratio to the bytes they came from, and on the number of
// stretches (decode.go says them, with the reasons); what was not opened is in
// Reading.Unopened. Not known by any signature, brotli is believed where the
// media type says so, and tried, like raw deflate, on runs of base64 whose
// first bits can be a stream's; only one that ends exactly at its end and
// holds text is taken.
//
// Looking for islands is one pass. A run of at least 11 characters is
// passed over only if at none of its four alignments eight bytes of letters
// and digits stand in one text, in UTF-8 or UTF-16 or with up to every fifth
// letter a Latin one, and nothing in it has a signature; 300 seeds of random
// bytes around the shortest values prove that nothing is lost. On HTML and on
// source code the pass costs about as much as folding; BenchmarkStagesOfAReading
// says how much. Of long runs that are not text all over, only the stretches
// with text in them are decoded.
//
// PDFs are read by code of our own: pdf.go says what libraries did with hostile
// ones, and what is read. Where its letters stand is worked out in pdf_draw.go
// and pdf_place.go, what they mean in pdf_font.go and pdf_codes.go.
package match
