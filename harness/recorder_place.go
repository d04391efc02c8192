package harness

import (
	"context"
	"strings"

	"crosstalk/harness/history"
)

// knows says which words (in lower case) are customers' own from now on.
func (r *recorder) knows(words []string) {
	personal := make(map[string]bool, len(words))
	for _, w := range words {
		personal[w] = true
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.personal = personal
}

// placed is a place with {} for what a customer's own words stand for in its
// query: a shop that asks ?town=Charlotte asks it of each customer in other
// words, and by the words alone each would be at a place of their own, where
// nobody ever meets anybody.
func (r *recorder) placed(p history.Place) history.Place {
	path, query, asks := strings.Cut(string(p), "?")
	if !asks {
		return p
	}
	r.mu.Lock()
	personal := r.personal
	r.mu.Unlock()
	parts := strings.Split(query, "&")
	for i, part := range parts {
		if name, value, ok := strings.Cut(part, "="); ok && personal[strings.ToLower(value)] {
			parts[i] = name + "={}"
		}
	}
	return history.Place(path + "?" + strings.Join(parts, "&"))
}

// placing is a hold that is asked of such places.
func (r *recorder) placing(hold history.Hold) history.Hold {
	if hold == nil {
		return nil
	}
	return func(ctx context.Context, step int, place history.Place) bool {
		return hold(ctx, step, r.placed(place))
	}
}
