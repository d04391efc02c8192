package demoshop

import (
	"net/http"
	"sync"
)

// drafts is the fault kept-draft: so that nobody must type twice, the checkout
// keeps what it was filled with last on a device, under a cookie that signing
// out leaves alone: the address, and how receipts are sent. The harm: it does not
// ask whose that is when somebody else signs in there. The fault's rate is the
// share of checkouts of another customer that are filled from the draft, its
// variant what of it the draft keeps.
type drafts struct {
	fault *lever
	mu    sync.Mutex
	held  map[string]account // who filled in a checkout last, by device
}

// remembered is what a checkout is filled in with: what the shop knows of the
// customer, or what the device remembers.
func (o *origin) remembered(w http.ResponseWriter, r *http.Request, v *visit) account {
	if o.drafts.fault == nil || !v.signedIn() {
		return v.buyer()
	}
	return o.drafts.offer(o.deviceOf(w, r), v.user)
}

// deviceOf is the name under which the shop knows a browser again, whoever is
// signed in there. Only faults ask for it.
func (o *origin) deviceOf(w http.ResponseWriter, r *http.Request) string {
	if c, err := r.Cookie(o.of("device")); err == nil && c.Value != "" {
		return c.Value
	}
	device := randomID()
	http.SetCookie(w, &http.Cookie{
		Name: o.of("device"), Value: device, Path: "/", MaxAge: deviceLife, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
	return device
}

// deviceLife is how long a device keeps its cookie, in seconds.
const deviceLife = 365 * 24 * 3600

func (d *drafts) offer(device string, user account) account {
	d.mu.Lock()
	defer d.mu.Unlock()
	if kept, ok := d.held[device]; ok && kept.ID != user.ID && d.fault.strikes() {
		return d.fault.variant.astray(user, kept)
	}
	if len(d.held) >= mostHeld {
		clear(d.held)
	}
	d.held[device] = user
	return user
}

func (d *drafts) forget() {
	d.mu.Lock()
	defer d.mu.Unlock()
	clear(d.held)
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
