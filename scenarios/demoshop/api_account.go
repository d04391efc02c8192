package demoshop

import (
	"errors"
	"net/http"
	"time"
)

// apiFields are the keys under which apps send what the sign-up form asks for.
func apiFields() map[string]string {
	return map[string]string{
		"first_name": "first", "last_name": "last", "mail": "email", "phone_no": "phone",
		"street_name": "street", "house_no": "house", "zip": "postcode", "town": "city",
		"country_code": "country", "born": "birthday", "company_name": "company", "secret": "password",
	}
}

// apiSignUp makes an account, by the same rules as the form, and signs it in.
func (o *origin) apiSignUp(w http.ResponseWriter, r *http.Request) {
	in, ok := o.body(w, r)
	if !ok {
		return
	}
	keys := apiFields()
	a, problems := o.readAccount(func(name string) string {
		text, _ := in[o.of(keys[name])].(string)
		return text
	})
	if len(problems) > 0 {
		o.reply(w, http.StatusUnprocessableEntity, obj{"error": "this is not all that an account needs", "problems": problems})
		return
	}
	created, err := o.store.createAccount(a)
	if errors.Is(err, errTaken) {
		o.reply(w, http.StatusConflict, obj{"error": emailTaken})
		return
	}
	o.mail.put(letter{Contact: created.contact, Base: baseOf(r)})
	o.replyToken(w, http.StatusCreated, created)
}

// replyToken signs an app in, and says as whom.
func (o *origin) replyToken(w http.ResponseWriter, status int, a account) {
	se := o.store.newSession(appSession, a.ID, nil)
	out := obj{"token": se.id, "expires_in": int(sessionIdle / time.Second), "first": a.First, "email": a.Email}
	o.extras.seasonLogin(out, se.id)
	o.reply(w, status, out)
}

// apiLeave deletes the account of whoever asks.
func (o *origin) apiLeave(w http.ResponseWriter, _ *http.Request, v *visit) {
	o.store.deleteAccount(v.user.ID)
	o.reply(w, http.StatusOK, obj{"deleted": true})
}

// apiCheckout is what the checkout page shows before anything is typed.
func (o *origin) apiCheckout(w http.ResponseWriter, r *http.Request, v *visit) {
	known := o.remembered(w, r, v)
	out := o.contactJSON(known.contact)
	out["wallet"], out["passport"], out["member"] = walletJSON(known.Wallet), known.Passport, known.Member
	out["items"], out["total"] = o.linesJSON(v.session.basket, v.market), v.market.show(total(v.session.basket, v.market))
	o.reply(w, http.StatusOK, out)
}
