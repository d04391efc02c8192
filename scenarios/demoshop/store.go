package demoshop

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"strings"
	"sync"
	"time"
)

// store is the shop's database: in memory, safe for concurrent use, and as
// slow as it is told to be. What it hands out are copies.
type store struct {
	latency  time.Duration
	ids      *clockedIDs // names sessions
	mu       sync.Mutex
	accounts map[string]account // by id
	byEmail  map[string]string  // lower case e-mail → account id
	orders   map[string]order   // by key
	byOwner  map[string][]string
	sessions map[string]*session // by cookie or bearer; two ids may share one
	number   int                 // the last order's
	made     int                 // sessions made, to know when to sweep
	placed   bell                // rings at each order
}

// session is what the shop remembers between the requests of one client.
type session struct {
	id      string
	kind    sessionKind
	csrf    string
	account string // id; empty while nobody has signed in
	basket  []line // replaced, never written to
	orders  []string
	guest   account // who ordered, or tried to, without an account; no ID
	seen    time.Time
}

type sessionKind int

const (
	webSession sessionKind = iota // in a cookie
	appSession                    // in a bearer token
)

// sessionIdle is how long a session lives unused.
const sessionIdle = 2 * time.Hour

func newStore(latency time.Duration, ids *clockedIDs) *store {
	return &store{
		latency:  latency,
		ids:      ids,
		accounts: map[string]account{},
		byEmail:  map[string]string{},
		orders:   map[string]order{},
		byOwner:  map[string][]string{},
		sessions: map[string]*session{},
		number:   firstNumber,
	}
}

func (s *store) clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.accounts)
	clear(s.byEmail)
	clear(s.orders)
	clear(s.byOwner)
	clear(s.sessions)
}

// wait is the time a query takes.
func (s *store) wait(ctx context.Context) { s.waitAtLeast(ctx, 0) }

func (s *store) waitAtLeast(ctx context.Context, least time.Duration) {
	d := max(s.latency, least)
	if d <= 0 {
		return
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}

var errTaken = errors.New("this e-mail address is already registered")

func (s *store) createAccount(a account) (account, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	mail := strings.ToLower(a.Email)
	if _, taken := s.byEmail[mail]; taken {
		return account{}, errTaken
	}
	a.ID, a.parts = randomID(), partsOf(a.contact, randomID())
	s.accounts[a.ID], s.byEmail[mail] = a, a.ID
	return a, nil
}

func (s *store) account(id string) (account, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, ok := s.accounts[id]
	return a, ok
}

func (s *store) accountByEmail(email string) (account, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, ok := s.accounts[s.byEmail[strings.ToLower(strings.TrimSpace(email))]]
	return a, ok
}

func (s *store) setPicture(id string, picture []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if a, ok := s.accounts[id]; ok {
		a.Picture = picture
		s.accounts[id] = a
	}
}

// deleteAccount removes an account with its orders and sessions.
func (s *store) deleteAccount(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.byEmail, strings.ToLower(s.accounts[id].Email))
	delete(s.accounts, id)
	for _, key := range s.byOwner[id] {
		delete(s.orders, key)
	}
	delete(s.byOwner, id)
	for sid, se := range s.sessions {
		if se.account == id {
			delete(s.sessions, sid)
		}
	}
}

// place gives an order its key and number, keeps it, and remembers it in the
// session, which is how a guest comes back to it.
func (s *store) place(sid string, o order) order {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.number++
	o.Key, o.Number, o.Placed = randomID(), s.number, time.Now()
	if o.Member == "" { // a guest's
		o.parts = partsOf(o.Contact, randomID())
	}
	s.orders[o.Key] = o
	if o.Account != "" {
		s.byOwner[o.Account] = append(s.byOwner[o.Account], o.Key)
	}
	if se := s.sessions[sid]; se != nil {
		se.basket = nil
		se.orders = append(se.orders, o.Key)
	}
	s.placed.ring()
	return o
}

func (s *store) order(key string) (order, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	o, ok := s.orders[key]
	return o, ok
}

// latestOrders is how many orders a history shows.
const latestOrders = 10

// ordersOf lists an account's latest orders, the newest first.
func (s *store) ordersOf(account string) []order {
	s.mu.Lock()
	defer s.mu.Unlock()
	keys := s.byOwner[account]
	out := make([]order, 0, latestOrders)
	for i := len(keys) - 1; i >= max(0, len(keys)-latestOrders); i-- {
		out = append(out, s.orders[keys[i]])
	}
	return out
}

// randomID is 96 random bits as hexadecimal digits.
func randomID() string {
	b := make([]byte, 12)
	rand.Read(b) // never fails since Go 1.24
	return hex.EncodeToString(b)
}
