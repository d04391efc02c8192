package demoshop

import (
	"net/http"
	"net/url"
	"strings"
)

// keepsakes are what a browser keeps of its customer beside the session: one
// cookie for each part that is not in plain words. None of them says who asks;
// pages that are the same for everybody show from them where receipts go,
// without a call. They are set when somebody signs in, and cleared when they
// sign out.

// keepsake is the cookie that holds a part of an account.
func (o *origin) keepsake(part Variant, a account) *http.Cookie {
	c := &http.Cookie{Path: "/", SameSite: http.SameSiteLaxMode}
	switch part {
	case Masked:
		c.Name, c.Value = o.of("receipts"), url.PathEscape(strings.TrimSpace(a.Wallet.Receipts+" "+a.Wallet.Phone))
	case Encoded:
		c.Name, c.Value = o.of("profile"), a.Passport
	default:
		c.Name, c.Value = o.of("member"), a.Member
	}
	return c
}

// keptParts are the parts that have a cookie.
func keptParts() []Variant { return []Variant{Masked, Encoded, Token} }

// welcome gives a browser its session, and what it keeps of its customer.
func (o *origin) welcome(w http.ResponseWriter, se session, a account) {
	o.setCookie(w, se.id)
	a = o.store.ids.record(a) // does nothing in a healthy shop
	for _, part := range keptParts() {
		http.SetCookie(w, o.keepsake(part, a))
	}
	o.extras.remember(w, a)
}

// farewell takes all of that back.
func (o *origin) farewell(w http.ResponseWriter) {
	o.setCookie(w, "")
	for _, part := range keptParts() {
		c := o.keepsake(part, account{})
		c.Value, c.MaxAge = "", -1
		http.SetCookie(w, c)
	}
}

// hand gives a browser what a fault of this variant lets go astray: the whole
// session of an account, or one part of what is kept of it.
func (o *origin) hand(w http.ResponseWriter, v Variant, sid string, a account) {
	if v == Plain {
		o.setCookie(w, sid)
		return
	}
	http.SetCookie(w, o.keepsake(v, a))
}
