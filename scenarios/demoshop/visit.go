package demoshop

import (
	"crypto/subtle"
	"net/http"
)

// visit is one request to a page that is not public: whose it is, if anyone's.
type visit struct {
	session session // its id is empty for a client without one
	user    account // its ID is empty unless somebody has signed in
	market  market
	worker  int // that serves it
}

func (v *visit) signedIn() bool { return v.user.ID != "" }

// buyer is who checks out: the customer, or a guest as far as the shop
// remembers them from an earlier time in this session.
func (v *visit) buyer() account {
	if v.signedIn() {
		return v.user
	}
	return v.session.guest
}

type visitHandler func(http.ResponseWriter, *http.Request, *visit)

// page registers a personal page: its handler knows the session, if there is one.
func (o *origin) page(h visitHandler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		o.extras.cookies(w, r)
		o.answer(w, r, o.visit(r), h)
	}
}

// mine registers a page for signed-in customers; others are sent to sign in.
// It asks the account service, so that the page shows the customer as it is now.
func (o *origin) mine(h visitHandler) http.HandlerFunc {
	return o.page(func(w http.ResponseWriter, r *http.Request, v *visit) {
		o.threads.identify(v)
		if !v.signedIn() {
			o.go303(w, "/~sign-in")
			return
		}
		if a, ok := o.accounts.find(r.Context(), v.user.ID); ok {
			v.user = a
			v.market = marketOf(a.Country)
		}
		h(w, r, v)
	})
}

// form registers what a form posts to. The form must carry its session's token.
func (o *origin) form(h visitHandler) http.HandlerFunc {
	return o.page(func(w http.ResponseWriter, r *http.Request, v *visit) {
		sent := r.FormValue(o.of("form_token")) // reads multipart forms too
		if v.session.id == "" || subtle.ConstantTimeCompare([]byte(sent), []byte(v.session.csrf)) != 1 {
			o.problem(w, v, http.StatusForbidden, "This form has expired", "Please go back, reload the page and try again.")
			return
		}
		h(w, r, v)
	})
}

// visit finds out who asks.
func (o *origin) visit(r *http.Request) *visit {
	v := &visit{worker: workerOf(r), market: marketOf(countryOf(r.Header.Get("Accept-Language")))}
	id := o.sessionCookie(r)
	if id == "" {
		return v
	}
	o.store.wait(r.Context())
	se, ok := o.store.session(webSession, id)
	if !ok {
		return v
	}
	v.session = se
	if a, ok := o.store.account(se.account); ok {
		v.user = a
		v.market = marketOf(a.Country)
	}
	o.threads.bind(r, v)
	return v
}

// baseOf is the address of the shop as the visitor wrote it, for links in mail.
func baseOf(r *http.Request) string { return "http://" + r.Host }

// needSession begins a session for a client that has none: its basket, or the
// token of a form that it is about to be shown, must be kept somewhere.
func (o *origin) needSession(w http.ResponseWriter, v *visit) {
	if v.session.id != "" {
		return
	}
	v.session = o.store.newSession(webSession, "", nil)
	o.setCookie(w, v.session.id)
}

// problem shows a page that says what went wrong.
func (o *origin) problem(w http.ResponseWriter, v *visit, status int, title, text string) {
	p := o.personal(v, title)
	p.Text = text
	o.show(w, status, "problem.html", p)
}
