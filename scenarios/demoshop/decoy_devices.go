package demoshop

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
)

// device is one client of a customer's, as the others see it.
type device struct {
	Kind   string
	Key    string // says which, and lets nobody in
	Here   bool   // it is the one that asks
	Basket []line
}

const latestDevices = 4

// devicesOf lists a customer's latest clients; here is the session that asks.
func (s *store) devicesOf(account, here string) []device {
	s.mu.Lock()
	defer s.mu.Unlock()
	var own []*session
	for _, se := range s.sessions {
		if account != "" && se.account == account {
			own = append(own, se)
		}
	}
	slices.SortFunc(own, func(a, b *session) int { return b.seen.Compare(a.seen) })
	var out []device
	for _, se := range own[:min(len(own), latestDevices)] {
		kind := "Browser"
		if se.kind == appSession {
			kind = "App"
		}
		out = append(out, device{kind, deviceKey(se.id), se.id == here, se.basket})
	}
	return out
}

// deviceKey tells clients apart. The session's id cannot be made from it.
func deviceKey(id string) string { return hexSum("device " + id) }

// hexSum is 96 bits of a text's digest.
func hexSum(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:12])
}

// Devices are a customer's, for pages.
func (e *extras) Devices(p *page) []device { return e.devicesOf(p.User.ID, p.session) }

// Elsewhere are the customer's other devices on which something lies in the basket.
func (e *extras) Elsewhere(p *page) []device {
	without := func(d device) bool { return d.Here || len(d.Basket) == 0 }
	return e.showing(slices.DeleteFunc(e.store.devicesOf(p.User.ID, p.session), without))
}

func (e *extras) devicesOf(account, here string) []device {
	return e.showing(e.store.devicesOf(account, here))
}

// showing are devices that one of them is shown: a look-alike if the key of
// another is among them.
func (e *extras) showing(all []device) []device {
	if slices.ContainsFunc(all, func(d device) bool { return !d.Here }) {
		e.gave(Devices)
	}
	return all
}

func (e *extras) devicesJSON(account, here string) []obj {
	out := []obj{}
	for _, d := range e.devicesOf(account, here) {
		out = append(out, obj{"kind": d.Kind, "device_key": d.Key, "here": d.Here, "pieces": count(d.Basket)})
	}
	return out
}

// seasonLogin tells an app its own device's key.
func (e *extras) seasonLogin(out obj, id string) {
	if e.has(Devices) {
		out["device_key"] = deviceKey(id)
	}
}

func devicesDecoy() Decoy {
	return Decoy{
		Name:  Devices,
		Row:   12,
		Looks: "a key that the shop gave to one client is shown to another",
		Is:    "a customer's own list of their devices, seen from their other one",
	}
}
