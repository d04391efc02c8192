package demoshop

import (
	"net/http"
	"strconv"
)

func (o *origin) home(w http.ResponseWriter, _ *http.Request, m market) {
	o.show(w, http.StatusOK, "home.html", &page{
		Title: "Things for slow days", Public: true, Market: m, Items: catalog()[:4],
	})
}

func (o *origin) products(w http.ResponseWriter, _ *http.Request, m market) {
	o.show(w, http.StatusOK, "products.html", &page{
		Title: "All products", Public: true, Market: m, Items: catalog(),
	})
}

func (o *origin) product(w http.ResponseWriter, r *http.Request, m market) {
	id, _ := strconv.Atoi(r.PathValue("item")) // not a number: no such item
	it, ok := itemByID(id)
	if !ok {
		w.Header().Set("Cache-Control", "private, no-store")
		o.show(w, http.StatusNotFound, "problem.html", &page{
			Title: "There is no such product", Public: true, Market: m,
			Text: "It may be sold out for good. The others are still here.",
		})
		return
	}
	o.show(w, http.StatusOK, "product.html", &page{Title: it.Name, Public: true, Market: m, Item: it})
}

func (o *origin) basket(w http.ResponseWriter, _ *http.Request, v *visit) {
	o.show(w, http.StatusOK, "basket.html", o.personal(v, "Your basket"))
}

// addToBasket takes the form on a product's page. That page is public, so its
// form has no token; the check for foreign sites stands in for it.
func (o *origin) addToBasket(w http.ResponseWriter, r *http.Request) {
	v := o.visit(r)
	id, _ := strconv.Atoi(r.FormValue(o.of("article")))
	quantity, _ := strconv.Atoi(r.FormValue(o.of("amount")))
	it, ok := itemByID(id)
	if !ok || quantity < 1 || quantity > maxQuantity {
		o.problem(w, v, http.StatusUnprocessableEntity, "That did not fit into the basket", "Please choose a product and a quantity from 1 to 99.")
		return
	}
	o.needSession(w, v)
	o.store.changeBasket(v.session.id, func(b []line) []line { return withLine(b, it, quantity) })
	o.go303(w, "/~basket")
}

func (o *origin) removeFromBasket(w http.ResponseWriter, r *http.Request, v *visit) {
	id, _ := strconv.Atoi(r.FormValue(o.of("article"))) // not a number: nothing to remove
	o.store.changeBasket(v.session.id, func(b []line) []line { return withoutItem(b, id) })
	o.go303(w, "/~basket")
}
