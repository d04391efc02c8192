package demoshop

import (
	"encoding/base64"
	"net/http"
	"strings"
)

// remember leaves in the browser who signed in, for the next time; and in the
// book of visitors, for all.
func (e *extras) remember(w http.ResponseWriter, a account) {
	if e.has(Reviews) {
		e.book.enter(a.First)
	}
	if !e.has(RememberedYou) {
		return
	}
	value := base64.RawURLEncoding.EncodeToString([]byte(a.Email + "\n" + a.First))
	http.SetCookie(w, &http.Cookie{
		Name: e.of("last_here"), Value: value, Path: "/", MaxAge: deviceLife, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
}

// recall fills in the sign-in form with who was here last, and says good-bye to
// whoever has just signed out.
func (e *extras) recall(r *http.Request, p *page) {
	if !e.has(RememberedYou) {
		return
	}
	c, err := r.Cookie(e.of("last_here"))
	if err != nil {
		return
	}
	value, err := base64.RawURLEncoding.DecodeString(c.Value)
	email, first, ok := strings.Cut(string(value), "\n")
	if err != nil || !ok {
		return
	}
	e.gave(RememberedYou)
	p.Form[e.of("mail")] = email
	if r.URL.Query().Has(e.of("bye")) {
		p.Text = "You are signed out. See you, " + first + "."
	}
}

// afterSignOut is where a customer is sent who has signed out.
func (e *extras) afterSignOut() string {
	if e.has(RememberedYou) {
		return "/~sign-in?~bye"
	}
	return "/"
}

func rememberedYouDecoy() Decoy {
	return Decoy{
		Name:  RememberedYou,
		Row:   10,
		Looks: "the shop shows a customer's name and mail address after they have signed out",
		Is:    "their own, in their own browser, which was asked to remember them",
	}
}
