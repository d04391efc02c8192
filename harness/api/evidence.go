package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/textproto"
	"regexp"
	"strings"

	"crosstalk/harness/customer"
	"crosstalk/harness/history"
	"crosstalk/harness/match"
	"crosstalk/scenarios"
)

// minPhone is how many digits make a phone number: fewer are found anywhere.
const minPhone = 6

func (c *Client) lastAnswer() string {
	return fmt.Sprintf("the %d bytes of %s", len(c.last.body), c.last.what())
}

// shows is the positive control: the last response must hold the session's
// own values.
func (c *Client) shows(st scenarios.Step, fields scenarios.Fields) (history.Outcome, error) {
	if c.last == nil {
		return failed("shows: nothing was requested yet"), nil
	}
	folded := match.Key(string(c.last.body))
	var missing []string
	for _, kind := range st.Fields {
		value, err := fields.Value(string(kind))
		if err != nil {
			return history.Outcome{}, err //nolint:wrapcheck // Do names the step
		}
		if !shown(kind, value, folded, c.last.body) {
			missing = append(missing, string(kind))
		}
	}
	if len(missing) > 0 {
		return failed("shows %s: not in %s", strings.Join(missing, ", "), c.lastAnswer()), nil
	}
	return history.Outcome{Outcome: history.StepDone, SignedIn: true}, nil
}

func shown(kind customer.Kind, value, folded string, body []byte) bool {
	key := match.Key(value)
	if key == "" {
		return false // an empty value would be found in anything
	}
	return strings.Contains(folded, key) || kind == customer.Phone && showsPhone(value, body)
}

// showsPhone leaves the trunk prefix out: "070-174" is +46 70 174.
func showsPhone(value string, body []byte) bool {
	digits := strings.TrimLeft(match.Digits(value), "0")
	return len(digits) >= minPhone && strings.Contains(match.Digits(string(body)), digits)
}

// remember reads values out of the last response.
func (c *Client) remember(st scenarios.Step) (history.Outcome, error) {
	if c.last == nil {
		return failed("remember: nothing was requested yet"), nil
	}
	o := done
	for _, m := range st.Remember {
		value, where, problem := c.find(m)
		if problem != "" {
			return failed("remember %s: %s", m.Kind, problem), nil
		}
		o.Learned = append(o.Learned, history.LearnedValue{
			Kind: string(m.Kind), Value: value, Place: c.last.exchange.Place, Where: where, Marker: !m.Hold,
		})
	}
	return o, nil
}

func (c *Client) find(m scenarios.Memory) (value, where, problem string) {
	switch {
	case m.JSON != "":
		value, where, problem = c.findJSON(m.JSON)
	case m.Header != "":
		value = strings.Join(c.last.header[textproto.CanonicalMIMEHeaderKey(m.Header)], "\n")
		where = strings.ToLower(m.Header)
		if value == "" {
			problem = fmt.Sprintf("%s has no header %s", c.last.what(), m.Header)
		}
	default:
		value = string(c.last.body)
	}
	if problem == "" && m.Match != "" {
		value, problem = c.match(value, m.Match)
	}
	if problem == "" && value == "" {
		problem = "it is empty in " + c.last.what()
	}
	return value, where, problem
}

// findJSON is a single value in the last response. where is its pointer as the
// judge writes pointers: the same for every element of a list.
func (c *Client) findJSON(pointer string) (value, where, problem string) {
	path, err := scenarios.ParsePath(pointer)
	if err != nil {
		return "", "", err.Error()
	}
	var document any
	decoder := json.NewDecoder(bytes.NewReader(c.last.body))
	decoder.UseNumber() // order numbers must keep their digits
	if err := decoder.Decode(&document); err != nil || !json.Valid(c.last.body) {
		return "", "", c.lastAnswer() + " are no JSON"
	}
	found, ok := path.In(document)
	if !ok {
		return "", "", fmt.Sprintf("no %s in %s", pointer, c.lastAnswer())
	}
	switch found.(type) {
	case string, json.Number, bool:
		return fmt.Sprint(found), path.Template(), ""
	}
	return "", "", fmt.Sprintf("%s is no single value in %s", pointer, c.last.what())
}

func (c *Client) match(text, expression string) (value, problem string) {
	re, err := regexp.Compile(expression)
	if err != nil {
		return "", err.Error()
	}
	groups := re.FindStringSubmatch(text)
	switch {
	case groups == nil:
		return "", fmt.Sprintf("%s matches nothing in %s", expression, c.last.what())
	case len(groups) > 1:
		return groups[1], ""
	}
	return groups[0], ""
}
