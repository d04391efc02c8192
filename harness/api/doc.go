// Package api drives sessions of a JSON API client, as a mobile app is one.
//
// It performs scenario steps over net/http, each session with a cookie jar and
// connections of its own, and records every request and response, redirects
// one by one, as it was on the wire, and every message of the event streams
// and WebSockets that stay open beside the steps. It must not know what they
// mean for anybody, and adds nothing to a request that such a client would not
// send.
//
// Steps are in steps.go, evidence.go, plant.go and stream_steps.go. A request is written
// in payload.go and echo.go, sent, with its redirects, in send.go over a
// transport.go of the session's own, and recorded in exchange.go, with what
// wire.go noted of the connection, coding.go of the body and jar.go of the
// cookies. What stays open is a stream (stream.go): of events (stream_events.go,
// read by events.go) or a WebSocket (stream_socket.go); its messages wait in
// inbox.go for a step that hears them.
//
// What a schedule asks of a session is in hold.go (requests that wait at the
// network), become.go (another customer takes the client over) and network.go
// (connections that are slow, lost, or left behind).
package api
