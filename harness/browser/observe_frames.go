package browser

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/go-rod/rod/lib/proto"

	"crosstalk/harness/history"
)

const (
	// mostFrames is how many pages and frames are looked at, and documents in
	// each.
	mostFrames = 150
	// looksAtOnce is how many of them are looked at together.
	looksAtOnce = 4
	// usualPatience is how long a pop-up or a frame of another site has for its
	// answer, and lastPatience, when it let the look before wait in vain.
	usualPatience = 1500 * time.Millisecond
	lastPatience  = 300 * time.Millisecond
)

func tooManyFrames() string {
	return fmt.Sprintf("cut off: more than %d frames", mostFrames)
}

// frames know a session's documents again from look to look.
type frames struct {
	names  map[string]string // by the browser's own id
	given  int
	markup map[string]markupSum // as recorded last, by the browser's own id

	delivered arrivals
}

// name is what a frame is called in the record: short, and the same as long as
// the frame lives. The session's own page has no name.
func (f *frames) name(id string) string {
	if f.names == nil {
		f.names = map[string]string{}
	}
	if name, ok := f.names[id]; ok {
		return name
	}
	f.given++
	f.names[id] = "f" + strconv.Itoa(f.given)
	return f.names[id]
}

// keep forgets all frames but these.
func (f *frames) keep(present map[string]bool) {
	for id := range f.names {
		if !present[id] {
			delete(f.names, id)
		}
	}
	for id := range f.markup {
		if !present[id] {
			delete(f.markup, id)
		}
	}
}

// viewed are the targets that show something: the session's own page, then the
// others and the frames of other sites, as they came.
func (s *Session) viewed() []*target {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []*target
	for _, t := range s.targets {
		if t.page() && !t.hidden.Load() || t.kind == iframeTarget {
			all = append(all, t)
		}
	}
	slices.SortFunc(all, func(a, b *target) int {
		if (a == s.main) != (b == s.main) {
			if a == s.main {
				return -1
			}
			return 1
		}
		return cmp.Compare(a.serial, b.serial)
	})
	return all
}

// patience is how long the target has for an answer.
func (t *target) patience() time.Duration {
	if t.hung.Load() {
		return lastPatience
	}
	return usualPatience
}

// recordPages pours what the session's pages show into the sink, document by
// document. A page or frame that is slow does not hold up the others.
func (s *Session) recordPages(ctx context.Context) {
	shown := s.takeView()
	looks := s.lookAll(ctx)
	if len(looks) == 0 {
		return // the page is going, and no other has come yet
	}
	if first := &looks[0]; len(first.documents) == 0 && shown != nil {
		first.documents = []shownDocument{shown.document(string(first.target.frame()), "")}
	}
	r := recording{Session: s, main: s.front(), looks: looks, present: map[string]bool{}}
	r.run()
	s.frames.keep(r.present)
	if r.foreign {
		s.shoot(ctx)
	}
}

// lookAll looks at all pages and frames, several at once. The session's own
// page is the first.
func (s *Session) lookAll(ctx context.Context) []looked {
	targets := s.viewed()
	looks := make([]looked, min(len(targets), mostFrames))
	others, cancel := context.WithTimeout(ctx, lookLimit)
	defer cancel()
	slots := make(chan struct{}, looksAtOnce)
	var all sync.WaitGroup
	for i := range looks {
		t, within := targets[i], others
		if i == 0 {
			within = ctx
		}
		slots <- struct{}{}
		all.Go(func() {
			looks[i] = s.lookAt(within, t)
			<-slots
		})
	}
	all.Wait()
	if len(targets) > mostFrames {
		looks[0].unseen = cmp.Or(looks[0].unseen, tooManyFrames())
	}
	return looks
}

// recording is one look on its way into the sink.
type recording struct {
	*Session
	main    *target
	looks   []looked
	present map[string]bool // frames, by the browser's id
	foreign bool            // somebody else's marker was seen
}

func (r *recording) run() {
	r.settle()
	for i := range r.looks {
		l := &r.looks[i]
		for k := range l.documents {
			if d := &l.documents[k]; d.home == d {
				r.show(d)
			}
			r.recordMarkup(&l.documents[k])
		}
		r.admit(l)
	}
}

// settle finds the address at which each document's content stands. What stands
// at another one's becomes part of it: it is no page of its own.
func (r *recording) settle() {
	for i := range r.looks {
		l := &r.looks[i]
		for k := range l.documents {
			d := &l.documents[k]
			if d.home = r.home(l, k, 0); d.home != nil && d.home != d {
				d.home.join(d, l.target, d.within < 0)
			}
		}
		if len(l.documents) > 0 && l.documents[0].home != nil {
			l.target.stood = l.documents[0].home.address
		}
	}
}

// mostOpeners is how many pages are followed back from one without an address.
const mostOpeners = 8

// home is the document at whose address another one's content stands: itself
// where it has one, else the one that made it. There is none for the browser's
// own pages, such as the one that says a site can't be reached: the shop showed
// nothing.
func (r *recording) home(l *looked, k, depth int) *shownDocument {
	d := &l.documents[k]
	above, n := r.above(l, k)
	switch {
	case depth > mostOpeners:
		return nil
	case above != nil && (isMadeHere(d.url) || sameAddress(d.url, above.documents[n].url)):
		return r.home(above, n, depth+1)
	case hasAddress(d.url):
		d.address = d.url
		return d
	}
	if at := r.watch.address(); isMadeHere(d.url) && l.target != r.main && hasAddress(at) {
		d.address = at // its opener is closed
		return d
	}
	return nil
}

// above is the document that holds a document's frame, or opened its page; nil
// when nobody did, or it was not seen.
func (r *recording) above(l *looked, k int) (*looked, int) {
	if within := l.documents[k].within; within >= 0 {
		return l, within
	}
	if maker := r.maker(l.target); maker != nil && len(maker.documents) > 0 {
		return maker, 0
	}
	return nil, 0
}

// sameAddress says that a document has the address of the one above it: what is
// written into an empty document takes its writer's.
func sameAddress(url, above string) bool {
	url, _, _ = strings.Cut(url, "#")
	above, _, _ = strings.Cut(above, "#")
	return hasAddress(url) && url == above
}

// maker is the look at the page that holds a frame, or opened a page.
func (r *recording) maker(t *target) *looked {
	for i := range r.looks {
		above := r.looks[i].target
		held := t.kind == iframeTarget && above.channel == t.tab
		if above != t && (held || t.opener != "" && above.targetID == t.opener) {
			return &r.looks[i]
		}
	}
	return nil
}

// isMadeHere says that a document did not come from an address but was made by
// another one.
func isMadeHere(url string) bool {
	scheme, _, _ := strings.Cut(url, ":")
	switch scheme {
	case "about", "blob", "data", "javascript", "":
		return true
	}
	return false
}

// join makes another document's content part of this one's. That of another
// target does not say where it stands.
func (d *shownDocument) join(other *shownDocument, t *target, apart bool) {
	prefix := ""
	switch {
	case apart && t.page():
		prefix = "window>"
	case apart:
		prefix = "iframe>"
	}
	for _, s := range other.texts {
		d.texts = append(d.texts, history.Segment{Where: prefix + s.Where, Text: s.Text})
	}
	d.fields = append(d.fields, other.fields...)
	d.cut = cmp.Or(d.cut, other.cut)
}

// admit says what could not be seen of a target.
func (r *recording) admit(l *looked) {
	if len(l.documents) == 0 {
		r.present[string(l.target.frame())] = true // it may answer again
	}
	at := l.target.stood
	if maker := r.maker(l.target); at == "" && maker != nil {
		at = maker.target.stood
	}
	if at = cmp.Or(at, r.watch.address()); l.unseen != "" && hasAddress(at) {
		r.unseen(r.frameName(string(l.target.frame())), history.SurfacePage, at, l.unseen)
	}
}

// frameName is the record's name of a frame; empty for the session's own page.
func (r *recording) frameName(id string) string {
	r.present[id] = true
	if id == string(r.main.frame()) {
		return ""
	}
	return r.frames.name(id)
}

// show records one document. Frames that show nothing are no sighting.
func (r *recording) show(d *shownDocument) {
	name := r.frameName(d.frame)
	if name == "" || len(d.texts)+len(d.fields) > 0 {
		r.foreign = r.sightIn(name, history.SurfacePage, d.address, d.texts) || r.foreign
	}
	if len(d.fields) > 0 {
		r.foreign = r.sightIn(name, history.SurfaceField, d.address, d.fields) || r.foreign
	}
	if d.cut != "" {
		r.unseen(name, history.SurfacePage, d.address, d.cut)
	}
}

// iframeTarget is the kind of a frame with a process of its own.
const iframeTarget = proto.TargetTargetInfoType("iframe")
