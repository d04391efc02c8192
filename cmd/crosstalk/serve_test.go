package main

import (
	"errors"
	"net"
	"net/http"
	"time"
)

// served is an HTTP server under way.
type served struct {
	server *http.Server
	done   chan error // what Serve answered, once
}

// serve serves a handler until stopped.
func serve(l net.Listener, h http.Handler) *served {
	s := &served{server: &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}, done: make(chan error, 1)}
	go func() { s.done <- s.server.Serve(l) }()
	return s
}

// stop ends the server with the connections it has.
func (s *served) stop() error {
	err := s.server.Close()
	if ended := <-s.done; !errors.Is(ended, http.ErrServerClosed) {
		err = errors.Join(err, ended)
	}
	return err
}
