package api

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"crosstalk/harness/history"
	"crosstalk/harness/match"
	"crosstalk/scenarios"
)

// What the recorded exchanges are, in the journal's words.
const (
	resourceAPI      = "api"
	resourceDownload = "download"
)

// visit reads an address. A status such as 404 is an answer like any other:
// passers-by are sent to doors that are closed.
func (c *Client) visit(ctx context.Context, st scenarios.Step, fields scenarios.Fields) (history.Outcome, error) {
	call, err := fields.Call(scenarios.Call{Method: http.MethodGet, URL: st.URL})
	if err != nil {
		return history.Outcome{}, err //nolint:wrapcheck // Do names the step
	}
	call.Expect = anyAnswer
	return c.ask(ctx, call, fields, resourceAPI)
}

// anyAnswer in Call.Expect: every status below 500.
const anyAnswer = -1

func (c *Client) request(ctx context.Context, st scenarios.Step, fields scenarios.Fields) (history.Outcome, error) {
	if st.Request == nil {
		return failed("the step has no request"), nil
	}
	call, err := fields.Call(*st.Request)
	if err != nil {
		return history.Outcome{}, err //nolint:wrapcheck // Do names the step
	}
	resource := resourceAPI
	if st.Op == scenarios.Download {
		resource = resourceDownload
	}
	return c.ask(ctx, call, fields, resource)
}

// reload asks again for what was read last.
func (c *Client) reload(ctx context.Context, fields scenarios.Fields) (history.Outcome, error) {
	switch {
	case c.lastCall == nil:
		return failed("nothing to reload: nothing was read yet"), nil
	case c.lastCall.Method != http.MethodGet && c.lastCall.Method != http.MethodHead:
		return failed("nothing to reload: the last request was a %s", c.lastCall.Method), nil
	}
	return c.ask(ctx, *c.lastCall, fields, resourceAPI)
}

func (c *Client) ask(ctx context.Context, call scenarios.Call, fields scenarios.Fields, resource string) (history.Outcome, error) {
	out, err := c.outgoing(call, fields, resource)
	if err != nil {
		return history.Outcome{}, err
	}
	c.lastCall = &call
	a := c.call(ctx, out, call.Expect)
	status := a.exchange.Status
	switch {
	case a.failure != "":
		return failed("%s", a.failure), nil
	case call.Expect > 0 && status != call.Expect:
		return failed("%s answered %d, expected %d", a.what(), status, call.Expect), nil
	case call.Expect == 0 && status >= 400, status >= 500 && call.Expect != status:
		return failed("%s answered %d", a.what(), status), nil
	}
	return done, nil
}

// see looks at the last response: an API client has nothing to wait for.
func (c *Client) see(st scenarios.Step, fields scenarios.Fields) (history.Outcome, error) {
	if c.last == nil {
		return failed("nothing was requested yet"), nil
	}
	if st.URL != "" {
		return c.seeURL(st.URL, fields)
	}
	if st.Target == nil {
		return failed("the step has no text"), nil
	}
	text, err := fields.Expand(st.Target.Text)
	if err != nil {
		return history.Outcome{}, err //nolint:wrapcheck // Do names the step
	}
	if !contains(string(c.last.body), text) {
		return failed("text %q: not in %s", st.Target.Text, c.lastAnswer()), nil
	}
	return done, nil
}

// contains compares as people read; text without letters or digits, which
// folds to nothing, as it is.
func contains(body, text string) bool {
	if key := match.Key(text); key != "" {
		return strings.Contains(match.Key(body), key)
	}
	return text != "" && strings.Contains(body, text)
}

// seeURL compares addresses without their query, unless one is asked for.
func (c *Client) seeURL(ref string, fields scenarios.Fields) (history.Outcome, error) {
	want, err := fields.Resolve(ref)
	if err != nil {
		return history.Outcome{}, err //nolint:wrapcheck // Do names the step
	}
	is, err := url.Parse(c.url)
	if err != nil {
		return failed("the client stands nowhere"), nil //nolint:nilerr // the shop sent it there
	}
	is.Fragment = ""
	if !strings.Contains(want, "?") {
		is.RawQuery = ""
	}
	if is.String() != want {
		return failed("url %s: the client stands at %s", ref, history.PlaceOf(http.MethodGet, c.url, c.target)), nil
	}
	return done, nil
}
