package leak

import (
	"fmt"

	"crosstalk/harness/customer"
	"crosstalk/harness/match"
)

// Watch matches strong planted markers while a run goes on: for screenshots,
// the live view and --fail-fast. The last word is Judge's. It is safe for
// concurrent use.
type Watch struct {
	markers []customer.Marker
	avatars map[string]int
	index   *match.Index
}

// Glimpse is a strong planted marker that was shown to someone else.
type Glimpse struct {
	Victim string
	Kind   customer.Kind
	Where  string
}

// NewWatch makes a watch over these customers' strong planted markers. An
// error means that they could not be indexed.
func NewWatch(customers []customer.Customer) (*Watch, error) {
	w := &Watch{avatars: map[string]int{}}
	var patterns []match.Pattern
	for i := range customers {
		for _, m := range customers[i].Markers() {
			if m.Strength != customer.Strong {
				continue
			}
			w.markers = append(w.markers, m)
			if m.Kind == customer.Avatar {
				w.avatars[m.Value] = len(w.markers) - 1
			} else if len(match.Key(m.Value)) >= match.MinKey {
				patterns = append(patterns, match.Pattern{ID: len(w.markers) - 1, Text: m.Value})
			}
		}
	}
	index, err := match.New(patterns)
	if err != nil {
		return nil, fmt.Errorf("index markers: %w", err)
	}
	w.index = index
	return w, nil
}

// Foreign answers what a body shows its viewer of other customers, one glimpse
// for each victim, kind and place within it. The viewer may be nobody; "" is
// nobody's eyes, and everybody's markers are answered. It
// remembers nothing: a caller who meets one body often keeps its answers.
func (w *Watch) Foreign(viewer, mediaType string, body []byte) []Glimpse {
	var all []Glimpse
	seen := map[Glimpse]bool{}
	add := func(id int, where string) {
		m := w.markers[id]
		g := Glimpse{m.Owner, m.Kind, where}
		if m.Owner != viewer && !seen[g] {
			seen[g] = true
			all = append(all, g)
		}
	}
	if isPicture(mediaType) {
		if id, ok := w.avatars[customer.AvatarHash(body)]; ok {
			add(id, "")
		}
		return all
	}
	for _, h := range w.index.Search(mediaType, body) {
		add(h.ID, h.Where)
	}
	return all
}
