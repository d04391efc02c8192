package harness

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"crosstalk/harness/history"
)

// lives knows how long copies live at this target: what was declared, and what
// answers said of themselves. Its methods may be called from any goroutine.
type lives struct {
	declared []time.Duration

	mu     sync.Mutex
	places map[history.Place]*living
}

// living is what the answers of one place said of how long a copy lives.
type living struct {
	stated  time.Duration // by the longest statement
	by      string        // which statement that was: "max-age=20"
	oldest  time.Duration // age of the oldest copy that was served
	answers int
}

// life is a lifetime with where it is known from.
type life struct {
	lasts    time.Duration
	why      string
	declared bool
}

// worthIt says whether a copy's life is waited for at all: what somebody
// declared is wanted, however long it is, if there is time.
func (l life) worthIt() bool { return l.declared || l.lasts <= longestLife }

const (
	// mostLivingPlaces bounds what is kept: a target with more places than that
	// has said often enough how long it keeps them.
	mostLivingPlaces = 300
	// mostLives is how many observed lifetimes are walked, the most frequent.
	mostLives = 4
	// shortestLife is the least that Age and max-age can tell, and longestLife
	// the most that is worth a wait where nobody asks for one.
	shortestLife = time.Second
	longestLife  = 2 * time.Minute
)

func newLives(declared []time.Duration) *lives {
	return &lives{declared: declared, places: map[history.Place]*living{}}
}

// saw reads what an answer says of its own life. Files that are the same for
// everyone, answers out of the client's own cache and those of other hosts say
// nothing about the copies that matter.
func (l *lives) saw(x *history.Exchange) {
	if l == nil || x.From != "" || x.Failed != "" || x.Status == 0 || sameForAll(x.Resource) || !ownAddress(x.Place) {
		return
	}
	stated, by := statedLife(x.Headers)
	age := seconds(headerText(x.Headers, "Age"))
	if stated == 0 && age == 0 {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	at := l.places[x.Place]
	if at == nil {
		if len(l.places) >= mostLivingPlaces {
			return
		}
		at = &living{}
		l.places[x.Place] = at
	}
	at.answers++
	at.oldest = max(at.oldest, age)
	if stated > at.stated { // a copy may be told with what is left of its life
		at.stated, at.by = stated, by
	}
}

// known are the lifetimes that can be walked: the declared ones in their order,
// then the observed ones, the most frequent first. Only the part of a copy's
// life that is told is known: where nothing is but its age, it lives at least
// so long.
func (l *lives) known() []life {
	var all []life
	seen := map[time.Duration]bool{}
	for _, d := range l.declared {
		if !seen[d] {
			seen[d] = true
			all = append(all, life{d, fmt.Sprintf("a lifetime of %s that the scenario declares", d), true})
		}
	}
	for i, o := range l.observed() {
		if i < mostLives && !seen[o.lasts] {
			seen[o.lasts] = true
			all = append(all, o)
		}
	}
	return all
}

// observed are the distinct lifetimes of the places, the most frequent first.
func (l *lives) observed() []life {
	type group struct {
		life
		answers int
		place   history.Place
	}
	groups := map[time.Duration]*group{}
	l.mu.Lock()
	for place, at := range l.places {
		one := at.life(place)
		g := groups[one.lasts]
		if g == nil {
			g = &group{life: one, place: place}
			groups[one.lasts] = g
		}
		g.answers += at.answers
		if place < g.place {
			g.life, g.place = one, place // the same place is named every time
		}
	}
	l.mu.Unlock()
	var sorted []*group
	for _, g := range groups {
		if g.lasts >= shortestLife {
			sorted = append(sorted, g)
		}
	}
	slices.SortFunc(sorted, func(a, b *group) int {
		return cmp.Or(cmp.Compare(b.answers, a.answers), cmp.Compare(a.lasts, b.lasts))
	})
	var out []life
	for _, g := range sorted {
		out = append(out, g.life)
	}
	return out
}

func (l *living) life(place history.Place) life {
	if l.stated >= l.oldest {
		return life{lasts: l.stated, why: fmt.Sprintf("%s of %s", l.by, place)}
	}
	return life{lasts: l.oldest, why: fmt.Sprintf("an Age of %d at %s, which a copy there lives at least", int(l.oldest.Seconds()), place)}
}

// statedLife is how long a shared cache may keep an answer, by the answer's own
// words: s-maxage, or max-age where it says besides that it is kept or may be.
// A max-age alone is meant for the client.
func statedLife(headers []history.Header) (time.Duration, string) {
	control := map[string]string{}
	for part := range strings.SplitSeq(headerText(headers, "Cache-Control"), ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		control[strings.ToLower(name)] = strings.Trim(value, `"`)
	}
	_, private := control["private"]
	_, never := control["no-store"]
	_, public := control["public"]
	hit := servedFromCache(headers)
	if (private || never) && !hit {
		return 0, ""
	}
	for _, name := range []string{"s-maxage", "max-age"} {
		value, ok := control[name]
		if ok && (name == "s-maxage" || public || hit) {
			return seconds(value), name + "=" + value
		}
	}
	return 0, ""
}

// servedFromCache says whether an answer says that it is a copy.
func servedFromCache(headers []history.Header) bool {
	if headerText(headers, "Age") != "" {
		return true
	}
	for _, name := range []string{"X-Cache", "X-Cache-Status", "CF-Cache-Status", "Cache-Status", "X-Proxy-Cache", "X-Vercel-Cache"} {
		if strings.Contains(strings.ToLower(headerText(headers, name)), "hit") {
			return true
		}
	}
	return false
}

// headerText is a header's value; of several lines, all of them.
func headerText(headers []history.Header, name string) string {
	var values []string
	for _, h := range headers {
		if strings.EqualFold(h.Name, name) {
			values = append(values, h.Value)
		}
	}
	return strings.Join(values, ", ")
}

// seconds reads a delta in seconds; what is none is 0, and what would last for
// years is a day, which nobody waits for either.
func seconds(text string) time.Duration {
	const most = 24 * 60 * 60
	first, _, _ := strings.Cut(text, ",")
	n, err := strconv.ParseUint(strings.TrimSpace(first), 10, 64)
	switch {
	case err != nil:
		return 0
	case n > most:
		n = most
	}
	return time.Duration(n) * time.Second
}

// sameForAll says whether a resource is the same for everyone by its nature.
func sameForAll(resource string) bool {
	switch resource {
	case "script", "style", "stylesheet", "image", "font":
		return true
	}
	return false
}

// ownAddress says whether a place is one of the target's own: those of other
// hosts have the host between method and path.
func ownAddress(p history.Place) bool {
	_, where, _ := strings.Cut(string(p), " ")
	return strings.HasPrefix(where, "/")
}
