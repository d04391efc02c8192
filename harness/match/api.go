package match

// SegmentsType is the media type of content that is already in segments: a
// JSON array of objects with "where" and "text".
const SegmentsType = "application/vnd.crosstalk.segments+json"

// A Pattern is one value to be looked for. Its ID is the caller's: hits carry
// it back. Patterns whose key (see Key) is shorter than MinKey bytes are
// refused by New: they would be found everywhere.
type Pattern struct {
	ID   int
	Text string
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
	ID      int      // of the pattern
	Where   string   // of the segment it is in; "" when unknown
	Start   int      // in the body as given: first byte
	End     int      // and the byte after the last
	Decoded []string // what had to be undone to see it, outermost first; empty when it stands there as it is
}

// What Hit.Decoded names.
const (
	DecodedSplit   = "split"   // pieces of several elements were joined
	DecodedJSON    = "json"    // escapes of JSON or JavaScript
	DecodedPercent = "percent" // percent-encoding
	DecodedEntity  = "entity"  // HTML entities
	DecodedFold    = "fold"    // other case, diacritics, separators or form of a telephone number
)
