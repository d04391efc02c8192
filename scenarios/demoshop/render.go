package demoshop

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"path"
	"strings"
)

//go:embed templates static
var assets embed.FS

//go:embed mails
var mails embed.FS

// renderer holds the templates and static files in their wire form.
type renderer struct {
	pages map[string]*template.Template // by file name
	files map[string]file               // static files, by the name in their address
	urls  map[string]string             // address of a static file, by its name in the sources
}

type file struct {
	contentType string
	body        []byte
}

func newRenderer(n *names) (*renderer, error) {
	r := &renderer{pages: map[string]*template.Template{}, files: map[string]file{}, urls: map[string]string{}}
	if err := r.readStatic(n); err != nil {
		return nil, err
	}
	if err := r.readTemplates(n); err != nil {
		return nil, err
	}
	return r, nil
}

// readStatic gives each static file a name that changes with its content, so
// that caches may keep it for ever.
func (r *renderer) readStatic(n *names) error {
	entries, err := fs.ReadDir(assets, "static")
	if err != nil {
		return fmt.Errorf("read static files: %w", err)
	}
	for _, e := range entries {
		body, err := fs.ReadFile(assets, "static/"+e.Name())
		if err != nil {
			return fmt.Errorf("read static files: %w", err)
		}
		body = []byte(n.text(string(body)))
		r.urls[e.Name()] = r.add(n, e.Name(), body)
	}
	return nil
}

// add gives a static file its name, and answers its address.
func (r *renderer) add(n *names, written string, body []byte) string {
	ext := path.Ext(written)
	sum := sha256.Sum256(body)
	name := n.of(strings.TrimSuffix(written, ext)) + "." + hex.EncodeToString(sum[:5]) + ext
	r.files[name] = file{contentType(ext), body}
	return n.text("/~assets/") + name
}

func contentType(ext string) string {
	switch ext {
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	}
	return "image/svg+xml"
}

func (r *renderer) readTemplates(n *names) error {
	base := template.New("").Funcs(template.FuncMap{
		"asset":     func(name string) string { return r.urls[name] },
		"input":     newInput,
		"countries": countries,
	})
	entries, err := fs.ReadDir(assets, "templates")
	if err != nil {
		return fmt.Errorf("read templates: %w", err)
	}
	for _, e := range entries {
		if err := r.readTemplate(base, e.Name(), n); err != nil {
			return err
		}
	}
	return nil
}

// readTemplate makes one page: a copy of the frame with this file's content.
func (r *renderer) readTemplate(base *template.Template, name string, n *names) error {
	t, err := base.Clone()
	if err != nil {
		return fmt.Errorf("read template %s: %w", name, err)
	}
	for _, f := range []string{"frame.html", name} {
		text, err := fs.ReadFile(assets, "templates/"+f)
		if err != nil {
			return fmt.Errorf("read template %s: %w", f, err)
		}
		if _, err := t.Parse(n.text(string(text))); err != nil {
			return fmt.Errorf("read template %s: %w", f, err)
		}
	}
	r.pages[name] = t
	return nil
}

func (r *renderer) page(w io.Writer, name string, p *page) error {
	t, ok := r.pages[name]
	if !ok {
		return fmt.Errorf("render page: no template %s", name)
	}
	if err := t.ExecuteTemplate(w, "frame", p); err != nil {
		return fmt.Errorf("render page: %w", err)
	}
	return nil
}

// element renders a part that all pages have.
func (r *renderer) element(w io.Writer, name string, p *page) error {
	if err := r.pages["home.html"].ExecuteTemplate(w, name, p); err != nil {
		return fmt.Errorf("render %s: %w", name, err)
	}
	return nil
}

// page is what a template is given.
type page struct {
	Title    string
	Public   bool // the same for every visitor: the script fills in the header
	SignedIn bool
	User     account
	State    account // whom scripts are told of
	Market   market
	Basket   []line
	Token    string // of the forms on this page
	Errors   []string
	Text     string
	Form     map[string]string // what the fields hold, by wire name
	Known    parts             // what a checkout knows beside its fields; empty: nothing
	Items    []item
	Item     item
	Order    order
	Extra    template.HTML // a script that a fault has the page bring
	Orders   []order
	Name     string // of its template
	session  string // id
	extras   *extras
}

// personal is a page that belongs to whoever asked for it.
func (o *origin) personal(v *visit, title string) *page {
	return &page{
		Title: title, SignedIn: v.signedIn(), User: o.shownTo(v), Market: v.market,
		Basket: v.session.basket, Token: v.session.csrf, session: v.session.id, Form: map[string]string{},
	}
}

// shownTo is whom a page greets: whoever asked for it.
func (o *origin) shownTo(v *visit) account { return o.states.user(v, o.threads.user(v)) }

// Price is what an item costs here, as text.
func (p *page) Price(it item) string { return p.Market.show(p.Market.price(it.Cents)) }

// Sum is what a line costs here, as text.
func (p *page) Sum(l line) string { return p.Market.show(p.Market.price(l.Item.Cents) * l.Quantity) }

// Count is how many articles are in the basket.
func (p *page) Count() int { return count(p.Basket) }

// Total is what the basket costs, as text.
func (p *page) Total() string { return p.Market.show(total(p.Basket, p.Market)) }

// input is a form field as the template "field" shows it.
type input struct {
	Page                                 *page
	Name, Label, Type, Complete, Example string
	Optional                             bool
}

func newInput(p *page, name, label, kind, complete, example string) input {
	label, optional := strings.CutSuffix(label, "?")
	return input{p, name, label, kind, complete, example, optional}
}

// Value is what the field holds; passwords are never sent back.
func (i input) Value() string {
	if i.Type == "password" {
		return ""
	}
	return i.Page.Form[i.Name]
}
