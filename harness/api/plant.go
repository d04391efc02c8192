package api

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"crosstalk/harness/history"
	"crosstalk/scenarios"
)

// cookiePiece is how long one cookie may be, with its name: browsers take 4096
// bytes.
const cookiePiece = 4000

// plant puts a cookie into the jar, for the target's host, or takes it out.
func (c *Client) plant(st scenarios.Step, fields scenarios.Fields) (history.Outcome, error) {
	if st.Cookie == nil {
		return failed("the step has no cookie"), nil
	}
	target, err := url.Parse(c.spec.Target)
	if err != nil {
		return history.Outcome{}, fmt.Errorf("parse target: %w", err)
	}
	as, err := fields.Cookie(*st.Cookie)
	if err != nil {
		return history.Outcome{}, err //nolint:wrapcheck // Do names the step
	}
	target.Path = "/"
	switch {
	case as.Size > 0:
		c.jar.put(target, filling(as.Name, as.Size))
	case as.Value != "":
		c.jar.put(target, []*http.Cookie{{Name: as.Name, Value: as.Value, Path: "/"}})
	default:
		c.jar.remove(target, as.Name)
	}
	return done, nil
}

// filling is so many bytes of cookies, named NAME-1, NAME-2, ….
func filling(name string, size int) []*http.Cookie {
	var all []*http.Cookie
	for left := size; left > 0; left -= cookiePiece {
		piece := fmt.Sprintf("%s-%d", name, len(all)+1)
		length := max(min(left, cookiePiece)-len(piece)-len("="), 1)
		all = append(all, &http.Cookie{Name: piece, Value: strings.Repeat("x", length), Path: "/"})
	}
	return all
}

// put keeps cookies that no shop set. The jar does not tell of them: nobody was
// shown them.
func (j *jar) put(u *url.URL, cookies []*http.Cookie) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.inner.SetCookies(u, cookies)
	for _, c := range cookies {
		delete(j.known, cookieKey{strings.ToLower(u.Hostname()), "/", c.Name})
		j.planted[c.Name] = true
	}
}

// remove takes a cookie out of the jar wherever it is kept for this host, and
// all that were put in under numbers of its name.
func (j *jar) remove(u *url.URL, name string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	ours := func(cookie string) bool {
		number, numbered := strings.CutPrefix(cookie, name+"-")
		return cookie == name || numbered && j.planted[cookie] && strings.Trim(number, "0123456789") == ""
	}
	for planted := range j.planted {
		if ours(planted) {
			j.inner.SetCookies(u, []*http.Cookie{{Name: planted, Path: "/", MaxAge: -1}})
			delete(j.planted, planted)
		}
	}
	for key, note := range j.known {
		if ours(key.name) && sameSite(key.domain, u.Hostname()) {
			gone := &http.Cookie{Name: key.name, Path: key.path, MaxAge: -1}
			if strings.Contains(note.attributes, "Domain=") {
				gone.Domain = key.domain
			}
			j.inner.SetCookies(&note.at, []*http.Cookie{gone})
			delete(j.known, key)
		}
	}
}

// sameSite says whether a host is sent the cookies of a domain.
func sameSite(domain, host string) bool {
	host = strings.ToLower(host)
	return host == domain || strings.HasSuffix(host, "."+domain)
}
