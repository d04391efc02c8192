package scenarios

import (
	"fmt"

	"github.com/goccy/go-yaml/ast"
)

func (r *reader) journeys(n ast.Node) []Journey {
	all, ok := r.entries(n, "journeys")
	if ok && len(all) == 0 {
		r.fail(posOf(n), "", "journeys is empty")
	}
	var journeys []Journey
	for _, e := range all {
		if !isPlainName(e.key) {
			r.fail(e.at, "use small letters, digits, -, _ and .", "%q is no name for a journey", e.key)
		}
		journeys = append(journeys, r.journey(e))
	}
	return journeys
}

func (r *reader) journey(e entry) Journey {
	j := Journey{Name: e.key, Pos: e.at}
	what := fmt.Sprintf("journey %q", e.key)
	keys, sound := r.keys(e.value, what, "client", "customer", "setup", "exists", "steps", partProvoke, "cleanup")
	for _, key := range []string{"client", "customer", "steps"} {
		if sound && keys[key] == nil {
			r.fail(e.at, "", "%s has no %s", what, key)
		}
	}
	if v := keys["client"]; v != nil {
		j.Client = oneOf(r, v, "client", Browser, API)
	}
	if v := keys["customer"]; v != nil {
		j.Customer = oneOf(r, v, "customer", One, Guest, None)
	}
	r.parts(&j, keys)
	r.checkJourney(&j, keys)
	r.checkNetwork(j.Steps)
	return j
}

// oneOf is a scalar that must be one of a few words; the zero value otherwise.
func oneOf[T ~string](r *reader, n ast.Node, what string, words ...T) T {
	s, whole := r.scalar(n, what)
	known := make([]string, len(words))
	for i, w := range words {
		if known[i] = string(w); known[i] == s {
			return w
		}
	}
	if s != "" && whole {
		r.fail(posOf(n), hintKey(s, known), "%s is %q", what, s)
	}
	return ""
}

// parts reads the steps in the order of a customer's life.
func (r *reader) parts(j *Journey, keys map[string]ast.Node) {
	s := &scope{role: j.Customer, client: j.Client, later: map[string]origin{}}
	for _, part := range []struct {
		name string
		to   *[]Step
	}{{"setup", &j.Setup}, {"steps", &j.Steps}, {"cleanup", &j.Cleanup}} {
		if v := keys[part.name]; v != nil {
			s.begin(part.name)
			*part.to = r.steps(s, v)
		}
		if v := keys[partProvoke]; v != nil && part.name == "steps" {
			s.beginProvoke()
			j.Provoke = r.steps(s, v)
			j.ProvokeFrom = provokeFrom(j.Steps, s.used)
		}
	}
	if v := keys["exists"]; v != nil {
		s.begin("exists")
		j.Exists = r.locator(s, v, "exists")
	}
	r.explain(s)
}

// checkJourney looks at what no single step shows.
func (r *reader) checkJourney(j *Journey, keys map[string]ast.Node) {
	if j.Customer == None || j.Customer == Guest {
		for _, key := range []string{"setup", "exists", "cleanup"} {
			if v := keys[key]; v != nil {
				r.fail(posOf(v), "only customer: one has an account", "%s in a journey of customer: %s", key, j.Customer)
			}
		}
	}
	if v := keys["exists"]; v != nil && keys["setup"] == nil && j.Customer == One {
		r.fail(posOf(v), "it says when a failed setup counts as done", "exists without setup")
	}
	if v := keys["steps"]; v != nil && (j.Customer == One || j.Customer == Guest) && !hasShows(j.Steps) {
		r.fail(j.Pos, "add one where the customer sees own data, such as - shows: [first]", "journey %q has no shows among its steps, so it can prove nothing", j.Name)
	}
}

func hasShows(steps []Step) bool {
	for _, st := range steps {
		if st.Op == Shows {
			return true
		}
	}
	return false
}
