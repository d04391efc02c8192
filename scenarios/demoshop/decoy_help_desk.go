package demoshop

import "hash/fnv"

// agent is somebody who works for the shop: as customers are, with a name, a
// phone and an address.
type agent struct{ contact }

// agents are the people at the desk. The first is whom everybody calls.
func agents() []agent {
	return []agent{
		{contact{"Mirjam", "Terpstra-Voskuil", "mirjam@northlight.example", "+31 20 555 7319", "Kade", "14", "1013 AB", "Amsterdam", "NL"}},
		{contact{"Anselm", "Ruckdeschel", "anselm@northlight.example", "+31 20 555 8460", "Kade", "14", "1013 AB", "Amsterdam", "NL"}},
		{contact{"Ghislaine", "Oostenbrink", "ghislaine@northlight.example", "+31 20 555 2175", "Kade", "16", "1013 AB", "Amsterdam", "NL"}},
	}
}

// agentOf is who looks after a customer or an order.
func agentOf(id string) agent {
	h := fnv.New32a()
	h.Write([]byte(id)) // never fails
	all := agents()
	return all[int(h.Sum32()%uint32(len(all)))] //nolint:gosec // 0 to 2
}

// Desk is whom everybody calls.
func (e *extras) Desk() agent { return e.introduce(agents()[0]) }

// Packer is who packs an order.
func (e *extras) Packer(o order) agent { return e.introduce(agentOf(o.Key)) }

// Adviser is who looks after a customer.
func (e *extras) Adviser(id string) agent { return e.introduce(agentOf(id)) }

// introduce counts an agent whom a customer is shown: none of them is one.
func (e *extras) introduce(a agent) agent {
	e.gave(HelpDesk)
	return a
}

// Wallet is how an agent is reached, masked: as the customer's own is.
func (a agent) Wallet() wallet { return walletOf(a.contact) }

func deskJSON(a agent) obj {
	out := walletJSON(a.Wallet())
	out["first"], out["last"], out["email"], out["call"], out["address"] = a.First, a.Last, a.Email, a.Phone, a.Address()
	return out
}

// deskFact is how mails name the one to ask.
func (e *extras) deskFact(l letter) []fact {
	if !e.has(HelpDesk) {
		return nil
	}
	a := e.Packer(l.Order)
	return []fact{{"Northlight", []string{a.Name(), a.Email, a.Phone}}}
}

func helpDeskDecoy() Decoy {
	return Decoy{
		Name:  HelpDesk,
		Row:   8,
		Looks: "a person's name, phone number and mail address stand where the customer's own do, on every page, in answers and mails",
		Is:    "the shop's own people, whom customers are to call",
	}
}
