package customer

// Constraints are what a shop's validation, or a run, asks of its customers.
// The zero value asks for nothing: reserved domains, all locales.
type Constraints struct {
	Locales     []string `json:"locales,omitempty"`      // default: DefaultLocales, in turn
	EmailDomain string   `json:"email_domain,omitempty"` // default: a subdomain of a reserved name for each customer
	Phones      []string `json:"phones,omitempty"`       // pool; shared values stop being markers
	LastNames   []string `json:"last_names,omitempty"`   // pool, likewise: families, and people called alike
	Postcodes   []string `json:"postcodes,omitempty"`    // pool, likewise
	Cities      []string `json:"cities,omitempty"`       // pool, likewise
	Streets     []string `json:"streets,omitempty"`      // pool, likewise
	ASCII       bool     `json:"ascii,omitempty"`        // names without diacritics
	MaxName     int      `json:"max_name,omitempty"`     // longest first or last name, in letters; default 20
	Cards       []string `json:"cards,omitempty"`        // PSP test card numbers; default 4242 4242 4242 4242
	Products    int      `json:"products,omitempty"`     // how many products a basket can choose from; default 8
	Avoid       []string `json:"avoid,omitempty"`        // words and values that must not be anyone's: words of the shop, public values, remembered values
}
