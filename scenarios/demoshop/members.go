package demoshop

import (
	"bytes"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"image/png"
	"io"
	"net/http"
	"strings"
	"time"
)

func (o *origin) signInForm(w http.ResponseWriter, r *http.Request, v *visit) {
	o.needSession(w, v)
	p := o.personal(v, "Sign in")
	if r.URL.Query().Has(o.of("gone")) {
		p.Text = "Your account is deleted. Thank you for having been here."
	}
	o.extras.recall(r, p)
	o.show(w, http.StatusOK, "sign-in.html", p)
}

func (o *origin) signIn(w http.ResponseWriter, r *http.Request, v *visit) {
	mail := strings.TrimSpace(r.FormValue(o.of("mail")))
	a, ok := o.authenticate(mail, r.FormValue(o.of("secret")))
	if !ok {
		p := o.personal(v, "Sign in")
		p.Form[o.of("mail")] = mail
		p.Errors = []string{"This e-mail address and password do not belong together."}
		o.show(w, http.StatusUnprocessableEntity, "sign-in.html", p)
		return
	}
	o.takeOver(w, r, a) // does nothing in a healthy shop
	o.welcome(w, o.store.signIn(v.session, a.ID), a)
	o.go303(w, "/~account")
}

// authenticate takes as long for an address that nobody has as for a wrong password.
func (o *origin) authenticate(email, password string) (account, bool) {
	a, ok := o.store.accountByEmail(email)
	right := subtle.ConstantTimeCompare(hashPassword(password, a.Salt), a.Password) == 1
	return a, ok && right
}

// hashIterations is low: the customers are fake and sign in all day.
const hashIterations = 500

func hashPassword(password string, salt []byte) []byte {
	h, err := pbkdf2.Key(sha256.New, password, salt, hashIterations, 32)
	if err != nil {
		return nil // no key fits: nobody signs in
	}
	return h
}

// signOut needs no token: the worst another site could do is sign somebody out,
// and the check for foreign sites prevents that.
func (o *origin) signOut(w http.ResponseWriter, _ *http.Request, v *visit) {
	o.store.endSession(v.session.id)
	o.farewell(w)
	o.go303(w, o.extras.afterSignOut())
}

func (o *origin) signUpForm(w http.ResponseWriter, _ *http.Request, v *visit) {
	o.needSession(w, v)
	p := o.personal(v, "Create an account")
	p.Form[o.of("country_code")] = countryOfMarket(v.market)
	o.show(w, http.StatusOK, "sign-up.html", p)
}

func countryOfMarket(m market) string {
	for _, c := range countries() {
		if marketOf(c.Code).currency == m.currency && m.currency != "EUR" {
			return c.Code
		}
	}
	return "DE"
}

func (o *origin) signUp(w http.ResponseWriter, r *http.Request, v *visit) {
	a, problems := o.readAccount(o.field(r))
	picture, fits := o.readPicture(r)
	if !fits {
		problems = append(problems, wantedPicture)
	}
	a.Picture = picture
	if len(problems) == 0 {
		created, err := o.store.createAccount(a)
		if err == nil {
			o.mail.put(letter{Contact: created.contact, Base: baseOf(r)})
			o.welcome(w, o.store.signIn(v.session, created.ID), created)
			o.go303(w, "/~account")
			return
		}
		problems = []string{emailTaken}
	}
	p := o.personal(v, "Create an account")
	p.Form, p.Errors = o.sent(r), problems
	o.show(w, http.StatusUnprocessableEntity, "sign-up.html", p)
}

// sent is what a form's fields held when it was sent.
func (o *origin) sent(r *http.Request) map[string]string {
	out := map[string]string{}
	for name := range r.Form {
		out[name] = r.Form.Get(name)
	}
	return out
}

const emailTaken = "This e-mail address is already registered. Please sign in instead."

// field answers what a form's fields hold, by their written names.
func (o *origin) field(r *http.Request) func(name string) string {
	return func(name string) string { return r.FormValue(o.of(name)) }
}

// readAccount reads and checks what somebody signs up with, but the picture.
func (o *origin) readAccount(field func(name string) string) (account, []string) {
	c, problems := readContact(field)
	a := account{
		contact:  c,
		Birthday: strings.TrimSpace(field("born")),
		Company:  strings.TrimSpace(field("company_name")),
		Salt:     make([]byte, 16),
	}
	rand.Read(a.Salt) // never fails since Go 1.24
	if _, err := time.Parse(time.DateOnly, a.Birthday); a.Birthday != "" && err != nil {
		problems = append(problems, "Please write the birthday as year-month-day.")
	}
	password := field("secret")
	if len(password) < 8 {
		problems = append(problems, "Please choose a password of at least 8 characters.")
	}
	a.Password = hashPassword(password, a.Salt)
	return a, problems
}

// readContact reads and checks name, address and how to reach somebody.
func readContact(field func(name string) string) (contact, []string) {
	get := func(name string) string { return strings.TrimSpace(field(name)) }
	c := contact{
		First: get("first_name"), Last: get("last_name"), Email: get("mail"), Phone: get("phone_no"),
		Street: get("street_name"), House: get("house_no"), Postcode: get("zip"), City: get("town"),
		Country: get("country_code"),
	}
	var problems []string
	for _, need := range []struct{ value, what string }{
		{c.First, "first name"}, {c.Last, "last name"}, {c.Street, "street"},
		{c.House, "house number"}, {c.Postcode, "postcode"}, {c.City, "city"},
	} {
		if need.value == "" || len(need.value) > 200 {
			problems = append(problems, "Please fill in the "+need.what+".")
		}
	}
	if user, host, ok := strings.Cut(c.Email, "@"); !ok || user == "" || !strings.Contains(host, ".") {
		problems = append(problems, "Please fill in an e-mail address that can receive mail.")
	}
	if countryName(c.Country) == "" {
		problems = append(problems, "Please choose a country that we deliver to.")
	}
	return c, problems
}

const wantedPicture = "Please choose a PNG picture of at most 1000 pixels a side."

// readPicture reads the uploaded picture; nil when none was chosen. The bytes
// are kept as they came.
func (o *origin) readPicture(r *http.Request) (picture []byte, fits bool) {
	f, _, err := r.FormFile(o.of("portrait"))
	if err != nil {
		return nil, true // none chosen
	}
	defer func() { _ = f.Close() }() // it was only read
	b, err := io.ReadAll(f)
	if err != nil || len(b) == 0 {
		return nil, true
	}
	c, err := png.DecodeConfig(bytes.NewReader(b))
	if err != nil || c.Width > 1000 || c.Height > 1000 {
		return nil, false
	}
	return b, true
}

func (o *origin) account(w http.ResponseWriter, r *http.Request, v *visit) {
	p := o.personal(v, "Your account")
	p.Extra = o.bring(w, r) // nothing, in a healthy shop
	o.show(w, http.StatusOK, "account.html", p)
}

func (o *origin) setPicture(w http.ResponseWriter, r *http.Request, v *visit) {
	picture, fits := o.readPicture(r)
	if !fits || picture == nil || !v.signedIn() {
		o.problem(w, v, http.StatusUnprocessableEntity, "That picture cannot be used", wantedPicture)
		return
	}
	o.store.setPicture(v.user.ID, picture)
	o.go303(w, "/~account")
}

func (o *origin) deleteForm(w http.ResponseWriter, _ *http.Request, v *visit) {
	o.show(w, http.StatusOK, "delete.html", o.personal(v, "Delete your account"))
}

func (o *origin) deleteAccount(w http.ResponseWriter, r *http.Request, v *visit) {
	a, ok := o.authenticate(v.user.Email, r.FormValue(o.of("secret")))
	if !v.signedIn() || !ok || a.ID != v.user.ID {
		p := o.personal(v, "Delete your account")
		p.Errors = []string{"This is not the password of this account."}
		o.show(w, http.StatusUnprocessableEntity, "delete.html", p)
		return
	}
	o.store.deleteAccount(a.ID)
	o.farewell(w)
	o.go303(w, "/~sign-in?~gone")
}
