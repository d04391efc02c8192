package leak

import (
	"slices"
	"strconv"
	"strings"

	"crosstalk/harness/customer"
	"crosstalk/harness/history"
)

// slot is one thing that a place shows: this kind of value, on this surface,
// at this point of its structure.
type slot struct {
	place   history.Place
	surface history.Surface
	where   string
	kind    customer.Kind
}

// slots are the own slots that solo established. Skeletons keep one path that
// holds several things apart ("Qty 3" and house number 3): without the text
// around it, a weak value proves nothing.
type slots struct {
	own    *owners
	seen   *inspection
	all    map[slot]*standing
	places map[stage]bool // that have an own slot
	memo   map[viewKey]view
	neighbors
}

// stage is a place and the surface on which it shows.
type stage struct {
	place   history.Place
	surface history.Surface
}

// standing is what solo saw at a slot.
type standing struct {
	skeletons map[string]*shape
	owners    map[string]bool // customers who were shown their own value
	values    map[string]bool // the different values among them
	own       int             // visits that showed the viewer's own value
	others    int             // visits that showed another's instead
	both      int             // visits that showed another's beside it
	strays    int             // visits that showed a name of no one we know instead
	crowds    int             // visits that showed many such names beside somebody's
}

// shape is one skeleton of a slot.
type shape struct {
	digits    [2]int // fewest and most digits of the values, when they are numbers
	ambiguous bool   // other numbers stand there as well: it proves nothing
}

// An own slot is one at which customers were shown values of their own. Where
// their own and another's stand together it is a list of everybody's (reviews),
// and so is where names of strangers stand more often than one's own (who bought
// last, who answers in the chat) or a crowd of them beside it (names to choose
// from): that one of them is called like a customer is chance. Where another's
// came instead of their own more often than one time in contestedShare it is a
// matter of dispute, and the verdict must say so.
const contestedShare = 4

func (s *standing) established() bool { return s.ones() && s.others*contestedShare <= s.own }

func (s *standing) contested() bool { return s.ones() && s.others*contestedShare > s.own }

// ones says that the place shows each what is theirs, as a rule.
func (s *standing) ones() bool {
	return len(s.owners) >= 2 && len(s.values) >= 2 && s.both*10 <= s.own && s.strays <= s.own && s.crowds*2 <= s.own+s.others
}

// learnSlots learns the own slots from solo, in three passes: where one's own
// stood, what else stands there, and whether others' values or names did.
func learnSlots(rec *record, own *owners, seen *inspection) *slots {
	s := &slots{own: own, seen: seen, all: map[slot]*standing{}, places: map[stage]bool{}, memo: map[viewKey]view{}, neighbors: newNeighbors()}
	visits := s.soloVisits(rec)
	for _, v := range visits {
		s.learnOwn(v)
	}
	kinds := s.kinds()
	for _, v := range visits {
		s.learnNumbers(v, kinds[stage{v.place, v.surface}])
	}
	names := newStrays(s, kinds)
	for _, v := range visits {
		names.learn(v, s.learnOthers(v))
	}
	for at, st := range s.all {
		if st.established() {
			s.places[stage{at.place, at.surface}] = true
		}
	}
	return s
}

// visible are the surfaces on which slots are learnt: headers and cookies
// carry tokens and strong markers, which need no slot.
func visible(s history.Surface) bool {
	return s == history.SurfaceResponse || s == history.SurfacePage || s == history.SurfaceField || s == history.SurfaceMarkup
}

// slotted are the surfaces that have own slots: those, and what is written for
// one customer. Being sent a letter, a message or a paper is no visit, and nor is
// what a page says aside. What is kept in the client can be the customer's
// before, so it has none.
func slotted(s history.Surface) bool {
	switch s {
	case history.SurfaceMail, history.SurfaceDownload, history.SurfaceSocket, history.SurfaceNotice, history.SurfaceConsole:
		return true
	default:
		return visible(s)
	}
}

// visited are the surfaces on which being shown a place is a visit. The live
// document's markup is the page once more.
func visited(s history.Surface) bool { return visible(s) && s != history.SurfaceMarkup }

// static says that a response is the same for everyone by its nature.
func static(x *exchange) bool {
	if x == nil {
		return false
	}
	switch x.resource {
	case "script", "style", "stylesheet", "image", "font":
		return true
	}
	return false
}

func (s *slots) soloVisits(rec *record) []*sighting {
	var visits []*sighting
	for _, v := range rec.sightings {
		if v.session.solo() && slotted(v.surface) && v.viewer != history.Nobody &&
			(v.session.signedIn(v.at) || v.surface == history.SurfaceMail) && (v.surface != history.SurfaceResponse || !static(v.exchange)) {
			visits = append(visits, v)
		}
	}
	return visits
}

func (s *slots) learnOwn(v *sighting) {
	typed := typedAt(v)
	shown := map[slot]bool{}
	for _, p := range s.seen.contentOf(v).pieces {
		if !p.owned {
			continue
		}
		words := wordsOf(p.text)
		m := s.own.mask(words, s.own.find(words), v.viewer)
		for i, e := range m {
			if e.kind == "" || !e.proof || typed[e.kind] {
				continue
			}
			at := slot{v.place, v.surface, p.where, e.kind}
			s.standing(at).learn(m, i, v.viewer)
			shown[at] = true
		}
	}
	for at := range shown {
		s.all[at].own++
	}
}

func (s *slots) standing(at slot) *standing {
	st := s.all[at]
	if st == nil {
		st = &standing{skeletons: map[string]*shape{}, owners: map[string]bool{}, values: map[string]bool{}}
		s.all[at] = st
	}
	return st
}

func (s *standing) learn(m masked, i int, owner string) {
	s.owners[owner] = true
	s.values[m[i].key] = true
	skeleton := m.skeleton(i)
	sh := s.skeletons[skeleton]
	if sh == nil {
		sh = &shape{digits: [2]int{1 << 20, 0}}
		s.skeletons[skeleton] = sh
	}
	if isNumber(m[i].key) {
		sh.digits[0] = min(sh.digits[0], len(m[i].key))
		sh.digits[1] = max(sh.digits[1], len(m[i].key))
	}
}

// typedAt are the kinds that stand in the sighting only because the session
// typed them there.
func typedAt(v *sighting) map[customer.Kind]bool {
	if v.surface != history.SurfaceField && v.surface != history.SurfaceMarkup {
		return nil
	}
	return v.session.typed(v.url, v.step)
}

// learnNumbers marks skeletons under which solo also saw numbers that are not
// the viewer's: a cell that holds house numbers and quantities.
func (s *slots) learnNumbers(v *sighting, kinds map[string][]customer.Kind) {
	own := s.ownNumbers(v)
	s.learnTwice(v, own)
	for _, p := range s.seen.contentOf(v).pieces {
		for _, kind := range kinds[p.where] {
			s.learnQueue(p, kind, v.viewer, own)
			st := s.all[slot{v.place, v.surface, p.where, kind}]
			words := wordsOf(p.text)
			m := s.own.mask(words, s.own.find(words), v.viewer)
			for i := range m {
				if !s.strays(m.filler(i), kind, v.viewer, own) {
					st.doubt(m, i, kind)
				}
			}
		}
	}
}

// strays says that a number is one that the shop issued to another customer, and
// no neighbor of one's own: what a cache handed on in solo already. It is no reason
// to take the place for one of any numbers.
func (s *slots) strays(digits string, kind customer.Kind, viewer string, own []ownNumber) bool {
	n, err := strconv.Atoi(digits)
	return err == nil && len(digits) >= smallNumber && countsUp(kind, digits) &&
		s.calls(digits, kind, func(owner string) bool { return owner != viewer }) &&
		!s.own.mine[viewer][digits] && !slices.ContainsFunc(own, func(o ownNumber) bool { return o.next(n) })
}

func (s *standing) doubt(m masked, i int, kind customer.Kind) {
	digits := m.filler(i)
	if digits == "" {
		return
	}
	probe := append(masked{}, m...)
	probe[i] = element{kind: kind}
	sh := s.skeletons[probe.skeleton(i)]
	if sh != nil && sh.digits[0] <= len(digits) && len(digits) <= sh.digits[1] {
		sh.ambiguous = true
	}
}

// kinds are the kinds that have a slot, by stage and by where in it.
func (s *slots) kinds() map[stage]map[string][]customer.Kind {
	kinds := map[stage]map[string][]customer.Kind{}
	for at := range s.all {
		on := stage{at.place, at.surface}
		if kinds[on] == nil {
			kinds[on] = map[string][]customer.Kind{}
		}
		kinds[on][at.where] = append(kinds[on][at.where], at.kind)
	}
	return kinds
}

// learnOthers answers the slots at which somebody's value stood.
func (s *slots) learnOthers(v *sighting) map[slot]bool {
	own, other := map[slot]bool{}, map[slot]bool{}
	for _, p := range s.seen.contentOf(v).pieces {
		if !p.owned {
			continue
		}
		mine, theirs := s.weighPiece(v, p, nil)
		for _, kind := range mine {
			own[slot{v.place, v.surface, p.where, kind}] = true
			if s.inCompany(p, kind, v.viewer) {
				other[slot{v.place, v.surface, p.where, kind}] = true
			}
		}
		for _, t := range s.notNeighbors(v, theirs) {
			other[slot{v.place, v.surface, p.where, t.kind}] = true
		}
	}
	for at := range other {
		if own[at] {
			s.all[at].both++
		} else {
			s.all[at].others++
		}
		own[at] = true
	}
	return own
}

// contested are the slots about which solo was of two minds.
func (s *slots) contested() []slot {
	var all []slot
	for at, st := range s.all {
		if st.contested() {
			all = append(all, at)
		}
	}
	sortBy(all, func(a slot) string {
		return strings.Join([]string{string(a.place), string(a.surface), a.where, string(a.kind)}, "\x00")
	})
	return all
}
