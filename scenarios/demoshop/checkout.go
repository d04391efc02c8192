package demoshop

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// checkoutForm shows the checkout, with the address filled in for a customer
// who is signed in, and for a guest who has been there before.
func (o *origin) checkoutForm(w http.ResponseWriter, r *http.Request, v *visit) {
	if len(v.session.basket) == 0 {
		o.go303(w, "/~basket")
		return
	}
	o.needSession(w, v)
	p := o.personal(v, "Checkout")
	known := o.remembered(w, r, v)
	p.Form, p.Known = o.prefilled(v, known.contact), known.parts
	o.show(w, http.StatusOK, "checkout.html", o.pages.page(w, r, v, p))
}

func (o *origin) prefilled(v *visit, c contact) map[string]string {
	if c.Email == "" {
		return map[string]string{o.of("country_code"): countryOfMarket(v.market)}
	}
	return map[string]string{
		o.of("first_name"): c.First, o.of("last_name"): c.Last, o.of("mail"): c.Email,
		o.of("phone_no"): c.Phone, o.of("street_name"): c.Street, o.of("house_no"): c.House,
		o.of("zip"): c.Postcode, o.of("town"): c.City, o.of("country_code"): c.Country,
	}
}

func (o *origin) checkout(w http.ResponseWriter, r *http.Request, v *visit) {
	c, problems := readContact(o.field(r))
	if len(problems) == 0 && !v.signedIn() {
		v.session.guest = o.store.rememberGuest(v.session.id, c)
	}
	pay, refused := o.readPayment(r)
	problems = append(problems, refused...)
	note := strings.TrimSpace(r.FormValue(o.of("gift_text")))
	switch {
	case len(v.session.basket) == 0:
		o.go303(w, "/~basket")
		return
	case len(note) > 1000:
		problems = append(problems, "Please write a shorter gift note.")
	}
	if len(problems) > 0 {
		p := o.personal(v, "Checkout")
		p.Form, p.Errors = o.sent(r), problems
		o.show(w, http.StatusUnprocessableEntity, "checkout.html", p)
		return
	}
	o.store.wait(r.Context())
	placed := o.store.place(v.session.id, order{
		parts: v.buyer().parts, Account: v.user.ID, Contact: c, Lines: v.session.basket, Market: v.market,
		GiftNote: note, Payment: pay,
	})
	o.mail.put(letter{Contact: c, Order: placed, Base: baseOf(r)})
	o.go303(w, "/~checkout/~done/"+placed.Key)
}

// readPayment is the test payment: every card that passes the checks pays,
// except the one that test systems always decline.
func (o *origin) readPayment(r *http.Request) (payment, []string) {
	get := func(name string) string { return strings.TrimSpace(r.FormValue(o.of(name))) }
	card := strings.NewReplacer(" ", "", "-", "").Replace(get("pan"))
	var problems []string
	if !luhn(card) {
		problems = append(problems, "This is not a card number.")
	} else if card == "4000000000000002" {
		problems = append(problems, "The card was declined.")
	}
	if !inFuture(get("good_until"), time.Now()) {
		problems = append(problems, "Please fill in an expiry that has not passed, as month/year.")
	}
	if cvc := get("check_no"); len(cvc) < 3 || len(cvc) > 4 || strings.Trim(cvc, "0123456789") != "" {
		problems = append(problems, "Please fill in the three or four digits of the CVC.")
	}
	if get("holder") == "" {
		problems = append(problems, "Please fill in the name on the card.")
	}
	if len(problems) > 0 {
		return payment{}, problems
	}
	return payment{Last4: card[len(card)-4:], Holder: get("holder")}, nil
}

// luhn checks the sum of a card number of 12 to 19 digits.
func luhn(card string) bool {
	if len(card) < 12 || len(card) > 19 || strings.Trim(card, "0123456789") != "" {
		return false
	}
	sum := 0
	for i := range len(card) {
		d := int(card[len(card)-1-i] - '0')
		if i%2 == 1 {
			d *= 2
		}
		sum += d/10 + d%10
	}
	return sum%10 == 0
}

// inFuture says whether a card that is good until "MM/YY" is good at that time.
func inFuture(text string, now time.Time) bool {
	m, y, ok := strings.Cut(strings.ReplaceAll(text, " ", ""), "/")
	month, err1 := strconv.Atoi(m)
	year, err2 := strconv.Atoi(y)
	if !ok || err1 != nil || err2 != nil || month < 1 || month > 12 || year < 0 || year > 99 {
		return false
	}
	end := time.Date(2000+year, time.Month(month)+1, 1, 0, 0, 0, 0, time.UTC)
	return now.Before(end)
}

// findOrder finds the order that an address names, if this client may see it.
// An order of somebody else is as unknown as one that does not exist.
func (o *origin) findOrder(w http.ResponseWriter, r *http.Request, v *visit) (order, bool) {
	o.store.wait(r.Context())
	found, ok := o.store.order(r.PathValue("key"))
	if !ok || !v.session.owns(found) {
		o.problem(w, v, http.StatusNotFound, "There is no such order", "Please look at your order history.")
		return order{}, false
	}
	return found, true
}

// again puts what was ordered into the basket once more, and goes to the checkout.
func (o *origin) again(w http.ResponseWriter, r *http.Request, v *visit) {
	found, ok := o.findOrder(w, r, v)
	if !ok {
		return
	}
	o.store.changeBasket(v.session.id, func([]line) []line { return found.Lines })
	o.go303(w, "/~checkout")
}

func (o *origin) done(w http.ResponseWriter, r *http.Request, v *visit) {
	o.showOrder(w, r, v, "done.html", "Thank you")
}

func (o *origin) order(w http.ResponseWriter, r *http.Request, v *visit) {
	o.showOrder(w, r, v, "order.html", "Order")
}

func (o *origin) showOrder(w http.ResponseWriter, r *http.Request, v *visit, file, title string) {
	found, ok := o.findOrder(w, r, v)
	if !ok {
		return
	}
	p := o.personal(v, title)
	p.Order, p.Market = found, found.Market
	o.show(w, http.StatusOK, file, p)
}

func (o *origin) orders(w http.ResponseWriter, r *http.Request, v *visit) {
	p := o.personal(v, "Your orders")
	p.Orders = o.store.ordersOf(o.accounts.ask(r.Context(), ordersQuery, v.user).ID)
	o.show(w, http.StatusOK, "orders.html", p)
}

// Date is the day the order was placed.
func (o order) Date() string { return o.Placed.UTC().Format("2 January 2006") }

// TotalText is what the order costs, as text.
func (o order) TotalText() string { return o.Market.show(o.Total()) }

// Count is how many articles were ordered.
func (o order) Count() int { return count(o.Lines) }
