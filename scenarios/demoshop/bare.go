package demoshop

import "net/http"

// lenient makes the account page answer for every address below its own, as
// routers do that go by the beginning of a path. It is harmless by itself: the
// answer says that it is private. A cache in front that goes by the ending of
// the address, /account/logo.css, makes it a leak.
func (o *origin) lenient() {
	o.handle("GET /~account/{rest...}", o.mine(o.account))
}

// latest sends a customer on to their latest order: a redirect whose address is
// for them alone, and as private as the page it leads to.
func (o *origin) latest(w http.ResponseWriter, _ *http.Request, v *visit) {
	placed := o.store.ordersOf(v.user.ID)
	if len(placed) == 0 {
		o.go303(w, "/~orders")
		return
	}
	w.Header().Set("Location", o.text("/~orders/")+placed[0].Key)
	w.WriteHeader(http.StatusSeeOther)
}
