package demoshop

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// apiRoutes names the calls of the JSON API. Apps send a bearer token; the
// shop's own pages may read with their session cookie. Only a token may write,
// so no page of another site can.
func (o *origin) apiRoutes() {
	o.handle("POST /~api/~login", o.apiLogin)
	o.handle("POST /~api/~logout", o.token(o.apiLogout))
	o.handle("POST /~api/~sign-up", o.apiSignUp)
	o.handle("GET /~api/~me", o.reader(o.apiMe))
	o.handle("DELETE /~api/~me", o.token(o.apiLeave))
	o.handle("GET /~api/~wallet", o.reader(o.apiWallet))
	o.handle("GET /~api/~passport", o.reader(o.apiPassport))
	o.handle("GET /~api/~member", o.reader(o.apiMember))
	o.slipRoutes()
	o.handle("GET /~api/~checkout", o.reader(o.apiCheckout))
	o.handle("GET /~api/~pictures/{side}/{what}", o.reader(o.apiPicture))
	o.handle("GET /~api/~basket", o.apiBasket)
	o.handle("POST /~api/~basket", o.token(o.apiAdd))
	o.handle("GET /~api/~orders", o.reader(o.apiOrders))
	o.handle("POST /~api/~orders", o.token(o.apiOrder))
	o.handle("GET /~api/~events", o.events)
	o.handle("GET /~api/~socket", o.socket)
	o.handle("/~api/", func(w http.ResponseWriter, _ *http.Request) {
		o.reply(w, http.StatusNotFound, obj{"error": "no such call"})
	})
}

func (o *origin) reply(w http.ResponseWriter, status int, v any) {
	o.replyBy(w, status, v, func(body []byte) []byte { return body })
}

// replyOwn answers with what the shop knows of whoever calls, of that kind.
func (o *origin) replyOwn(w http.ResponseWriter, r *http.Request, who string, kind Variant, v any) {
	o.replyBy(w, http.StatusOK, v, func(body []byte) []byte { return o.buffers.pass(r.Context(), kind, who, body) })
}

// replyBy sends what pass makes of an answer's text.
func (o *origin) replyBy(w http.ResponseWriter, status int, v any, pass func([]byte) []byte) {
	body, err := json.Marshal(o.keys(o.extras.season(v)))
	if err != nil {
		http.Error(w, "this answer could not be made", http.StatusInternalServerError)
		return
	}
	body = pass(append(body, '\n'))
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	send(w, body)
}

// caller finds out who calls.
func (o *origin) caller(r *http.Request) *visit {
	bearer, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok {
		return o.visit(r)
	}
	v := &visit{worker: workerOf(r), market: marketOf(countryOf(r.Header.Get("Accept-Language")))}
	o.store.wait(r.Context())
	if se, ok := o.store.session(appSession, strings.TrimSpace(bearer)); ok {
		v.session = se
		v.user, _ = o.store.account(se.account)
		v.market = marketOf(v.user.Country)
	}
	o.threads.bind(r, v)
	return v
}

// token registers a call that needs a bearer token.
func (o *origin) token(h visitHandler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		v := o.caller(r)
		if !v.signedIn() || v.session.kind != appSession {
			o.reply(w, http.StatusUnauthorized, obj{"error": "sign in first"})
			return
		}
		h(w, r, v)
	}
}

// reader registers a call that shows a customer's own data.
func (o *origin) reader(h visitHandler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		v := o.caller(r)
		o.threads.identify(v)
		o.loader.load(r, v)
		if !v.signedIn() {
			o.reply(w, http.StatusUnauthorized, obj{"error": "sign in first"})
			return
		}
		if a, ok := o.accounts.find(r.Context(), v.user.ID); ok {
			v.user = a
			v.market = marketOf(a.Country)
		}
		h(w, r, v)
	}
}

// body reads a JSON object; an empty body is an empty object.
func (o *origin) body(w http.ResponseWriter, r *http.Request) (map[string]any, bool) {
	in := map[string]any{}
	if r.ContentLength == 0 {
		return in, true
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		o.reply(w, http.StatusBadRequest, obj{"error": "the body is not a JSON object"})
		return nil, false
	}
	return in, true
}

func (o *origin) apiLogin(w http.ResponseWriter, r *http.Request) {
	in, ok := o.body(w, r)
	if !ok {
		return
	}
	email, _ := in[o.of("email")].(string)
	password, _ := in[o.of("password")].(string)
	o.store.wait(r.Context())
	a, ok := o.authenticate(email, password)
	if !ok {
		o.reply(w, http.StatusUnauthorized, obj{"error": "this e-mail address and password do not belong together"})
		return
	}
	o.replyToken(w, http.StatusOK, a)
}

func (o *origin) apiLogout(w http.ResponseWriter, _ *http.Request, v *visit) {
	o.store.endSession(v.session.id)
	o.reply(w, http.StatusOK, obj{"signed_out": true})
}

func (o *origin) apiMe(w http.ResponseWriter, r *http.Request, v *visit) {
	out := o.contactJSON(v.user.contact)
	out["birthday"], out["company"], out["currency"] = v.user.Birthday, v.user.Company, v.market.currency
	out["wallet"], out["passport"], out["member"] = walletJSON(v.user.Wallet), v.user.Passport, v.user.Member
	o.extras.seasonMe(out, v)
	if v.user.Picture != nil {
		out["portrait"] = o.text("/~account/~picture")
	}
	o.replyOwn(w, r, v.user.ID, Plain, out)
}

func (o *origin) contactJSON(c contact) obj {
	return obj{
		"first": c.First, "last": c.Last, "email": c.Email, "phone": c.Phone,
		"street": c.Street, "house": c.House, "address": c.Address(),
		"postcode": c.Postcode, "city": c.City, "country": c.Country,
	}
}

func (o *origin) apiBasket(w http.ResponseWriter, r *http.Request) {
	o.replyBasket(w, http.StatusOK, o.caller(r))
}

func (o *origin) replyBasket(w http.ResponseWriter, status int, v *visit) {
	o.reply(w, status, obj{
		"items": o.linesJSON(v.session.basket, v.market), "pieces": count(v.session.basket),
		"total": v.market.show(total(v.session.basket, v.market)), "currency": v.market.currency,
	})
}

func (o *origin) linesJSON(lines []line, m market) []obj {
	out := make([]obj, 0, len(lines))
	for _, l := range lines {
		out = append(out, obj{
			"product": l.Item.ID, "title": l.Item.Name, "quantity": l.Quantity,
			"sum": m.show(m.price(l.Item.Cents) * l.Quantity),
		})
	}
	return out
}

func (o *origin) apiAdd(w http.ResponseWriter, r *http.Request, v *visit) {
	in, ok := o.body(w, r)
	if !ok {
		return
	}
	it, ok := itemByID(number(in[o.of("product")]))
	quantity := number(in[o.of("quantity")])
	if !ok || quantity < 1 || quantity > maxQuantity {
		o.reply(w, http.StatusUnprocessableEntity, obj{"error": "no such product, or not a quantity from 1 to 99"})
		return
	}
	o.store.changeBasket(v.session.id, func(b []line) []line { return withLine(b, it, quantity) })
	v.session, _ = o.store.session(appSession, v.session.id)
	o.replyBasket(w, http.StatusCreated, v)
}

func (o *origin) apiOrders(w http.ResponseWriter, r *http.Request, v *visit) {
	out := []obj{}
	for _, placed := range o.store.ordersOf(o.accounts.ask(r.Context(), ordersQuery, v.user).ID) {
		out = append(out, o.orderJSON(placed))
	}
	o.reply(w, http.StatusOK, obj{"list": out})
}

// apiOrder orders what is in the app's basket, to the account's address and on
// account.
func (o *origin) apiOrder(w http.ResponseWriter, r *http.Request, v *visit) {
	in, ok := o.body(w, r)
	if !ok {
		return
	}
	if len(v.session.basket) == 0 {
		o.reply(w, http.StatusUnprocessableEntity, obj{"error": "the basket is empty"})
		return
	}
	note, _ := in[o.of("gift_text")].(string)
	o.store.wait(r.Context())
	placed := o.store.place(v.session.id, order{
		parts: v.user.parts, Account: v.user.ID, Contact: v.user.contact, Lines: v.session.basket, Market: v.market,
		GiftNote: note, Payment: payment{Holder: v.user.Name()},
	})
	o.mail.put(letter{Contact: v.user.contact, Order: placed, Base: baseOf(r)})
	o.reply(w, http.StatusCreated, o.orderJSON(placed))
}

func (o *origin) orderJSON(placed order) obj {
	out := obj{
		"number": strconv.Itoa(placed.Number), "key": placed.Key, "placed": placed.Placed.UTC().Format(time.RFC3339),
		"ship_to": o.contactJSON(placed.Contact), "items": o.linesJSON(placed.Lines, placed.Market),
		"total": placed.TotalText(), "currency": placed.Market.currency, "gift_text": placed.GiftNote,
		"wallet": walletJSON(placed.Wallet), "passport": placed.Passport, "member": placed.Member,
	}
	o.extras.seasonOrder(out, placed)
	return out
}
