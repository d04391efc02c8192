package scenarios

import "github.com/goccy/go-yaml/ast"

// partProvoke is the part of a journey that provokes errors.
const partProvoke = "provoke"

// needless says why a step can have no place among provocations: they are
// performed each for itself, how they end is no failure, and the walk ends with
// them.
var needless = map[Op]string{
	See:      "how a provocation ends is not looked at",
	Shows:    "what is shown after an error is judged without being asked for",
	Remember: "the walk ends with its provocations, so nothing could use it",
	Hear:     "how a provocation ends is not looked at",
	SignOut:  "the session must still be signed in when others come",
	Meet:     "every session provokes errors for itself",
}

// checkProvocation refuses what says nothing in a provocation, or would turn
// one into a failure.
func (r *reader) checkProvocation(s *scope, e entry, st *Step) {
	if s.part != partProvoke {
		return
	}
	if why := needless[st.Op]; why != "" {
		r.fail(e.at, why, "provoke has a step %q", st.Op)
	}
	expects := st.Request != nil && st.Request.Expect != 0 || st.Listen != nil && st.Listen.Call.Expect != 0
	if expects {
		r.fail(r.keyAt(e.value, "expect"), "leave it out: how a provocation ends is no failure", "provoke has a %s with expect", st.Op)
	}
}

// keyAt is where a key of a mapping stands; where the mapping does, when it has
// no such key.
func (r *reader) keyAt(n ast.Node, key string) Pos {
	if m, ok := n.(*ast.MappingNode); ok {
		for _, v := range m.Values {
			if text, isText := keyText(v.Key); isText && text == key {
				return posOf(v.Key)
			}
		}
	}
	return posOf(n)
}

// beginProvoke goes on with the session of the steps: what they remember can be
// used, once they have been performed.
func (s *scope) beginProvoke() {
	learned := s.learned
	s.begin(partProvoke)
	s.learned, s.used = learned, map[string]bool{}
}

// provokeFrom is how many steps come before all that the provocations name is
// remembered.
func provokeFrom(steps []Step, used map[string]bool) int {
	from := 0
	for name := range used {
		from = max(from, rememberedAfter(steps, name))
	}
	return from
}

func rememberedAfter(steps []Step, name string) int {
	for i, st := range steps {
		for _, m := range st.Remember {
			if string(m.Kind) == name {
				return i + 1
			}
		}
	}
	return 0
}
