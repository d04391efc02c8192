package leak

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"sort"

	"crosstalk/harness/customer"
	"crosstalk/harness/history"
)

// record is a history without its bytes, in the order of happening.
type record struct {
	run        history.Run
	customers  []customer.Customer
	bystanders map[string]bool   // of them: who signed up and did nothing
	addresses  map[string]string // of remembered runs' customers, folded; made when first asked for
	sessions   map[string]*session
	order      []*session // by ID, which is the order of opening
	exchanges  []*exchange
	sightings  []*sighting
	learned    []learned
	earlier    []history.Earlier
	checks     []history.SelfCheck
	phases     []history.Phase
	windows    map[roundOf]history.Moment // that rounds' plans name
	paces      []paced
	hooks      []history.Hook
	accounts   []history.Account
	shots      map[string]string // by sighting, and by session for shots that name none
	lost       []history.Lost
	end        *history.End
	unseen     map[string]int
	rare       map[headerAt]bool // headers with random values, of exchanges that can be solo's
	heard      map[heard]bool    // and what they said to whom
	again      map[string]bool   // headers that said the same to a customer twice
	records    int               // sightings that drivers recorded

	pool  *pool
	came  map[*sighting]string // with which exchange, by ID
	byID  map[string]*exchange
	byURL map[string][]*exchange // in order of start
}

type learned struct {
	history.Learned
	at history.Moment
}

// scene is what many records have in common. A long run has few of them, so
// records point at theirs: what a record keeps for itself is what it costs.
type scene struct {
	viewer, method, url, resource, from, failed, frame string
	place                                              history.Place
	surface                                            history.Surface
	language                                           string // Content-Language of an exchange
	flash, guarded                                     bool
}

// exchange is an exchange without its header lines, of which it keeps what
// tells a stored copy from a fresh answer.
type exchange struct {
	*scene
	id                   string
	session              *session
	step, status         int
	start, response, end history.Moment // start: when the shop could know of it; of one that was held, when it was let go
	body, request        *body
	copy                 *copyMarks
	route                *route
	connection           int32 // its number in the run; 0: not known
	cookies              []cookie
	carried              []minting // by other header lines
}

// sighting is one thing shown on one surface, whatever record it came from.
type sighting struct {
	*scene
	id       string
	session  *session
	step     int
	at       history.Moment
	exchange *exchange
	body     *body
	line     *content // of a header or cookie, whose text is not in a body
}

func readRecord(ctx context.Context, h History) (*record, error) {
	r := &record{
		bystanders: map[string]bool{}, windows: map[roundOf]history.Moment{}, sessions: map[string]*session{}, shots: map[string]string{}, unseen: map[string]int{}, rare: map[headerAt]bool{}, heard: map[heard]bool{}, again: map[string]bool{},
		pool: newPool(), came: map[*sighting]string{}, byID: map[string]*exchange{}, byURL: map[string][]*exchange{},
	}
	// Exchanges name sessions that the journal may mention later when it was
	// shuffled or cut, so sessions are made when first named.
	for e, err := range h.Events() {
		if err == nil {
			err = ctx.Err()
		}
		if err == nil {
			err = r.take(e)
		}
		if err != nil {
			return nil, err
		}
	}
	r.arrange()
	r.pool.bodies, r.pool.steps, r.pool.marks, r.pool.routes, r.pool.connections, r.came = nil, nil, nil, nil, nil, nil // all records point at theirs
	return r, nil
}

func (r *record) take(e history.Event) error {
	switch {
	case e.Run != nil:
		r.run = *e.Run
	case e.Customer != nil:
		return r.takeCustomer(e.Customer)
	case e.SelfCheck != nil:
		r.checks = append(r.checks, *e.SelfCheck)
	case e.Account != nil:
		r.accounts = append(r.accounts, *e.Account)
	case e.Exchange != nil:
		r.takeExchange(e.Exchange)
	case e.Sighting != nil:
		r.takeSighting(e.Sighting, e.At)
	case e.Learned != nil:
		r.learned = append(r.learned, learned{*e.Learned, e.At})
	case e.Earlier != nil:
		r.earlier = append(r.earlier, *e.Earlier)
	case e.Shot != nil:
		r.takeShot(e.Shot)
	case e.Lost != nil:
		r.takeLost(e.Lost)
	case e.End != nil:
		r.end = cmp.Or(r.end, e.End) // what a later run cleaned up is another end
	default:
		r.takeSession(e)
		r.takeCourse(e)
	}
	return nil
}

func (r *record) takeLost(l *history.Lost) {
	r.lost = append(r.lost, *l)
	if l.Session != "" {
		r.session(l.Session).lost = true
	}
}

func (r *record) takeCustomer(c *history.Customer) error {
	var full customer.Customer
	if err := json.Unmarshal(c.Record, &full); err != nil {
		return fmt.Errorf("read customer %s: %w", c.ID, err)
	}
	if full.ID == "" {
		full.ID = c.ID
	}
	r.customers = append(r.customers, full)
	if c.Bystander {
		r.bystanders[full.ID] = true
	}
	return nil
}

func (r *record) takeSession(e history.Event) {
	switch {
	case e.Session != nil:
		s := r.session(e.Session.ID)
		s.Session = *e.Session
		s.known = true
	case e.Identity != nil:
		s := r.session(e.Identity.Session)
		s.identities = append(s.identities, identity{*e.Identity, e.At})
	case e.Step != nil:
		s := r.session(e.Step.Session)
		s.steps = append(s.steps, r.pool.step(*e.Step))
	case e.Closed != nil:
		r.session(e.Closed.Session).closed = true
	}
}

func (r *record) takeShot(s *history.Shot) {
	for _, key := range []string{s.Sighting, s.Session} {
		if _, taken := r.shots[key]; key != "" && !taken {
			r.shots[key] = s.File
		}
	}
}

func (r *record) session(id string) *session {
	s, ok := r.sessions[id]
	if !ok {
		s = &session{Session: history.Session{ID: id}}
		r.sessions[id] = s
		r.order = append(r.order, s)
	}
	return s
}

func (r *record) takeExchange(x *history.Exchange) {
	e := &exchange{
		scene: r.pool.scene(scene{
			viewer: x.Viewer, method: x.Method, url: x.URL, resource: x.Resource, from: x.From, failed: x.Failed, place: x.Place,
			language: languageOf(x.Headers), guarded: guarded(x.RequestHeaders, x.Headers),
		}),
		id: x.ID, session: r.session(x.Session), step: x.Step, status: x.Status,
		start: max(x.Start, x.Sent), response: x.Response, end: x.End, body: r.pool.body(x.Body), request: r.pool.body(x.RequestBody),
	}
	marks, cookies := readHeaders(x.Headers)
	e.copy, e.cookies = r.pool.copyMarks(marks), cookies
	e.route, e.connection = r.pool.route(routeOf(x.Headers)), r.pool.connection(x.Connection)
	e.carried = carriedBy(x.URL, x.Headers)
	r.remarkHeaders(e, x.Headers)
	r.exchanges = append(r.exchanges, e)
	if x.Body.Unseen != "" {
		r.unseen[x.Body.Unseen]++
	}
	if x.Body.Hash != "" {
		r.sightings = append(r.sightings, &sighting{
			scene: r.pool.scene(scene{viewer: x.Viewer, url: x.URL, place: x.Place, surface: history.SurfaceResponse}),
			id:    x.ID, session: e.session, step: x.Step, at: e.start, exchange: e, body: e.body,
		})
	}
}

// shown is the scene of what an exchange showed on a surface.
func (r *record) shown(x *exchange, on history.Surface) *scene {
	return r.pool.scene(scene{viewer: x.viewer, url: x.url, place: x.place, surface: on})
}

func (r *record) takeSighting(s *history.Sighting, at history.Moment) {
	r.records++
	if s.Sent {
		return // like a request's body it was shown to nobody
	}
	if s.Body.Unseen != "" {
		r.unseen[s.Body.Unseen]++
	}
	taken := &sighting{
		scene: r.pool.scene(scene{viewer: s.Viewer, url: s.URL, place: s.Place, surface: s.Surface, frame: s.Frame, flash: s.Flash}),
		id:    s.ID, session: r.session(s.Session), step: s.Step, at: at, body: r.pool.body(s.Body),
	}
	if s.Exchange != "" {
		r.came[taken] = s.Exchange
	}
	r.sightings = append(r.sightings, taken)
}

// arrange puts everything in the order of happening: the journal's own order
// is that of writing, and must not decide anything.
func (r *record) arrange() {
	sort.SliceStable(r.exchanges, func(i, k int) bool {
		a, b := r.exchanges[i], r.exchanges[k]
		return a.start < b.start || a.start == b.start && a.id < b.id
	})
	for _, x := range r.exchanges {
		r.byID[x.id] = x
		r.byURL[x.url] = append(r.byURL[x.url], x)
		x.session.exchanges = append(x.session.exchanges, x)
	}
	for s, id := range r.came {
		s.exchange = r.byID[id]
	}
	for _, s := range r.sightings {
		s.session.last = max(s.session.last, s.at)
	}
	r.sortSightings()
	sort.SliceStable(r.learned, func(i, k int) bool {
		a, b := r.learned[i], r.learned[k]
		return a.at < b.at || a.at == b.at && a.Customer+a.Kind+a.Value < b.Customer+b.Kind+b.Value
	})
	sort.SliceStable(r.earlier, func(i, k int) bool {
		a, b := r.earlier[i], r.earlier[k]
		return a.Run < b.Run || a.Run == b.Run && a.Customer < b.Customer
	})
	sort.SliceStable(r.order, func(i, k int) bool { return r.order[i].ID < r.order[k].ID })
	sort.Slice(r.customers, func(i, k int) bool { return r.customers[i].ID < r.customers[k].ID })
	for _, s := range r.sessions {
		s.arrange()
	}
}

func (r *record) sortSightings() {
	sort.SliceStable(r.sightings, func(i, k int) bool {
		a, b := r.sightings[i], r.sightings[k]
		if a.at != b.at {
			return a.at < b.at
		}
		return a.id+string(a.surface) < b.id+string(b.surface)
	})
}
