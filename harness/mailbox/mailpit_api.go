package mailbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Bounds of what is read from Mailpit.
const (
	pageSize = 200
	maxPages = 50       // in one look
	maxPage  = 16 << 20 // bytes of one page
	asking   = 20 * time.Second
)

// mailpitAPI reads version 1 of Mailpit's HTTP API. It asks for nothing that
// marks a mail as read: people may be looking at the same server.
type mailpitAPI struct {
	base   *url.URL
	client *http.Client
}

func newMailpitAPI(base string) (*mailpitAPI, error) {
	u, err := url.Parse(strings.TrimRight(base, "/"))
	if err != nil {
		return nil, errors.New("its address cannot be read") // not the address: it may hold a password
	}
	if (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
		return nil, errors.New("its address is not like http://host:8025")
	}
	u.RawQuery, u.Fragment = "", ""
	return &mailpitAPI{base: u, client: &http.Client{Timeout: asking}}, nil
}

// person is an address as Mailpit lists it.
type person struct{ Name, Address string }

// summary is a mail as Mailpit lists it.
type summary struct {
	ID, MessageID, Subject string
	From                   person
	To, Cc, Bcc            []person
}

// recipients are everybody whom the mail names, once each; one without an
// address when it names nobody.
func (s summary) recipients() []string {
	var out []string
	known := map[string]bool{}
	for _, list := range [][]person{s.To, s.Cc, s.Bcc} {
		for _, p := range list {
			spelled := canonical(p.Address)
			if spelled == "" || known[spelled] || len(out) >= maxRecipients {
				continue
			}
			known[spelled] = true
			out = append(out, p.Address)
		}
	}
	if len(out) == 0 {
		return []string{""}
	}
	return out
}

// page lists mails from one on, the newest first.
func (a *mailpitAPI) page(ctx context.Context, start int) ([]summary, error) {
	u := a.base.JoinPath("api/v1/messages")
	u.RawQuery = url.Values{"start": {strconv.Itoa(start)}, "limit": {strconv.Itoa(pageSize)}}.Encode()
	body, status, err := a.get(ctx, u, maxPage)
	if err != nil {
		return nil, err
	}
	if status != http.StatusOK {
		return nil, fmt.Errorf("%s answers %d%s", a.base.Redacted(), status, hint(status))
	}
	var answer struct{ Messages *[]summary }
	if err := json.Unmarshal(body, &answer); err != nil || answer.Messages == nil {
		return nil, fmt.Errorf("%s does not answer as Mailpit does", a.base.Redacted())
	}
	return *answer.Messages, nil
}

func hint(status int) string {
	if status == http.StatusUnauthorized || status == http.StatusForbidden {
		return ": put user and password into the address, http://user:password@host"
	}
	return ""
}

// raw is a mail as it came, and why it is not whole. An error means that it may
// be had later.
func (a *mailpitAPI) raw(ctx context.Context, id string) (raw []byte, unseen string, err error) {
	body, status, err := a.get(ctx, a.base.JoinPath("api/v1/message", url.PathEscape(id), "raw"), MaxSize+1)
	switch {
	case err != nil:
		return nil, "", err
	case status == http.StatusNotFound:
		return nil, UnseenGone, nil
	case status != http.StatusOK:
		return nil, "", fmt.Errorf("%s answers %d for a mail", a.base.Redacted(), status)
	case len(body) > MaxSize:
		return body[:MaxSize], UnseenLarge, nil
	}
	return body, "", nil
}

// get reads an answer up to a bound.
func (a *mailpitAPI) get(ctx context.Context, u *url.URL, most int64) (body []byte, status int, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, 0, errors.New("its address cannot be asked")
	}
	resp, err := a.client.Do(r)
	if err != nil {
		return nil, 0, fmt.Errorf("ask mailpit: %w", err) // with the address, its password hidden
	}
	defer func() { _ = resp.Body.Close() }() // it was only read
	body, err = io.ReadAll(io.LimitReader(resp.Body, most))
	if err != nil {
		return nil, 0, fmt.Errorf("read mailpit's answer: %w", err)
	}
	return body, resp.StatusCode, nil
}
