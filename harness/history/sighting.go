package history

// A Surface is how a session was shown something.
type Surface string

// The surfaces.
const (
	SurfacePage     Surface = "page"     // rendered text
	SurfaceField    Surface = "field"    // value of a form field
	SurfaceMarkup   Surface = "markup"   // the live document's HTML
	SurfaceResponse Surface = "response" // body of a response
	SurfaceHeader   Surface = "header"   // response header other than Set-Cookie
	SurfaceCookie   Surface = "cookie"   // Set-Cookie line, or a cookie in the jar
	SurfaceDownload Surface = "download"
	SurfaceStorage  Surface = "storage" // localStorage, sessionStorage, IndexedDB, Cache Storage, service workers
	SurfaceSocket   Surface = "socket"  // a WebSocket frame or an event of an EventSource
	SurfaceMail     Surface = "mail"    // mail that reached the viewer's mailbox
	SurfaceImage    Surface = "image"   // pixels; a picture's bytes are a response
	SurfaceConsole  Surface = "console"
	SurfaceNotice   Surface = "notice" // alerts, confirms, notifications
)

// Places of what is not a response: rendered text, fields, markup, notices and
// the console stand at the address of their document, as PlaceOf("GET", …)
// writes it; socket frames at that of the connection. What is kept in the
// client belongs to an origin, not to a page: its place is "localStorage",
// "sessionStorage", "IndexedDB DB/STORE", "Cache Storage NAME" or
// "Service Worker", and " HOST" behind it when that is not the target's; its
// key is the segment's Where. A mail's place is "MAIL " and the template of its
// subject.

// Sighting is what one session was shown once, on one surface, at one place
// and time. What a response delivered is not repeated here: Exchange is its
// own record (see Exchange.Sightings).
type Sighting struct {
	ID       string  `json:"id"`
	Session  string  `json:"session"`
	Viewer   string  `json:"viewer"`
	Step     int     `json:"step"`
	Surface  Surface `json:"surface"`
	Place    Place   `json:"place"`
	URL      string  `json:"url"`
	Exchange string  `json:"exchange,omitempty"` // for what came with a response
	Frame    string  `json:"frame,omitempty"`    // in which frame or pop-up; empty for the session's own page
	Flash    bool    `json:"flash,omitempty"`    // told between two looks: a part of a page, that may be gone again
	Sent     bool    `json:"sent,omitempty"`     // the client sent it, on a socket: like a request's body, it was shown to nobody
	Body     Body    `json:"body"`
}

// SegmentsType is the media type of structured content that is not bytes of
// the target: a JSON array of Segment.
const SegmentsType = "application/vnd.crosstalk.segments+json"

// Segment is one piece of rendered content and where it stood: an element path
// ("header>a.account"), a field's name, a cookie's or header's name.
type Segment struct {
	Where      string `json:"where"`
	Text       string `json:"text"`
	Attributes string `json:"attributes,omitempty"` // of a cookie: "Domain=…; Path=/; HttpOnly", as Set-Cookie writes them
}
