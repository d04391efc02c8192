package match

// SegmentsType is the media type of content that is already in segments: a
// JSON array of objects with "where" and "text".
const SegmentsType = "application/vnd.crosstalk.segments+json"

// A Shape says what kind of text a value is, and so in which forms shops
// write it. Forms of every shape: the value itself and its other spellings,
// folded, in every encoding.
type Shape int

// The shapes.
const (
	ShapeText    Shape = iota // letters and digits in this order
	ShapeName                 // of a person: also "Last, First"
	ShapeEmail                // also hashes of the normalized address
	ShapePhone                // national, international, any separators
	ShapeAddress              // street line: house number before or behind
	ShapeDate                 // ISO 8601 date: any usual way to write that day
	ShapeMoney                // an amount as some shop wrote it: any usual way to write it, minor units too
)

// A Pattern is one value to be looked for. Its ID is the caller's: hits carry
// it back. Patterns whose key (see Key) is shorter than MinKey bytes are
// refused by New, dates and amounts excepted: they would be found everywhere.
type Pattern struct {
	ID        int
	Text      string
	Others    []string // other spellings of the same value ("Berg Anna")
	Shape     Shape
	Fragments bool // a beginning or an end of it that no other pattern shares is worth a hit as well
}

// A Segment is a piece of a body that stands at one place in its structure:
// a JSON value at its pointer, a text node, attribute, comment or script at
// its element path, the whole body for plain text.
type Segment struct {
	Where  string // "$.user.email", "$.orders[*].id", "header>a.account", "form>input#email@value"; "" for plain text
	Text   string // decoded of the structure's own escapes (JSON strings, HTML entities)
	Offset int    // of its first byte in the body; -1 when it does not stand there as it is
}

// A Hit is one occurrence of a pattern.
type Hit struct {
	ID       int      // of the pattern
	Where    string   // of the segment it is in, and behind "›" where in what was decoded from that; "" when unknown
	Start    int      // in the body as given: first byte
	End      int      // and the byte after the last; of what was decoded as a whole, the encoded stretch
	Decoded  []string // what had to be undone to see it, outermost first; empty when it stands there as it is
	Fragment int      // 0 for the whole value; otherwise how many bytes of its key were there
}

// What Hit.Decoded names.
const (
	DecodedSplit   = "split"   // pieces of several elements were joined
	DecodedJSON    = "json"    // escapes of JSON or JavaScript
	DecodedPercent = "percent" // percent-encoding
	DecodedEntity  = "entity"  // HTML entities
	DecodedFold    = "fold"    // other case, diacritics, separators or form of a telephone number

	DecodedBase64   = "base64"           // also base64url, at any alignment
	DecodedJWT      = "jwt"              // the claims or header of a JSON Web Token
	DecodedHex      = "hex"              // hexadecimal digits
	DecodedCFEmail  = "cfemail"          // hexadecimal, each byte XORed with the first
	DecodedQuoted   = "quoted-printable" // as mail has it
	DecodedGzip     = "gzip"
	DecodedDeflate  = "deflate" // zlib or raw
	DecodedBrotli   = "br"
	DecodedZstd     = "zstd"
	DecodedPDF      = "pdf"    // the text of a PDF document
	DecodedZip      = "zip"    // a file in an archive
	DecodedMarkup   = "markup" // HTML in a string of JSON or of a script
	DecodedUTF16    = "utf-16"
	DecodedMD5      = "md5" // a hash of the value
	DecodedSHA1     = "sha1"
	DecodedSHA256   = "sha256"
	DecodedOrder    = "order"          // parts in another order: "Last, First"
	DecodedLatin    = "transliterated" // ü written ue
	DecodedDate     = "date"           // another way to write the day
	DecodedMoney    = "money"          // another way to write the amount
	DecodedFragment = "fragment"       // only a beginning or an end was there
	DecodedMasked   = "masked"         // most of it was hidden: see Masks
)

// Unopened is a stretch of a body that is encoded and was not decoded: what is
// in it is unseen.
type Unopened struct {
	What       string // a name that Hit.Decoded has
	Reason     string // UnopenedLarge, UnopenedDeep, …
	Start, End int
}

// Reasons for Unopened.
const (
	UnopenedLarge  = "too large" // it grows beyond what one body may
	UnopenedDeep   = "too deep"  // more layers than are opened
	UnopenedMany   = "too many"  // more encoded stretches than are opened in one body
	UnopenedBroken = "broken"    // begins like it and cannot be decoded
	UnopenedLocked = "encrypted" // a PDF or an archive that asks for a password
)
