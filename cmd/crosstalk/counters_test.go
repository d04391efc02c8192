package main

import "sync"

// syncMap holds the servers of the scripts that run side by side.
type syncMap struct {
	mu sync.Mutex
	m  map[string]*counted
}

func (s *syncMap) Store(key string, c *counted) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.m == nil {
		s.m = map[string]*counted{}
	}
	s.m[key] = c
}

func (s *syncMap) Load(key string) (*counted, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, ok := s.m[key]
	return c, ok
}
