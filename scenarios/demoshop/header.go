package demoshop

import (
	"bytes"
	"net/http"
)

// headerElements are the templates that a page's header is made of, in order.
// Public pages are the same for everybody: their script asks for these.
func headerElements() []string { return []string{"greeting", "mini-basket", "receipts", "pass", "key"} }

// header answers with the header of whoever asks, for the script of a public page.
func (o *origin) header(w http.ResponseWriter, r *http.Request, v *visit) {
	if a, ok := o.accounts.find(r.Context(), v.user.ID); v.signedIn() && ok {
		v.user = a
		v.market = marketOf(a.Country)
	}
	p, made := o.personal(v, ""), map[string]string{}
	for _, name := range headerElements() {
		var b bytes.Buffer
		if err := o.render.element(&b, name, p); err != nil {
			http.Error(w, "this header could not be made", http.StatusInternalServerError)
			return
		}
		made[name] = b.String()
	}
	o.elements.assemble(w, v, made) // does nothing in a healthy shop
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	for _, name := range headerElements() {
		send(w, []byte(made[name]))
	}
}

// clearShelves empties what faults keep of pages.
func (o *origin) clearShelves() {
	o.elements.kept.flush()
	o.groups.kept.flush()
	o.pages.kept.flush()
}
