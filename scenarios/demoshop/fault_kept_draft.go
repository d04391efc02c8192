package demoshop

import (
	"net/http"
	"sync"
)

// drafts is the fault kept-draft: so that nobody must type twice, the checkout
// keeps the address it was filled with last on a device, under a cookie that
// signing out leaves alone. The harm: it does not ask whose address that is
// when somebody else signs in there. The fault's rate is the share of checkouts
// of another customer that are filled from the draft.
type drafts struct {
	fault *lever
	mu    sync.Mutex
	held  map[string]draft // by device
}

// draft is what was filled in last on one device.
type draft struct {
	account string
	contact contact
}

// remembered is what a checkout is filled in with: a customer's own address, or
// what the device remembers.
func (o *origin) remembered(w http.ResponseWriter, r *http.Request, v *visit) contact {
	if o.drafts.fault == nil || !v.signedIn() {
		return v.user.contact
	}
	device := ""
	if c, err := r.Cookie(o.of("device")); err == nil {
		device = c.Value
	}
	if device == "" {
		device = randomID()
		http.SetCookie(w, &http.Cookie{
			Name: o.of("device"), Value: device, Path: "/", MaxAge: deviceLife, HttpOnly: true, SameSite: http.SameSiteLaxMode,
		})
	}
	return o.drafts.offer(device, v.user)
}

// deviceLife is how long a device keeps its cookie, in seconds.
const deviceLife = 365 * 24 * 3600

func (d *drafts) offer(device string, user account) contact {
	d.mu.Lock()
	defer d.mu.Unlock()
	if kept, ok := d.held[device]; ok && kept.account != user.ID && d.fault.strikes() {
		return kept.contact
	}
	if len(d.held) >= mostHeld {
		clear(d.held)
	}
	d.held[device] = draft{user.ID, user.contact}
	return user.contact
}

func keptDraftInfo() Info {
	return Info{
		Name:      KeptDraft,
		Class:     23,
		Incident:  "a shop extension for a content system, issue 8504: what one customer had in the shop stayed under a cookie of the browser, and was shown to whoever signed in there next",
		Mechanism: "the checkout remembers whose address was filled in last on a device, by a cookie that lives through sign-outs, and fills it in for the next customer",
		Where:     "fault_kept_draft.go, asked by origin.checkoutForm and origin.apiCheckout",
	}
}
