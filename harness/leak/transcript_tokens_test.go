package leak_test

import (
	"fmt"
	"strconv"
	"strings"

	"crosstalk/harness/history"
)

// demand handles what the scenario asks for: "echo NAME…" and
// "minimum own_seen|pairs|unseen|strong_kinds NUMBER".
func (tr *transcript) demand(words []string) error {
	if words[0] == "echo" {
		tr.scenario.Echo = words[1:]
		return nil
	}
	n, err := strconv.ParseFloat(words[2], 64)
	m := &tr.scenario.Minima
	switch words[1] {
	case "own_seen":
		m.OwnSeen = n
	case "pairs":
		m.Pairs = int(n)
	case "unseen":
		m.Unseen = n
	case "strong_kinds":
		m.StrongKinds = int(n)
	default:
		err = fmt.Errorf("no minimum %q", words[1])
	}
	return err
}

// headerLine adds a header of the response, or, when its name begins with >, of
// the request.
func (tr *transcript) headerLine(x *history.Exchange, name, value string) {
	if sent, ok := strings.CutPrefix(name, ">"); ok {
		x.RequestHeaders = append(x.RequestHeaders, history.Header{Name: sent, Value: value})
		return
	}
	x.Headers = append(x.Headers, history.Header{Name: name, Value: value})
}
