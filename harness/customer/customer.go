package customer

// Kind names what a value is: "email", "first", "order". Scenarios use the
// same names in {{…}} and in `shows`; kinds of learned markers are the names
// that a scenario's `remember` gives.
type Kind string

// The kinds of planted values, in the order in which reports list them.
const (
	First      Kind = "first"
	Last       Kind = "last"
	Name       Kind = "name" // first and last
	Email      Kind = "email"
	Phone      Kind = "phone"
	Street     Kind = "street"  // the street's name alone
	House      Kind = "house"   // house number
	Address    Kind = "address" // street line: street and house number in the locale's order
	Postcode   Kind = "postcode"
	City       Kind = "city"
	Country    Kind = "country" // ISO 3166-1 alpha-2
	Birthday   Kind = "birthday"
	Company    Kind = "company"
	Password   Kind = "password"
	CardHolder Kind = "card_holder"
	CardExpiry Kind = "card_expiry"
	Gift       Kind = "gift"   // the one unique word of the gift note
	Avatar     Kind = "avatar" // the bytes of the picture, by hash
	Locale     Kind = "locale"
	Currency   Kind = "currency"
)

// Kinds of values the shop issues.
const (
	Order Kind = "order"
	Total Kind = "total" // what an order costs: found however it is written
	Token Kind = "token" // session cookie, bearer, CSRF token, cart or order key
)

// Customer is a fake shopper. Every strong value of it is unique in the run.
type Customer struct {
	ID             string `json:"id"` // "c01"; in order of allocation
	First          string `json:"first"`
	Last           string `json:"last"`
	Email          string `json:"email"`
	Phone          string `json:"phone"` // as a person of the country types it, e.g. "070-174 06 35"
	Street         string `json:"street"`
	House          string `json:"house"`
	Address        string `json:"address"`
	Postcode       string `json:"postcode"`
	City           string `json:"city"`
	Country        string `json:"country"`
	CountryName    string `json:"country_name"` // in English, as shops list it
	Birthday       string `json:"birthday"`     // ISO 8601 date
	Company        string `json:"company"`
	Password       string `json:"password"`
	Card           string `json:"card"` // PSP test card: shared by everyone, never a marker
	CardCVC        string `json:"card_cvc"`
	CardHolder     string `json:"card_holder"`
	CardExpiry     string `json:"card_expiry"` // MM/YY
	Gift           string `json:"gift"`        // the unique word
	GiftNote       string `json:"gift_note"`   // free text that contains it
	Avatar         []byte `json:"avatar"`      // a PNG with pixels of its own
	Basket         []Line `json:"basket"`
	Locale         string `json:"locale"` // "sv-SE"
	Currency       string `json:"currency"`
	PhoneFictional bool   `json:"phone_fictional"`  // the phone is from a range reserved for fiction
	Shared         []Kind `json:"shared,omitempty"` // kinds whose value another customer of the run has too: no markers
	Pooled         []Kind `json:"pooled,omitempty"` // kinds that a pool of the scenario's weakens
}

// Line is one line of a customer's basket: which of the shop's products (by
// its position, zero-based, to be taken modulo their number) and how many.
type Line struct {
	Product  int `json:"product"`
	Quantity int `json:"quantity"`
}

// Strength says what a marker can prove alone.
type Strength int

// The strengths.
const (
	Silent Strength = iota // shared by customers: not a marker at all
	Weak                   // counts only in a typed place, or beside another
	Strong                 // unique in the run, about 40 bits or more
)

// A Marker is one value only its owner may ever be shown.
type Marker struct {
	Owner    string   `json:"owner"` // customer ID
	Kind     Kind     `json:"kind"`
	Value    string   `json:"value"`
	Strength Strength `json:"strength"`
	Learned  bool     `json:"learned,omitempty"` // the shop issued it; otherwise we planted it
}
