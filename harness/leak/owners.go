package leak

import (
	"fmt"
	"sort"

	"crosstalk/harness/customer"
	"crosstalk/harness/history"
	"crosstalk/harness/match"
)

// marker is a value with its owner. Its ID is its position in owners.markers.
type marker struct {
	customer.Marker
	public  bool   // learned, and both empty jars had it before the first sign-up
	earlier string // the remembered run whose customer the owner is; "" for this run's own
}

// owners says whose a value is.
type owners struct {
	ids     []string // customers, sorted
	markers []marker
	lookFor []match.Pattern    // by the position of their marker
	index   *match.Index       // of them
	values  map[string][]value // folded value → whose it is: strong, weak and learned
	heads   heads              // how values begin
	longest int                // bytes of the longest folded value
	words   int                // most words of a value
	mine    map[string]map[string]bool
	avatars map[string]int // hash of the picture → marker

	loose *loose // cookies that are looked for as well

	publicParts []string        // of markers, that the baseline was shown
	shared      map[string]bool // owner and part → whether others have it too; as asked for
}

// value is one reading of a customer's value, to be found as whole words.
type value struct {
	owner string
	kind  customer.Kind
	rank  int  // among the kinds a stretch of text can be, the lowest wins
	words int  // as it is written; 0: any number
	proof bool // it may prove something at an own place
}

func newOwners(rec *record) (*owners, error) {
	o := &owners{values: map[string][]value{}, mine: map[string]map[string]bool{}, avatars: map[string]int{}, shared: map[string]bool{}}
	for i := range rec.customers {
		o.plant(&rec.customers[i])
	}
	o.learn(rec)
	o.plantEarlier(rec.earlier)
	index, err := match.New(o.lookFor)
	if err != nil {
		return nil, fmt.Errorf("index markers: %w", err)
	}
	o.index, o.lookFor = index, nil
	if o.loose, err = newLoose(rec); err != nil {
		return nil, err
	}
	return o, nil
}

func (o *owners) plant(c *customer.Customer) {
	o.ids = append(o.ids, c.ID)
	silent := map[customer.Kind]bool{}
	for _, r := range customer.Ratings() {
		silent[r.Kind] = true
	}
	for _, m := range c.Markers() {
		silent[m.Kind] = m.Strength == customer.Silent
		if m.Strength == customer.Silent {
			continue
		}
		if p, ok := plantedPattern(c, m, len(o.markers)); ok {
			o.lookFor = append(o.lookFor, p)
		}
		o.markers = append(o.markers, marker{Marker: m})
		if m.Kind == customer.Avatar {
			o.avatars[m.Value] = len(o.markers) - 1
		}
	}
	for _, r := range readings(c) {
		o.add(c.ID, r, !silent[r.kind])
	}
}

func (o *owners) add(owner string, r reading, proof bool) {
	key := match.Key(r.text)
	if key == "" {
		return
	}
	for _, v := range o.values[key] {
		if v.owner == owner && v.kind == r.kind {
			return
		}
	}
	count := len(wordsOf(r.text))
	o.words = max(o.words, count)
	if r.loose {
		count = 0
	}
	o.longest = max(o.longest, len(key))
	o.heads.add(key)
	o.values[key] = append(o.values[key], value{owner: owner, kind: r.kind, rank: r.rank, words: count, proof: proof})
	if o.mine[owner] == nil {
		o.mine[owner] = map[string]bool{}
	}
	o.mine[owner][key] = true
}

// learn adds what the shop issued. Who was shown a strong value, or an order
// number, first owns it: a cached page can make the next customer remember it
// too, and that must not make it theirs. A kind that identifies nobody is left
// out where several claim a value. Another weak value (a total, a counter)
// belongs to everyone who remembered it: two customers can well pay the same.
func (o *owners) learn(rec *record) {
	claims := claimsOf(rec)
	taken := map[string]bool{}
	for _, l := range rec.learned {
		key, strength := claimKey(l), customer.LearnedStrength(l.Value)
		if match.Key(l.Value) == "" || l.Customer == history.Nobody || claims.shared(l) {
			continue
		}
		one := strength == customer.Strong || customer.Kind(l.Kind) == customer.Order
		if one && taken[key] {
			continue
		}
		if !taken[key] {
			taken[key] = true
			o.remember(customer.Marker{Owner: l.Customer, Kind: customer.Kind(l.Kind), Value: l.Value, Strength: strength, Learned: true})
		}
		proof := strength != customer.Silent
		o.add(l.Customer, reading{kind: customer.Kind(l.Kind), text: l.Value, rank: rankLearned}, proof)
	}
}

// remember adds a learned marker, and looks for it.
func (o *owners) remember(m customer.Marker) {
	if p, ok := learnedPattern(m, len(o.markers)); ok {
		o.lookFor = append(o.lookFor, p)
	}
	o.markers = append(o.markers, marker{Marker: m})
}

// publish takes back learned markers that both empty jars of the baseline had
// before anybody signed up. Planted ones are never public.
func (o *owners) publish(rec *record, seen *inspection) {
	o.publishParts(rec, seen)
	had := map[int]map[string]bool{}
	for _, s := range rec.sightings {
		if !s.session.baseline() {
			continue
		}
		for _, h := range seen.hitsOf(s) {
			if had[h.marker] == nil {
				had[h.marker] = map[string]bool{}
			}
			had[h.marker][s.session.ID] = true
		}
	}
	for id, jars := range had {
		if m := &o.markers[id]; m.Learned && len(jars) >= 2 {
			m.public = true
		}
	}
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}
