// Package api drives sessions of a JSON API client, as a mobile app is one.
//
// It performs scenario steps over net/http, each session with a cookie jar and
// connections of its own, and records every request and response, redirects
// one by one, as it was on the wire. It must not know what the responses mean
// for anybody, and adds nothing to a request that such a client would not send.
package api
