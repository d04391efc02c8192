package demoshop

import (
	"net/http"
	"strings"
	"time"
)

// helpPages are the same for everybody, by their names in the address.
func helpPages() map[string]string {
	return map[string]string{
		"delivery": "We deliver within five days, to the door, and ring once.",
		"packing":  "Paper outside, wool inside. Both can be sent back with the carrier.",
	}
}

// help answers a help page, or that there is none. Both may be kept.
func (o *origin) help(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "public, max-age=0, s-maxage=60")
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	for name, text := range helpPages() {
		if o.of(name) == r.PathValue("page") {
			w.Header().Set("ETag", `"`+hexSum(text)+`"`)
			send(w, []byte(text+"\n"))
			return
		}
	}
	w.WriteHeader(http.StatusNotFound)
	send(w, []byte("There is no such page. Reference 5b1f0c9e7a3d42d8b6e4.\n"))
}

// helpRule keeps help pages at the edge for everybody, and for a while what is
// not among them: asking who asks is not worth it where all are told the same.
type helpRule struct {
	prefix string
	extras *extras
}

const helpLife = 60 * time.Second

func (h helpRule) takes(r *http.Request, a *answer, _ bool) (keeping, bool) {
	return keeping{life: helpLife}, h.covers(r) && a.control().public && len(a.header.Values("Set-Cookie")) == 0
}

func (h helpRule) serves(_ stored, to asking) serving {
	if !h.covers(to.Request) {
		return never
	}
	if to.known && !to.mine { // what a customer is answered was made for another
		h.extras.gave(StaticPages)
	}
	return rightly
}

func (h helpRule) lever() *lever { return nil }

func (h helpRule) covers(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, h.prefix) }

func staticPagesDecoy() Decoy {
	return Decoy{
		Name:  StaticPages,
		Row:   6,
		Looks: "the shared cache answers signed-in customers from its store, with Age and HIT",
		Is:    "pages that are the same for everybody, and one that is missing for everybody",
	}
}
