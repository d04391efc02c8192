package demoshop

import (
	"net/http"
	"time"
)

// groupLife is how long the state of a group is kept.
const groupLife = 10 * time.Second

// groupStates is the fault inline-state. What a page hands to its scripts was
// meant to be prices and taxes, which customers of one group share; so it is
// kept by group. Then the contact came in, for paying with one press.
type groupStates struct {
	kept *shelf[account]
}

func newGroupStates(fault *lever, n *names) groupStates {
	return groupStates{newShelf[account](fault, n, "x-state", groupLife)}
}

// state is whose state a page hands to its scripts. The harm is that nobody
// sees it: the text of the page is right.
func (g groupStates) state(w http.ResponseWriter, p *page) account {
	if p.Public || !p.SignedIn {
		return p.User
	}
	kept, ok := g.kept.pick(w, p.User.group(), p.User.ID, p.User, true)
	if !ok {
		return p.User
	}
	return g.kept.fault.variant.astray(p.User, kept)
}

// group is the customer group that an account is in: it decides whether prices
// are shown with taxes.
func (a account) group() string {
	if a.Company != "" {
		return "business"
	}
	return "private"
}

func inlineStateInfo() Info {
	return Info{
		Name:      InlineState,
		Class:     4,
		Incident:  "a payment extension of shops, issue 171: the customer data that a page hands to its scripts was that of another customer of the same group",
		Mechanism: "the state that pages carry for their scripts is kept by the group of the customer for 10 seconds, and with it whose it was",
		Where:     "fault_inline_state.go over shelf.go, asked by origin.show",
	}
}
