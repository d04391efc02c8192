package demoshop

import (
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"strings"
	"time"
)

//go:embed decoys
var decoyFiles embed.FS

// extras are the decoys that a running shop has. Each adds its pieces to pages,
// fields to answers and lines to mails; a nil extras adds nothing. The pieces
// of a decoy for pages, if it has any, stand in decoys/<name>.html, each defined
// as "<name> <place>".
type extras struct {
	*names
	on     []string // by name, in the order of Decoys
	store  *store
	pieces *template.Template
	script string // address of what the pages' decoys do; empty: they do nothing
	keys   publicKeys
	stock  experiment
	circle circle
	limit  limiter
	book   visitorBook
	now    func() time.Time
	given  given
}

func newExtras(chosen []string, n *names, st *store) (*extras, error) {
	on, err := ExpandDecoys(chosen)
	if err != nil || len(on) == 0 {
		return nil, err
	}
	e := &extras{
		names: n, on: on, store: st, pieces: template.New(""), now: time.Now,
		keys: newPublicKeys(), stock: newExperiment(), circle: newCircle(), limit: newLimiter(), book: newVisitorBook(),
		given: newGiven(on),
	}
	for _, name := range on {
		source, err := fs.ReadFile(decoyFiles, "decoys/"+name+".html")
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("read decoy: %w", err)
		}
		if _, err := e.pieces.Parse(n.text(string(source))); err != nil {
			return nil, fmt.Errorf("read decoy %s: %w", name, err)
		}
	}
	return e, nil
}

// has says whether the shop has that decoy.
func (e *extras) has(name string) bool {
	if e == nil {
		return false
	}
	for _, one := range e.on {
		if one == name {
			return true
		}
	}
	return false
}

// join gives an origin the addresses that the decoys need, and its pages the
// script.
func (e *extras) join(o *origin) {
	o.extras, o.mail.paper.extras = e, e
	if e == nil {
		return
	}
	if e.has(StaticPages) {
		o.handle("GET /~help/{page}", o.help)
	}
	if e.has(Echoes) {
		o.handle("GET /~api/~reach", o.apiReach)
		o.handle("GET /~api/~tip", o.apiTip)
	}
	if e.has(NameList) {
		o.handle("GET /~api/~names", o.apiNames)
	}
	var source strings.Builder
	for _, name := range e.on {
		if text, err := fs.ReadFile(decoyFiles, "decoys/"+name+".js"); err == nil {
			source.Write(text)
		}
	}
	if source.Len() > 0 {
		e.script = o.render.add(e.names, "extras.js", []byte(e.text(source.String())))
	}
}

// forget empties what the decoys remember.
func (e *extras) forget() {
	if e != nil {
		e.circle.forget()
		e.limit.forget()
		e.book.forget()
	}
}

// mark sets what the decoys say in the header of every answer.
func (e *extras) mark(w http.ResponseWriter) {
	if e.has(Noise) {
		w.Header().Set(e.header("x-request"), randomID())
	}
	if e.has(PublicKeys) {
		w.Header().Set(e.header("x-client-key"), e.keys.client)
	}
}

// cookies sets those that the decoys give whoever asks for a page of their own.
func (e *extras) cookies(w http.ResponseWriter, r *http.Request) {
	if e.has(Noise) {
		e.give(w, r, "arm", e.stock.arm())
	}
	if e.has(PublicKeys) {
		e.give(w, r, "client_token", e.keys.client)
		e.turn(w, r)
	}
}

func (e *extras) give(w http.ResponseWriter, r *http.Request, name, value string) {
	if _, err := r.Cookie(e.of(name)); err != nil {
		http.SetCookie(w, &http.Cookie{Name: e.of(name), Value: value, Path: "/", MaxAge: deviceLife, SameSite: http.SameSiteLaxMode})
	}
}

// season adds the decoys' fields to what a call answers.
func (e *extras) season(v any) any {
	out, ok := v.(obj)
	if e == nil || !ok {
		return v
	}
	if e.has(Noise) {
		e.noise(out)
	}
	if e.has(PublicKeys) {
		e.publish(out)
	}
	return out
}

// seasonMe adds what only the customer's own call has.
func (e *extras) seasonMe(out obj, v *visit) {
	if e.has(Namesakes) {
		family := e.Family(v.user)
		out["household"] = obj{"last": family.Last, "city": family.City}
	}
	if e.has(HelpDesk) {
		out["adviser"] = deskJSON(e.Adviser(v.user.ID))
	}
	if e.has(Devices) {
		out["devices"] = e.devicesJSON(v.user.ID, v.session.id)
	}
}

// seasonOrder adds what stands beside an order.
func (e *extras) seasonOrder(out obj, placed order) {
	if e.has(GiftCircle) {
		e.giftJSON(out, placed.Account)
	}
	if e.has(OrderQueue) {
		out["queue"] = queueJSON(e.Queue(placed))
	}
	if e.has(HelpDesk) {
		out["packer"] = deskJSON(e.Packer(placed))
	}
}

// piece is what a decoy's template is given.
type piece struct {
	*page
	Page  *page
	Shop  *extras
	About any // what the piece stands beside, if not the page
}

// Beside is what the decoys show at a place of a page.
func (p *page) Beside(place string, about ...any) (template.HTML, error) {
	if p.extras == nil {
		return "", nil
	}
	d := piece{page: p, Page: p, Shop: p.extras}
	if len(about) > 0 {
		d.About = about[0]
	}
	var b strings.Builder
	for _, name := range p.extras.on {
		t := p.extras.pieces.Lookup(name + " " + place)
		if t == nil {
			continue
		}
		if err := t.Execute(&b, d); err != nil {
			return "", fmt.Errorf("show decoy %s: %w", name, err)
		}
	}
	return template.HTML(b.String()), nil //nolint:gosec // templates have escaped it
}

// Script is the address of the decoys' script; empty when there is none.
func (p *page) Script() string {
	if p.extras == nil {
		return ""
	}
	return p.extras.script
}
