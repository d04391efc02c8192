package demoshop

import "sync"

// circle is the gift circle: everybody with an account draws somebody else, and
// is told where to send the gift to. A draw holds as long as both are there.
type circle struct {
	mu    *sync.Mutex
	drawn map[string]string // by account, whom
}

func newCircle() circle { return circle{&sync.Mutex{}, map[string]string{}} }

func (c circle) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.drawn)
}

// Drawn is whom a customer has drawn; an empty contact while nobody else is there.
func (e *extras) Drawn(id string) contact {
	to := e.drawnBy(id)
	if to.First != "" {
		e.gave(GiftCircle)
	}
	return to
}

func (e *extras) drawnBy(id string) contact {
	if id == "" {
		return contact{}
	}
	e.circle.mu.Lock()
	defer e.circle.mu.Unlock()
	if a, ok := e.store.account(e.circle.drawn[id]); ok {
		return a.contact
	}
	if len(e.circle.drawn) >= mostHeld {
		clear(e.circle.drawn)
	}
	other, ok := e.store.anybodyBut(id)
	if !ok {
		return contact{}
	}
	e.circle.drawn[id] = other.ID
	return other.contact
}

// anybodyBut is an account that is not that one.
func (s *store) anybodyBut(id string) (account, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for other, a := range s.accounts {
		if other != id {
			return a, true
		}
	}
	return account{}, false
}

func (e *extras) giftJSON(out obj, account string) {
	if to := e.Drawn(account); to.First != "" {
		out["gift_for"] = obj{"name": to.Name(), "address": to.Address(), "postcode": to.Postcode, "city": to.City}
	}
}

func giftCircleDecoy() Decoy {
	return Decoy{
		Name:  GiftCircle,
		Row:   3,
		Looks: "the account page, the orders and the app show another customer's full name and address",
		Is:    "whom the customer drew in the gift circle, which both joined: the address is there to be sent a gift to",
	}
}
