// Package api drives sessions of a JSON API client, as a mobile app is one.
//
// It performs scenario steps over net/http, each session with a cookie jar and
// connections of its own, and records every request and response, redirects
// one by one, as it was on the wire, and every message of the event streams
// and WebSockets that stay open beside the steps. It must not know what they
// mean for anybody, and adds nothing to a request that such a client would not
// send.
package api
