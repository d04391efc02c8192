package browser

import "github.com/go-rod/rod"

// noticed takes what a target said beside its page.
func (s *Session) noticed(t *target, m *rod.Message) {}
