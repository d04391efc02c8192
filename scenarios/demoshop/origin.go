package demoshop

import (
	"bytes"
	"io"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"sync/atomic"
)

// origin makes the shop's answers. Public pages are the same for everybody of
// one market; everything else is private.
type origin struct {
	*names
	store    *store
	accounts *accounts
	renewal  renewal
	recycled recycler
	drafts   drafts
	elements elementCache
	groups   groupStates
	pages    pageCache
	flush    func() // empties every cache of the shop
	render   *renderer
	mail     *outbox
	extras   *extras // nil: there are none
	hub      *hub
	buffers  *textBuffers
	papers   *paperFolder
	copies   *offlineCopies
	streams  atomic.Int64 // event streams and sockets that are open
	hangUp   bell         // ends them
	mux      *http.ServeMux
	foreign  *http.CrossOriginProtection // refuses form posts from other sites

	// What serves one request after another; of a healthy shop nobody notices.
	states  pageStates
	threads threads
	loader  processLoader
}

func newOrigin(n *names, st *store, l levers, mail *outbox) (*origin, error) {
	render, err := newRenderer(n)
	if err != nil {
		return nil, err
	}
	o := &origin{
		names:    n,
		store:    st,
		accounts: newAccounts(st, l),
		renewal:  renewal{l[CachedCookie]},
		recycled: recycler{fault: l[RecycledRequest], now: now},
		drafts:   drafts{fault: l[KeptDraft], held: map[string]account{}},
		elements: newElementCache(l[FragmentCache], n),
		groups:   newGroupStates(l[InlineState], n),
		pages:    newPageCache(l[PrefilledCheckout], n),
		render:   render,
		mail:     mail,
		hub:      newHub(l),
		buffers:  &textBuffers{fault: l[PooledBuffer], store: st},
		papers:   &paperFolder{fault: l[FileClash], now: now},
		copies:   newOfflineCopies(l, n),
		mux:      http.NewServeMux(),
		foreign:  http.NewCrossOriginProtection(),

		states:  pageStates{fault: l[WorkerSingleton]},
		threads: threads{fault: l[ThreadIdentity], store: st},
		loader:  processLoader{fault: l[ProcessLoader], paths: loaded(l[ProcessLoader], n), now: now},
	}
	o.routes()
	return o, nil
}

// routes names every address of the shop.
func (o *origin) routes() {
	o.public("GET /{$}", o.home)
	o.public("GET /~products", o.products)
	o.public("GET /~products/{item}", o.product)
	o.handle("GET /~fragments/~header", o.page(o.header))
	o.handle("GET /~assets/{file}", o.static)
	o.handle("GET /~healthz", o.health)
	o.handle("POST /~flush", o.flushed)

	o.handle("POST /~basket/~add", o.addToBasket)
	o.handle("POST /~basket/~remove", o.form(o.removeFromBasket))
	o.handle("GET /~basket", o.page(o.basket))
	o.handle("GET /~sign-up", o.page(o.signUpForm))
	o.handle("POST /~sign-up", o.form(o.signUp))
	o.handle("GET /~sign-in", o.page(o.signInForm))
	o.handle("POST /~sign-in", o.form(o.signIn))
	o.handle("POST /~sign-out", o.page(o.signOut))

	o.handle("GET /~account", o.mine(o.account))
	o.handle("GET /~account/~picture", o.mine(o.picture))
	o.handle("POST /~account/~picture", o.form(o.setPicture))
	o.handle("GET /~account/~delete", o.mine(o.deleteForm))
	o.handle("POST /~account/~delete", o.form(o.deleteAccount))

	o.handle("GET /~checkout", o.page(o.checkoutForm))
	o.handle("POST /~checkout", o.form(o.checkout))
	o.handle("GET /~checkout/~done/{key}", o.page(o.done))
	o.handle("GET /~orders", o.mine(o.orders))
	o.handle("GET /~orders/~latest", o.mine(o.latest))
	o.handle("GET /~orders/{key}", o.page(o.order))
	o.handle("POST /~orders/{key}/~again", o.form(o.again))
	o.handle("GET /~orders/{key}/~invoice", o.page(o.invoice))

	o.apiRoutes()
	if o.copies.fault != nil {
		o.handle("GET /~offline.js", o.offlineWorker)
	}
	o.handle("/", o.page(func(w http.ResponseWriter, r *http.Request, v *visit) {
		o.problem(w, v, http.StatusNotFound, "There is nothing at this address", "It may have moved, or it never was. The shop is still where it was.")
	}))
}

func (o *origin) handle(pattern string, h http.HandlerFunc) { o.mux.Handle(o.text(pattern), h) }

// ServeHTTP answers one request. Private is the default: a handler that
// forgets to say how its answer may be kept has said that it may not.
func (o *origin) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Cache-Control", "private, no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	o.extras.mark(w)
	if err := o.foreign.Check(r); err != nil {
		http.Error(w, "posted from another site", http.StatusForbidden)
		return
	}
	if r.Body != nil {
		r.Body = http.MaxBytesReader(w, r.Body, maxUpload)
	}
	o.note(r) // does nothing in a healthy shop
	o.threads.serve(o.mux, w, r)
}

// maxUpload is the largest request body, pictures included.
const maxUpload = 4 << 20

// publicLife is how long the edge may keep a public page, in seconds.
const publicLife = 20

// public registers a page that is the same for every visitor of a market. Its
// handler gets that market and nothing else of the visitor.
func (o *origin) public(pattern string, h func(http.ResponseWriter, *http.Request, market)) {
	o.handle(pattern, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "public, max-age=0, s-maxage="+strconv.Itoa(publicLife))
		w.Header().Set("Vary", "Accept-Language")
		o.renew(w, r) // does nothing in a healthy shop
		h(w, r, marketOf(countryOf(r.Header.Get("Accept-Language"))))
	})
}

// show renders a page. It is rendered whole before anything is sent, so that
// nobody gets half of one.
func (o *origin) show(w http.ResponseWriter, status int, name string, p *page) {
	p.State = o.groups.state(w, p)
	p.extras, p.Name = o.extras, strings.TrimSuffix(name, ".html")
	var b bytes.Buffer
	if err := o.render.page(&b, name, p); err != nil {
		http.Error(w, "this page could not be made", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	send(w, b.Bytes())
}

func (o *origin) static(w http.ResponseWriter, r *http.Request) {
	f, ok := o.render.files[r.PathValue("file")]
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", f.contentType)
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	send(w, f.body)
}

func (o *origin) health(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	send(w, []byte("ok\n"))
}

// flushed empties the caches for whoever runs the shop: a request from this
// machine. What a restart would forget beside that, such as accounts, stays.
func (o *origin) flushed(w http.ResponseWriter, r *http.Request) {
	from, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil || !from.Addr().Unmap().IsLoopback() {
		http.Error(w, "only for whoever runs this shop", http.StatusForbidden)
		return
	}
	o.flush()
	w.WriteHeader(http.StatusNoContent)
}

// go303 sends the client on with a GET.
func (o *origin) go303(w http.ResponseWriter, path string) {
	w.Header().Set("Location", o.text(path))
	w.WriteHeader(http.StatusSeeOther)
}

func (o *origin) sessionCookie(r *http.Request) string {
	c, err := r.Cookie(o.of("sid"))
	if err != nil {
		return ""
	}
	return strings.TrimSpace(c.Value)
}

func (o *origin) setCookie(w http.ResponseWriter, id string) {
	c := &http.Cookie{Name: o.of("sid"), Value: id, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode}
	if id == "" {
		c.MaxAge = -1
	}
	http.SetCookie(w, c)
}

// send writes a body. A client that has gone away is no concern of ours.
func send(w io.Writer, body []byte) { _, _ = w.Write(body) }
