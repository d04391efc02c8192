package scenarios

import (
	"time"

	"crosstalk/harness/customer"
)

// Scenario says how to use one checkout.
type Scenario struct {
	Name        string               // "checkout"
	Title       string               // for people
	File        string               // where it was read from, for messages
	Source      []byte               // the text it was parsed from
	Target      string               // default address of the shop; empty: must be given
	Guard       Guard                // which hosts may be driven
	Customers   customer.Constraints // pools and rules that the shop's validation asks for
	Public      []string             // paths that empty-jar visitors read before the first sign-up
	Journeys    []Journey            // in the file's order, which is the order of their set-up
	Allow       []Allowance          // sharing that is right
	Minima      Minima               // what a run must reach to be called isolated
	Echo        []string             // canonical names of headers whose value the shop answers as it was sent
	H2C         bool                 // API clients speak HTTP/2 to servers without TLS, which must understand it unasked
	Mail        Mail                 // where the shop's mail comes in
	Lifetimes   []time.Duration      // how long caches in front of the shop keep a copy, where that cannot be observed
	StepTimeout time.Duration        // of a step that names none; default DefaultStepTimeout
	// Secrets are the environment's values that the file used, by their names:
	// they must be replaced by $NAME before anything is written.
	Secrets map[string]string
}

// Journey finds a journey by its name; nil when there is none.
func (s *Scenario) Journey(name string) *Journey {
	for i := range s.Journeys {
		if s.Journeys[i].Name == name {
			return &s.Journeys[i]
		}
	}
	return nil
}

// DefaultStepTimeout is how long a step may take that names no timeout.
const DefaultStepTimeout = 10 * time.Second

// Guard names the hosts that may be driven. Loopback is always allowed.
type Guard struct {
	Hosts []string // host names, with a leading "*." for all below one
	// Proof, when set, must hold before anything else is sent: a GET of
	// Path (default "/") answers with this header, or with this text.
	Proof *Proof
}

// Proof is what a staging system shows to say that it is one.
type Proof struct {
	Path, Header, Value, Text string
}

// Client is the kind of client a journey is performed by.
type Client string

// The clients.
const (
	Browser Client = "browser"
	API     Client = "api"
)

// Role says whether a journey is somebody's.
type Role string

// The roles.
const (
	One   Role = "one"   // a customer with an account
	Guest Role = "guest" // a customer without one
	None  Role = "none"  // nobody at all: a passer-by
)

// Journey is a list of steps one kind of client performs.
type Journey struct {
	Name     string
	Pos      Pos
	Client   Client
	Customer Role
	// Setup makes the customer's account; it is performed once a run for
	// each customer, in a session of its own, before anything else of theirs.
	Setup []Step
	// Exists, when visible after a step of Setup failed, means that the
	// account was there already (a seeded rerun): Setup then counts as done.
	Exists *Locator
	// Steps is one walk. It begins with an empty jar, so it signs in itself.
	Steps []Step
	// Provoke are steps that provoke errors (a missing page, invalid input, an
	// oversized cookie). They are performed by a session in the midst of its
	// walk, each for itself, and how they end is no failure.
	Provoke []Step
	// ProvokeFrom is how many steps must have been performed before every field
	// that Provoke names is remembered; zero: any moment will do.
	ProvokeFrom int
	// Cleanup removes the account; performed once at the end, in a session
	// of its own with an empty jar.
	Cleanup []Step
}

// Pos is where something stands in its file; one-based.
type Pos struct{ Line, Col int }

// Op is what a step does.
type Op string

// The steps.
const (
	Visit    Op = "visit"
	Fill     Op = "fill"
	Click    Op = "click"
	Select   Op = "select"
	Check    Op = "check"
	Press    Op = "press"
	Upload   Op = "upload"
	See      Op = "see"
	Shows    Op = "shows"
	Remember Op = "remember"
	Request  Op = "request"
	Listen   Op = "listen"
	Send     Op = "send"
	Hear     Op = "hear"
	HangUp   Op = "hang_up"
	Wait     Op = "wait"
	Reload   Op = "reload"
	Back     Op = "back"
	Download Op = "download"
	SignOut  Op = "sign_out"
	Meet     Op = "meet"
	Network  Op = "network"
	Cookie   Op = "cookie"
)

// Step is one step of a journey. Which fields are set depends on Op; strings
// may hold {{field}}, to be resolved with Expand when it is performed.
type Step struct {
	Pos      Pos
	Index    int // zero-based within its part
	Op       Op
	URL      string          // visit; see (the path the client must come to stand at)
	Target   *Locator        // fill, click, select, check, press (optional), upload, see, download, sign_out
	With     string          // fill: the text; select: the option's label or value; upload: "{{avatar}}" or a file beside the scenario
	Off      bool            // check: uncheck instead
	Key      string          // press: "Enter", "Tab", "a", …
	Fields   []customer.Kind // shows: the values that must be shown to this session here
	Remember []Memory        // remember
	Request  *Call           // request; sign_out and download of an API journey
	Wait     time.Duration   // wait
	Name     string          // meet: the barrier's name; hang_up: the stream's, empty for all
	Listen   *Stream         // listen
	Send     *Message        // send
	Hear     *Hearing        // hear
	Network  Condition       // network
	Cookie   *Jarred         // cookie
	Timeout  time.Duration   // zero: the scenario's

	text string // what String answers; written with $NAME where the environment's values went
}

// Locator finds one element. Exactly one way is given, but Role goes with Name.
// Name without Role is the link or button with that accessible name, else the
// text: what a bare string after click means.
type Locator struct {
	Label, Role, Name, Text, Placeholder, TestID, CSS, XPath string
	Nth                                                      int // zero-based among the elements that fit; -1: there must be exactly one visible
}

// Condition is a state of the client's network.
type Condition string

// The conditions of a network.
const (
	NetworkNormal  Condition = "normal"
	NetworkSlow    Condition = "slow" // as a bad mobile connection: 400 ms more, 50 kB/s
	NetworkOffline Condition = "offline"
)

// Jarred is a cookie that a step puts into the client's jar, for the target's
// host.
type Jarred struct {
	Name  string
	Value string // expanded; "" with Size
	// Size, when set, is how many bytes of cookies are put in: several, named
	// NAME-1, NAME-2, …, where one cannot hold so much. Zero with no Value
	// removes the cookie, and all that were so named.
	Size int
}

// Memory is one value to remember as its customer's: a learned marker, and
// from then on a {{field}} of this session.
type Memory struct {
	Kind   customer.Kind
	From   *Locator // text or value of this element
	JSON   string   // pointer such as "$.order.number" into the last response of an API journey
	Header string   // of the last response of an API journey
	Match  string   // regular expression applied to what was found; its first group, or all of it
	Hold   bool     // `marker: false`: for later steps alone, not a marker of its customer
}

// Call is one request of an API journey.
type Call struct {
	Method    string
	URL       string
	Headers   map[string]string
	JSON      any               // encoded as the body, strings expanded; nil: none
	Form      map[string]string // likewise, as a form
	Multipart []Part            // likewise, as multipart/form-data in this order
	Bearer    string            // sent as Authorization: Bearer …
	Expect    int               // the status it must have; zero: any below 400
}

// Part is one part of a multipart body: a text, or a file.
type Part struct {
	Name     string // of the field
	Text     string // what it says; "" for a file
	File     string // "{{avatar}}" or a file beside the scenario; "": a text
	FileName string // what the request calls the file; empty: by File
	Type     string // media type of the file; empty: by its name
	Content  []byte // of "{{avatar}}", once it is expanded; nil: File is to be read
}

// Stream is a connection of an API journey that stays open beside the steps
// that follow: an event stream, or a WebSocket.
type Stream struct {
	Call     Call   // the request that opens it, a GET without a body
	Socket   bool   // a WebSocket; so is what has an address of ws or wss
	Protocol string // the subprotocol a WebSocket asks for; empty: none
	Name     string // `as`: what later steps call it; may be empty
}

// Message is what is written to an open WebSocket.
type Message struct {
	JSON any    // encoded as the message, strings expanded; nil: Text is it
	Text string // sent as it is, expanded
	On   string // the stream's name; empty: the one opened last
}

// Hearing says which message of an open stream is waited for; without any
// demand, the next one.
type Hearing struct {
	Text  string // it holds this text
	JSON  string // it is JSON and has a value at this pointer
	Is    string // the value at JSON, as text; empty: any
	Event string // the name of its event; a WebSocket's messages have none
	On    string // the stream's name; empty: any
}

// Allowance is sharing that is right: what is shown of this kind at these
// places to others than its owner is no finding.
type Allowance struct {
	Pos    Pos
	Place  string        // a place, with * for any characters: "GET /reviews/*"
	Kind   customer.Kind // "*" for every kind
	Reason string        // required
}

// Minima is what a run must reach to be called isolated. Zero: the default.
type Minima struct {
	OwnSeen     float64 // share of the visits at own places that showed own data; default 0.95
	Pairs       int     // ordered pairs of customers that met at each own place; default min(N·(N−1), 12)
	Unseen      float64 // largest share of a place's bodies that may be unseen; default 0.05
	StrongKinds int     // strong markers each customer must hold; default 2
}
