package demoshop

import (
	"slices"
	"time"
)

// newSession begins a session. An account id signs it in.
func (s *store) newSession(kind sessionKind, accountID string, basket []line) session {
	s.mu.Lock()
	defer s.mu.Unlock()
	se := &session{
		id: s.nameSession(kind, accountID), kind: kind, csrf: randomID(),
		account: accountID, basket: basket, seen: time.Now(),
	}
	s.sessions[se.id] = se
	if s.made++; s.made%1000 == 0 {
		s.sweep()
	}
	return se.copy(se.id)
}

// nameSession is what a new session is kept under.
func (s *store) nameSession(kind sessionKind, accountID string) string {
	if kind == webSession {
		return s.ids.id(accountID)
	}
	return randomID()
}

// sweep forgets idle sessions. The caller holds the lock.
func (s *store) sweep() {
	for id, se := range s.sessions {
		if time.Since(se.seen) > sessionIdle {
			delete(s.sessions, id)
		}
	}
}

// session finds a living session.
func (s *store) session(kind sessionKind, id string) (session, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	se, ok := s.sessions[id]
	if !ok || se.kind != kind || time.Since(se.seen) > sessionIdle {
		return session{}, false
	}
	se.seen = time.Now()
	return se.copy(id), true
}

func (se *session) copy(id string) session {
	c := *se
	c.id = id
	c.orders = slices.Clone(se.orders)
	return c
}

// signIn replaces a session by a signed-in one with a new id, so that an id
// known before the sign-in is worth nothing after it. The basket of somebody
// unknown comes along; that of another customer stays behind.
func (s *store) signIn(old session, accountID string) session {
	if old.account != "" {
		return s.newSession(webSession, accountID, nil)
	}
	fresh := s.newSession(webSession, accountID, old.basket)
	s.endSession(old.id)
	return fresh
}

// endSession makes a session's own id worthless. Ids that aliasSession gave it
// live on.
func (s *store) endSession(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if se := s.sessions[id]; se != nil && se.id == id {
		delete(s.sessions, id)
	}
}

// aliasSession gives a session one more id. Only the fault cached-cookie does.
func (s *store) aliasSession(id string) (string, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	se, ok := s.sessions[id]
	if !ok {
		return "", false
	}
	fresh := randomID()
	s.sessions[fresh] = se
	return fresh, true
}

// changeBasket replaces a session's basket by what change makes of it.
func (s *store) changeBasket(id string, change func([]line) []line) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if se := s.sessions[id]; se != nil {
		se.basket = change(se.basket)
	}
}

// rememberGuest keeps how to reach somebody without an account, and to deliver
// to them, for the next time in the same session.
func (s *store) rememberGuest(id string, c contact) account {
	s.mu.Lock()
	defer s.mu.Unlock()
	se := s.sessions[id]
	if se == nil {
		return account{}
	}
	member := se.guest.Member
	if member == "" {
		member = randomID()
	}
	se.guest = account{contact: c, parts: partsOf(c, member)}
	return se.guest
}

// owns says whether a session may see an order.
func (se session) owns(o order) bool {
	if o.Account != "" {
		return o.Account == se.account
	}
	return slices.Contains(se.orders, o.Key)
}
