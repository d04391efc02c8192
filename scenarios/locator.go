package scenarios

import (
	"fmt"
	"strconv"
)

// String is the locator as a person reads it: `button "Sign in"`.
func (l Locator) String() string {
	s := l.way()
	if l.Nth >= 0 {
		s += fmt.Sprintf(" (number %d)", l.Nth+1)
	}
	return s
}

func (l Locator) way() string {
	switch {
	case l.Label != "":
		return strconv.Quote(l.Label)
	case l.Role != "" && l.Name != "":
		return l.Role + " " + strconv.Quote(l.Name)
	case l.Role != "":
		return l.Role
	case l.Name != "":
		return strconv.Quote(l.Name)
	case l.Text != "":
		return "text " + strconv.Quote(l.Text)
	case l.Placeholder != "":
		return "placeholder " + strconv.Quote(l.Placeholder)
	case l.TestID != "":
		return "test id " + strconv.Quote(l.TestID)
	case l.CSS != "":
		return "css " + l.CSS
	}
	return "xpath " + l.XPath
}
