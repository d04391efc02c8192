package demoshop

import "net/http"

// renewal is the half of the fault cached-cookie at the origin: middleware
// that renews a cookie on every page: the session's, or in the variants one of
// those that a browser keeps of its customer. On personal pages that would do no
// harm; on public ones the answer still says s-maxage, and now carries a
// Set-Cookie with what is somebody's. As with the stateless cookies of the
// frameworks that had this bug, a renewed id outlives the sign-out.
type renewal struct {
	fault *lever
}

// renew sets the cookie anew. The session of a request gets another id, valid
// beside the old one.
func (o *origin) renew(w http.ResponseWriter, r *http.Request) {
	fault, id := o.renewal.fault, o.sessionCookie(r)
	if fault == nil || id == "" {
		return
	}
	if fault.is(Plain) {
		if fresh, ok := o.store.aliasSession(id); ok {
			o.setCookie(w, fresh)
		}
		return
	}
	se, _ := o.store.session(webSession, id)
	if a, ok := o.store.account(se.account); ok {
		o.hand(w, fault.variant, "", a)
	}
}

// bypassRule is the other half, at the edge. Requests with a session cookie
// bypass the cached copy of a public page, as they should, but what they bring
// back replaces that copy, for as long as the page says, for every language,
// and Set-Cookie no longer keeps it out. The fault's rate is the share of those
// without a session who are given such a copy while there is one.
type bypassRule struct {
	fault *lever
}

// on says whether the rule is in force at all.
func (b bypassRule) on() bool { return b.fault != nil }

// takes stores public pages that set a cookie, with the cookie.
func (b bypassRule) takes(_ *http.Request, a *answer, _ bool) (keeping, bool) {
	c := a.control()
	ok := b.on() && a.status == http.StatusOK && c.public && len(a.header.Values("Set-Cookie")) > 0
	return keeping{life: c.life}, ok
}

// serves leaves those out who say who they are.
func (b bypassRule) serves(_ stored, to asking) serving { return astray(!to.known) }

func (b bypassRule) lever() *lever { return b.fault }

func cachedCookieInfo() Info {
	return Info{
		Name:      CachedCookie,
		Class:     5,
		Incident:  "token refresh on cacheable pages, in several web frameworks since 2023: the cached page carries Set-Cookie and hands over whole sessions",
		Mechanism: "the origin renews the session cookie, or in the variants one that says something of the customer, on public pages too, and the edge stores that answer with its Set-Cookie for as long as the page lives (20 seconds)",
		Where:     "fault_cached_cookie.go, asked by origin.public, and one of the edge's rules",
	}
}
