package harness

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	lru "github.com/hashicorp/golang-lru/v2"

	"crosstalk/harness/customer"
	"crosstalk/harness/history"
	"crosstalk/harness/leak"
)

// recorder is the sink of all sessions: it keeps what they are shown in the
// journal, and matches planted markers as sightings arrive. What the live
// match says moves nothing but the live view, the screenshot of the moment and
// --fail-fast: the verdict is the judge's, over the whole history.
type recorder struct {
	journal *history.Journal
	dir     string // the history folder
	pace    *pace  // is told of each exchange; nil: nobody is
	lives   *lives // likewise

	exchanges, sightings, foreign, shots, serial atomic.Int64
	searched                                     atomic.Int64 // bytes of bodies that came for the first time

	mu       sync.Mutex
	phase    history.Phase   // that began last
	personal map[string]bool // customers' own words, in lower case
	watch    *leak.Watch
	known    *lru.Cache[string, glimpsed] // by hash: who owns what in these bytes
	lost     map[string]bool              // sessions that are known to be
	latest   map[string]string            // session → its last foreign sighting, for the screenshot
	first    func()                       // called once, at the first foreign marker from now on
	every    func()                       // called at each; nil: nobody is told
}

// glimpsed is what a body was found to show, when so many values were learned.
type glimpsed struct {
	all     []leak.Glimpse
	learned int
}

// mostGlimpsed is how many bodies' owners are remembered: those that come again
// come soon, or are assets that come all the time.
const mostGlimpsed = 5_000

func newGlimpses() *lru.Cache[string, glimpsed] {
	cache, _ := lru.New[string, glimpsed](mostGlimpsed) // fails for no size alone
	return cache
}

func newRecorder(j *history.Journal, dir string) *recorder {
	return &recorder{journal: j, dir: dir, known: newGlimpses(), latest: map[string]string{}, lost: map[string]bool{}}
}

// watchFor begins the live matching.
func (r *recorder) watchFor(w *leak.Watch) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.watch = w
	r.known.Purge()
}

func (r *recorder) Now() history.Moment { return r.journal.Now() }

func (r *recorder) id(prefix string) string {
	return fmt.Sprintf("%s%06d", prefix, r.serial.Add(1))
}

// write appends to the journal. An error there is kept by the journal and ends
// the run: see run.broken.
func (r *recorder) write(e history.Event) {
	_ = r.journal.Append(e)
	if e.Learned != nil {
		r.learn(e.Learned)
	}
	if e.Phase != nil && !e.Phase.Done {
		r.mu.Lock()
		r.phase = *e.Phase
		r.mu.Unlock()
	}
}

// under is the phase or schedule, and the round of it, that began last: what
// comes late belongs to what had just been done.
func (r *recorder) under() (string, int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return first(r.phase.Name, history.PhaseSelfCheck), r.phase.Round
}

// learn has what a customer remembers matched from now on. A value that cannot
// be is not seen live; the judge looks for it all the same.
func (r *recorder) learn(l *history.Learned) {
	r.mu.Lock()
	watch := r.watch
	r.mu.Unlock()
	if watch == nil || l.Customer == history.Nobody {
		return
	}
	_ = watch.Learn([]customer.Marker{{
		Owner: l.Customer, Kind: customer.Kind(l.Kind), Value: l.Value, Strength: customer.LearnedStrength(l.Value), Learned: true,
	}})
}

func (r *recorder) Exchange(x history.Exchange, request, response []byte) {
	if x.ID == "" {
		x.ID = r.id("x")
	}
	x.Place = r.placed(x.Place)
	x.RequestBody = r.keep(x.RequestBody, request)
	x.Body = r.keep(x.Body, response)
	r.exchanges.Add(1)
	r.write(history.Event{Exchange: &x})
	phase, _ := r.under()
	r.pace.saw(&x, phase)
	r.lives.saw(&x)
	r.notice(x.Viewer, x.Session, "", x.Place, x.Body, response)
}

func (r *recorder) Sighting(s history.Sighting, content []byte) bool {
	if s.ID == "" {
		s.ID = r.id("g")
	}
	s.Place = r.placed(s.Place)
	s.Body = r.keep(s.Body, content)
	r.sightings.Add(1)
	r.write(history.Event{Sighting: &s})
	if s.Sent || s.Surface == history.SurfaceMail && s.Viewer == history.Nobody {
		return false // shown to nobody; a copy for the shop's staff
	}
	return r.notice(s.Viewer, s.Session, s.ID, s.Place, s.Body, content)
}

// keep stores a body and fills in what refers to it; the reason for which a
// body is unseen stays.
func (r *recorder) keep(b history.Body, content []byte) history.Body {
	kept, err := r.journal.Put(content, b.Type)
	if err != nil {
		return b // the journal remembers the error
	}
	kept.Unseen = b.Unseen
	if kept.Hash == "" {
		kept.Size = b.Size
	}
	return kept
}

// notice says whether a marker of somebody else is in the body, at a place where the
// scenario does not allow it.
func (r *recorder) notice(viewer, session, sighting string, at history.Place, b history.Body, content []byte) bool {
	r.mu.Lock()
	watch := r.watch
	r.mu.Unlock()
	if b.Hash == "" || watch == nil {
		return false
	}
	for _, g := range r.glimpses(watch, b, content) {
		if g.Victim != viewer && watch.Speaks(at, g) {
			r.alarm(session, sighting)
			return true
		}
	}
	return false
}

// glimpses searches a body once, however often it comes, and again only for
// what was learned in between. They are everybody's: whose eyes they met is
// decided by the caller.
func (r *recorder) glimpses(watch *leak.Watch, b history.Body, content []byte) []leak.Glimpse {
	found, ok := r.known.Get(b.Hash)
	learned := watch.Learned()
	switch {
	case !ok:
		r.searched.Add(int64(len(content)))
		found.all = watch.Foreign("", b.Type, content)
	case learned == found.learned:
		return found.all
	default:
		found.all = append(slices.Clip(found.all), watch.ForeignSince(found.learned, "", b.Type, content)...)
	}
	found.learned = learned
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.watch == watch {
		r.known.Add(b.Hash, found)
	}
	return found.all
}

func (r *recorder) alarm(session, sighting string) {
	r.foreign.Add(1)
	r.mu.Lock()
	if sighting != "" {
		r.latest[session] = sighting
	}
	first, every := r.first, r.every
	r.first = nil
	r.mu.Unlock()
	if first != nil {
		first()
	}
	if every != nil {
		every()
	}
}

// atForeign has f called at each foreign marker from now on. It must not wait.
func (r *recorder) atForeign(f func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.every = f
}

// whenForeign has f called once: at the first foreign marker, or now if there
// was one already.
func (r *recorder) whenForeign(f func()) {
	r.mu.Lock()
	already := r.foreign.Load() > 0
	if !already {
		r.first = f
	}
	r.mu.Unlock()
	if already {
		f()
	}
}

// maxShots bounds the screenshots of a run: a leak on every page needs a few
// pictures, not thousands.
const maxShots = 60

func (r *recorder) Shot(session string, png []byte) {
	n := r.shots.Add(1)
	if len(png) == 0 || n > maxShots {
		return
	}
	name := filepath.Join("shots", fmt.Sprintf("%s-%03d.png", strings.Map(fileSafe, session), n))
	path := filepath.Join(r.dir, name)
	if os.MkdirAll(filepath.Dir(path), 0o700) != nil || os.WriteFile(path, png, 0o600) != nil {
		return // a picture less; the sighting itself is in the journal
	}
	r.mu.Lock()
	sighting := r.latest[session]
	r.mu.Unlock()
	r.write(history.Event{Shot: &history.Shot{Session: session, Sighting: sighting, File: filepath.ToSlash(name)}})
}

func fileSafe(c rune) rune {
	if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' {
		return c
	}
	return '_'
}

// Lost keeps one loss of each session: a driver that sees its tab die says so,
// and then the step that was under way does.
func (r *recorder) Lost(l history.Lost) {
	r.mu.Lock()
	known := r.lost[l.Session]
	r.lost[l.Session] = l.Session != ""
	r.mu.Unlock()
	if !known {
		r.write(history.Event{Lost: &l})
	}
}
