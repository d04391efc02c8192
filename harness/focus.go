package harness

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"crosstalk/harness/history"
	"crosstalk/harness/plan"
	"crosstalk/scenarios"
)

// checkFocus refuses a focus that could show nobody anything.
func (c Config) checkFocus() error {
	for _, place := range c.Places {
		if !isPlace(place) {
			return &ConfigError{fmt.Sprintf("--place %q is no place", place), `write a method and a path, with * for any characters, such as "GET /account" or "* /api/*"`}
		}
	}
	if err := c.checkJourneys(); err != nil {
		return err
	}
	if c.OnHerd != "" && !slices.Contains(c.Schedules, history.PhaseHerd) {
		return &ConfigError{"--on-herd is run by the schedule herd, which is not among those asked for", "add it: --schedule " + strings.Join(append(slices.Clone(c.Schedules), history.PhaseHerd), ",")}
	}
	return nil
}

func (c Config) checkJourneys() error {
	var names []string
	owned := len(c.Journeys) == 0
	for _, j := range c.Scenario.Journeys {
		names = append(names, j.Name)
		owned = owned || j.Customer != scenarios.None && slices.Contains(c.Journeys, j.Name)
	}
	for _, name := range c.Journeys {
		if !slices.Contains(names, name) {
			return &ConfigError{fmt.Sprintf("no journey %q in scenario %s", name, c.Scenario.Name), "there are " + strings.Join(names, ", ")}
		}
	}
	if !owned {
		return &ConfigError{fmt.Sprintf("journey %s is nobody's, so no session would be shown own data", strings.Join(c.Journeys, ", ")), "name one with a customer beside it (--journey)"}
	}
	return nil
}

// isPlace is so for a method and what follows it.
func isPlace(s string) bool {
	method, rest, ok := strings.Cut(s, " ")
	other := func(c rune) bool { return (c < 'A' || c > 'Z') && c != '*' }
	return ok && method != "" && !strings.ContainsFunc(method, other) && strings.TrimSpace(rest) == rest && rest != ""
}

// placeOf is a place as journals write it, of an address that was copied from
// a leak report: "GET https://staging.example/orders/1024" is "GET /orders/{}".
// What holds * or {} is a pattern already.
func placeOf(place, target string) string {
	method, address, _ := strings.Cut(place, " ")
	shop, err := url.Parse(target)
	whole := strings.HasPrefix(address, "/") || strings.Contains(address, "://")
	if err != nil || !whole || strings.ContainsAny(address, "*{}") {
		return place
	}
	return string(history.PlaceOf(method, address, shop.Host))
}

// Bounds of the places that are remembered for the one who misspelled one: a page
// can ask for new and long addresses for ever.
const (
	mostComeTo    = 2000
	longestComeTo = 200 // letters
)

// reach is to which places of a focus the journeys came when each was walked
// alone, and at which of their steps.
type reach struct {
	patterns []string
	last     map[string]int  // journey → its last step at a place that fits
	comeTo   map[string]bool // other places, for suggestions
	whole    bool            // every journey was walked alone at least once
}

// reachOf reads what was recorded so far in a run's folder.
func reachOf(folder string, patterns []string) (*reach, error) {
	h, err := history.Open(folder)
	if err != nil {
		return nil, fmt.Errorf("read solo: %w", err)
	}
	r := &reach{patterns: patterns, last: map[string]int{}, comeTo: map[string]bool{}}
	alone := map[string]string{} // session → journey
	for e, err := range h.Events() {
		switch {
		case err != nil:
			return nil, fmt.Errorf("read solo: %w", err)
		case e.Session != nil && e.Session.Phase == history.PhaseSolo:
			alone[e.Session.ID] = e.Session.Journey
		case e.Phase != nil && e.Phase.Name == history.PhaseSolo:
			r.whole = r.whole || e.Phase.Done
		case e.Exchange != nil:
			r.came(alone[e.Exchange.Session], e.Exchange.Step, e.Exchange.Place)
		case e.Sighting != nil:
			r.came(alone[e.Sighting.Session], e.Sighting.Step, e.Sighting.Place)
		}
	}
	return r, nil
}

// came notes that a journey, "" for none of solo, was at a place in a step.
func (r *reach) came(journey string, step int, place history.Place) {
	switch {
	case journey == "":
	case slices.ContainsFunc(r.patterns, place.Fits):
		r.last[journey] = max(r.last[journey], step)
	case len(r.comeTo) < mostComeTo && len(place) <= longestComeTo:
		r.comeTo[string(place)] = true
	}
}

// narrow is the setting of the rounds: the journeys that come to a place of the
// focus, each as far as its last step there; false when no customer's does.
func (r *reach) narrow(s plan.Setting) (plan.Setting, bool) {
	s.Journeys, s.Until = nil, map[string]int{}
	owned := false
	for _, j := range s.Scenario.Journeys {
		if last, came := r.last[j.Name]; came {
			s.Journeys = append(s.Journeys, j.Name)
			s.Until[j.Name] = through(j, last)
			owned = owned || j.Customer != scenarios.None
		}
	}
	return s, owned
}

// missed says that no customer's journey came to a place of the focus, and to
// which others they came that look like it.
func (r *reach) missed() string {
	text := "no customer's journey came to " + strings.Join(r.patterns, " or ")
	if near := scenarios.Nearest(slices.Sorted(maps.Keys(r.comeTo)), 3, r.patterns...); len(near) > 0 {
		text += "; they came to " + strings.Join(near, ", ")
	}
	return text
}

// planned makes the plan of a setting, and writes the setting down before any
// of its rounds is walked: the plan of a run that was killed can be made again.
func (r *run) planned(s plan.Setting) error {
	p, err := plan.New(s)
	if err != nil {
		return fmt.Errorf("make plan: %w", err)
	}
	record, err := p.Record()
	if err != nil {
		return err
	}
	r.record.write(history.Event{Plan: &history.Plan{Schedule: history.PlanSetting, Record: record, Schedules: s.Schedules}})
	r.plan = p
	return nil
}

// narrow makes the plan of the rounds anew where the run is narrowed to places:
// solo has shown which journeys come to them. It answers why no round can be
// walked, or "".
func (r *run) narrow() (string, error) {
	if len(r.config.Places) == 0 {
		return "", nil
	}
	reach, err := reachOf(r.folder, r.config.Places)
	if err != nil {
		return "", err
	}
	if !reach.whole {
		return "", nil // the run is about to end for another reason
	}
	setting, reached := reach.narrow(r.plan.Setting())
	if !reached {
		return reach.missed(), nil
	}
	if r.config.mixed { // nobody asked for one that these journeys cannot be walked by
		setting.Schedules = plan.Fitting(setting.Scenario, setting.Journeys)
	}
	r.conduct.progress.say("narrowed to journey " + strings.Join(setting.Journeys, ", "))
	return "", r.planned(setting)
}

// through is how many steps of a journey are performed so that the one at this
// index has its effect: those behind it that only look at what it brought
// belong to it, and so does the first `shows`, before which nobody counts as
// signed in.
func through(j scenarios.Journey, last int) int {
	shown := slices.IndexFunc(j.Steps, func(st scenarios.Step) bool { return st.Op == scenarios.Shows })
	n := min(max(last, shown)+1, len(j.Steps))
	for n < len(j.Steps) && looks(j.Steps[n]) {
		n++
	}
	return n
}

// looks says of a step that it asks the shop for nothing.
func looks(st scenarios.Step) bool {
	switch st.Op {
	case scenarios.See, scenarios.Shows, scenarios.Remember, scenarios.Wait, scenarios.Hear:
		return true
	default:
		return false
	}
}
