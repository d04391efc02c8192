package scenarios

import (
	"strconv"
	"strings"
)

// String is the step as a person reads it: `fill "E-mail" with {{email}}`.
// Fields are not expanded and the environment's values stand as $NAME.
func (s Step) String() string {
	if s.text != "" {
		return s.text
	}
	return s.describe()
}

func (s Step) describe() string {
	switch s.Op {
	case Visit:
		return "visit " + s.URL
	case Shows:
		return "shows " + joinKinds(s.Fields)
	case Remember:
		return "remember " + describeMemories(s.Remember)
	case Request:
		return "request " + s.call()
	case Listen, Send, Hear, HangUp:
		return s.describeStream()
	case Wait:
		return "wait " + s.Wait.String()
	case Reload, Back:
		return string(s.Op)
	case Meet:
		return "meet " + s.Name
	case Network, Cookie:
		return s.describeDisturbing()
	default:
		return s.describeAct()
	}
}

// describeAct is for steps that act on an element.
func (s Step) describeAct() string {
	switch {
	case s.Op == Fill:
		return "fill " + s.target() + " with " + quoted(s.With)
	case s.Op == Select:
		return "select " + quoted(s.With) + " in " + s.target()
	case s.Op == Upload:
		return "upload " + quoted(s.With) + " to " + s.target()
	case s.Op == Check && s.Off:
		return "uncheck " + s.target()
	case s.Op == See && s.URL != "":
		return "see url " + s.URL
	case s.Op == Press:
		return s.describePress()
	case s.Op == SignOut:
		return "sign out with " + s.target()
	}
	return string(s.Op) + " " + s.target()
}

func (s Step) describePress() string {
	if s.Target == nil {
		return "press " + s.Key
	}
	return "press " + s.Key + " in " + s.target()
}

// target is what the step acts on: an element, or the request of an API step.
func (s Step) target() string {
	if s.Target != nil {
		return s.Target.String()
	}
	return s.call()
}

func (s Step) call() string {
	if s.Request == nil {
		return ""
	}
	return s.Request.Method + " " + s.Request.URL
}

// quoted leaves a field bare, so that it is not taken for literal text.
func quoted(s string) string {
	if _, ok := onlyField(s); ok {
		return s
	}
	return strconv.Quote(s)
}

func joinKinds[K ~string](kinds []K) string {
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = string(k)
	}
	return strings.Join(names, ", ")
}

func describeMemories(all []Memory) string {
	texts := make([]string, len(all))
	for i, m := range all {
		texts[i] = string(m.Kind) + " from " + m.source()
	}
	return strings.Join(texts, ", ")
}

func (m Memory) source() string {
	switch {
	case m.From != nil:
		return m.From.String()
	case m.JSON != "":
		return m.JSON
	case m.Header != "":
		return "header " + m.Header
	}
	return "the answer"
}
