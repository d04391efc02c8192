package demoshop

import (
	_ "embed" // the worker
	"html/template"
	"net/http"
	"strings"
	"sync"
)

//go:embed offline/worker.js
var offlineWorker string

// offlineCopies is the fault offline-copy: the account page brings a service
// worker that keeps a copy of it by its address, shows that copy first whenever
// somebody is signed in, and fetches a fresh one behind it. Signing out leaves
// the copy. The harm: whoever signs in next on that device is shown the one
// before, until they load the page again.
//
// What a worker shows cannot be decided at the shop, so the fault's rate is the
// share of sign-ins, on a device that has a copy of another customer's, at which
// the shop forgets to have the browser drop it. In the variants that let one part
// go astray the worker keeps the call for that part alone, which the account page
// then makes.
type offlineCopies struct {
	fault   *lever
	names   *names
	address string // of what the worker keeps
	mu      sync.Mutex
	held    map[string]string // the account of whom a device has a copy, by device
}

func newOfflineCopies(l levers, n *names) *offlineCopies {
	c := &offlineCopies{fault: l[OfflineCopy], names: n, held: map[string]string{}}
	switch only := n.onlyCall(c.fault); {
	case c.fault == nil: // its names are no names of the shop
	case only != "":
		c.address = only
	default:
		c.address = n.text("/~account")
	}
	return c
}

// offlineWorker serves the service worker.
func (o *origin) offlineWorker(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
	send(w, []byte(strings.ReplaceAll(o.text(offlineWorker), o.of("kept-address"), o.copies.address)))
}

// bring is what the account page has to bring the worker: nothing in a healthy
// shop.
func (o *origin) bring(w http.ResponseWriter, r *http.Request) template.HTML {
	if o.copies.fault == nil {
		return ""
	}
	o.deviceOf(w, r) // so that the shop knows it again
	script := `if (navigator.serviceWorker) navigator.serviceWorker.register('/~offline.js', { scope: '/~account' });`
	if !o.copies.fault.is(Plain) {
		script += `
fetch('` + o.copies.address + `').then((r) => r.json()).then((part) => {
  const p = document.createElement('p');
  p.textContent = Object.values(part).join(', ');
  document.getElementById('~member-card').append(p);
}).catch(() => {});`
	}
	return template.HTML("<script>" + o.text(script) + "</script>") //nolint:gosec // there is nothing of anybody's in it
}

// note remembers of whom a worker keeps a copy: it says so when it fetches one.
func (o *origin) note(r *http.Request) {
	if o.copies.fault == nil || r.URL.Path != o.copies.address || r.Header.Get("X-"+o.of("copies")) == "" {
		return
	}
	device, err := r.Cookie(o.of("device"))
	se, ok := o.store.session(webSession, o.sessionCookie(r))
	if err == nil && ok && se.account != "" {
		o.copies.hold(device.Value, se.account)
	}
}

func (c *offlineCopies) hold(device, account string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.held) >= mostHeld {
		clear(c.held)
	}
	c.held[device] = account
}

// takeOver has a browser drop the copies of another customer when somebody signs
// in there, unless that is forgotten.
func (o *origin) takeOver(w http.ResponseWriter, r *http.Request, user account) {
	if o.copies.fault == nil {
		return
	}
	device, err := r.Cookie(o.of("device"))
	if err == nil && o.copies.drops(device.Value, user.ID) {
		w.Header().Set("Clear-Site-Data", `"storage"`)
	}
}

func (c *offlineCopies) drops(device, account string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	of, has := c.held[device]
	if !has || of == account || c.fault.strikes() {
		return false
	}
	delete(c.held, device)
	return true
}

func (c *offlineCopies) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.held)
}

func offlineCopyInfo() Info {
	return Info{
		Name:      OfflineCopy,
		Class:     23,
		Incident:  "an app that works offline, issue 332: its service worker kept answers by address, and showed them to whoever signed in next on that device when the network failed",
		Mechanism: "a service worker keeps the account by its address and shows its copy before a fresh one comes, and neither a sign-out nor the next customer's sign-in takes it away",
		Where:     "fault_offline_copy.go and offline/worker.js, asked by origin.account, origin.signIn and origin.ServeHTTP",
	}
}
