package scenarios

import (
	"fmt"
	"strconv"
	"strings"
)

func (s Step) describeStream() string {
	switch {
	case s.Op == Listen && s.Listen != nil:
		return "listen to " + s.Listen.Call.URL
	case s.Op == Send && s.Send != nil:
		return "send " + s.Send.describe()
	case s.Op == Hear && s.Hear != nil:
		return "hear " + s.Hear.String()
	case s.Op == HangUp && s.Name != "":
		return "hang up " + s.Name
	}
	return strings.ReplaceAll(string(s.Op), "_", " ")
}

func (m Message) describe() string {
	text := "json"
	if m.JSON == nil {
		text = quoted(m.Text)
	}
	return text + onStream(m.On)
}

// String is the hearing as a person reads it: `text "paid" on news`.
func (h Hearing) String() string {
	var demands []string
	if h.Event != "" {
		demands = append(demands, "event "+h.Event)
	}
	if h.Text != "" {
		demands = append(demands, "text "+strconv.Quote(h.Text))
	}
	if h.JSON != "" && h.Is != "" {
		demands = append(demands, h.JSON+" is "+quoted(h.Is))
	} else if h.JSON != "" {
		demands = append(demands, h.JSON)
	}
	if len(demands) == 0 {
		demands = []string{"a message"}
	}
	return strings.Join(demands, ", ") + onStream(h.On)
}

func onStream(name string) string {
	if name == "" {
		return ""
	}
	return " on " + name
}

// Stream is l as it is to be opened in this session: the address absolute, ws
// or wss for a WebSocket, and every field expanded. It fails as Value does,
// and for what is no address of http or of a WebSocket.
func (f Fields) Stream(l Stream) (Stream, error) {
	u, err := f.absolute(l.Call.URL)
	if err != nil {
		return l, err
	}
	switch {
	case u.Host == "":
		return l, fmt.Errorf("resolve address %q: no host; the target is %q", l.Call.URL, f.Target)
	case u.Scheme == "ws" || u.Scheme == "wss":
		l.Socket = true
	case u.Scheme != "http" && u.Scheme != "https":
		return l, fmt.Errorf("resolve address %q: neither an http address nor a WebSocket's", l.Call.URL)
	case l.Socket:
		u.Scheme = "ws" + strings.TrimPrefix(u.Scheme, "http")
	}
	l.Call.URL = u.String()
	l.Call, err = f.carried(l.Call)
	return l, err
}

// Message is the text of m as it is to be sent in this session. It fails as
// Value does.
func (f Fields) Message(m Message) (Message, error) {
	var err error
	if m.Text, err = f.Expand(m.Text); err != nil {
		return m, err
	}
	m.JSON, err = f.expandJSON(m.JSON)
	return m, err
}

// Hearing is h with its fields expanded. It fails as Value does.
func (f Fields) Hearing(h Hearing) (Hearing, error) {
	for _, s := range []*string{&h.Text, &h.Is, &h.Event} {
		v, err := f.Expand(*s)
		if err != nil {
			return h, err
		}
		*s = v
	}
	return h, nil
}
