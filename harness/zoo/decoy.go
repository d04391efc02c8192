package zoo

import (
	"fmt"
	"strings"

	"crosstalk/scenarios"
	"crosstalk/scenarios/demoshop"
)

// Decoy is how a run meets one of the demo shop's decoys: with the embedded
// scenario as it is, or with what a person would write into it who knows that
// shop. It must be silent.
type Decoy struct {
	Name      string // of the shop's
	Why       string // the judge must know by itself, or what the scenario is told
	Customers string // lines of the scenario's customers, in its language
	Allow     string // its allowances, in its language
}

// Decoys has one row for each decoy of the demo shop, in its order.
func Decoys() []Decoy {
	return []Decoy{
		{demoshop.Reviews, "first names and cities are weak: where none of one's own stands they prove nothing", "", ""},
		{demoshop.Namesakes, "the customers are of one city and two last names: what two have marks nobody", namesakes, ""},
		{demoshop.GiftCircle, "whom one has drawn is allowed to be shown, where it is", "", allowGiftCircle()},
		{demoshop.OrderQueue, "a neighbor's number stands where none of one's own does", "", ""},
		{demoshop.Noise, "what is new in each answer, or one of a few, is nobody's", "", ""},
		{demoshop.StaticPages, "a hit is a hint, and no more", "", ""},
		{demoshop.Echoes, "one's own data is one's own wherever it stands, and what is the same for all is nobody's", "", ""},
		{demoshop.HelpDesk, "the shop's people are no customers", "", ""},
		{demoshop.NameList, "a list of everybody's is no own place", "", ""},
		{demoshop.RememberedYou, "that the sign-in form remembers who came last is allowed: the shop's customers ask for it", "", allowRemembered},
		{demoshop.PublicKeys, "what is given to all from the first visit on is no credential", "", ""},
		{demoshop.Devices, "a customer's devices are one customer", "", ""},
	}
}

// meeting is how a run met a decoy.
type meeting struct {
	decided   bool     // the run says whether anything leaks
	served    int      // pieces that look like a leak, by the shop's own count
	customers int      // of the run
	allowed   int      // allowances that the scenario has
	unused    []string // those of them by which nothing was allowed
}

// handful is how many pieces say nothing, however few customers there are.
const handful = 5

// enough is how many pieces a decoy must have given out to be called silent: one
// for each customer, and more than a handful. Fewer may all have gone to the one
// whom they resemble, or to somebody in whose session nobody looked.
func (m meeting) enough() int { return max(m.customers, handful+1) }

// missed says in a sentence why a run that proved nothing says nothing of the
// decoy; empty: it met it. What the scenario allows must have been shown, too:
// else the run would have kept silent without it.
func (m meeting) missed() string {
	switch {
	case m.served == 0:
		return "the shop never gave it out, so nobody knows whether it is silent"
	case m.served < m.enough():
		return fmt.Sprintf("the shop gave it out %s, and %d are needed to call it silent; give the run more time (--for)", count(m.served, "time", "times"), m.enough())
	case m.allowed > 0 && len(m.unused) == m.allowed:
		return "nobody was shown what it is allowed to show: " + m.unused[0]
	}
	return ""
}

// Scenario is the embedded scenario with what is written into it for the decoy. A
// run records its text, so that whoever judges it again judges it under the same.
func (d Decoy) Scenario(env func(string) (string, bool)) (*scenarios.Scenario, error) {
	sc, err := scenarios.Load("checkout", env)
	if err != nil {
		return nil, fmt.Errorf("load scenario: %w", err)
	}
	if d.Customers == "" && d.Allow == "" {
		return sc, nil
	}
	before, after, found := strings.Cut(string(sc.Source), "\ncustomers:\n")
	if !found || strings.Contains(after, "\nallow:") {
		return nil, fmt.Errorf("write decoy %s into scenario %s: it has no customers, or allowances of its own", d.Name, sc.Name)
	}
	text := before + "\ncustomers:\n" + d.Customers + after
	if d.Allow != "" {
		text += "\nallow:\n" + d.Allow
	}
	if sc, err = scenarios.Parse(sc.File, []byte(text), env); err != nil {
		return nil, fmt.Errorf("write decoy %s into scenario: %w", d.Name, err)
	}
	return sc, nil
}

// namesakes are so few last names and cities that of three customers two have
// both in common.
const namesakes = `  last_names: [Lindqvist-Moravec, Vandermeer-Kowalik]
  cities: [Nordhaven]
`

// allowRemembered is for the form, and for the cookie that it is filled from: what a
// client keeps is looked at where its next user begins.
const allowRemembered = `  - {place: "GET /sign-in*", kind: email, reason: "the browser remembers who signed in last, as its user asked it to"}
  - {place: "GET /", kind: email, reason: "the cookie by which it does"}
`

func allowGiftCircle() string {
	var text strings.Builder
	for _, place := range []string{"GET /account", "GET /orders", "GET /api/orders", "POST /api/orders"} {
		for _, kind := range []string{"name", "address"} {
			fmt.Fprintf(&text, "  - {place: %q, kind: %s, reason: \"gift circle: whoever has drawn somebody may know where to send the gift\"}\n", place, kind)
		}
	}
	return text.String()
}
