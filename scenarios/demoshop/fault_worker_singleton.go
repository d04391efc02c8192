package demoshop

import "sync"

// pageStates is the fault worker-singleton: each worker that renders pages has
// the state of a page in a variable of its module, made when the worker
// starts. A request sets what it knows, and the page shows the state.
//
// The harm: a request of somebody signed in sets the customer; one of somebody
// unknown has none to set, and its page shows the customer of the request that
// the worker served before. The fault's rate is the share of such pages whose
// state was not made anew. In its variants only one part of the customer is in
// the state; the rest comes from the request.
type pageStates struct {
	fault *lever
	mu    sync.Mutex
	held  [workers]account // whom each worker's last page was made for, if anyone signed in
}

// user is whom a page is rendered for, where the request knows of known.
func (s *pageStates) user(v *visit, known account) account {
	if s.fault == nil {
		return known
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	left := s.held[v.worker]
	switch {
	case v.signedIn():
		s.held[v.worker] = known
	case left.ID != "" && s.fault.strikes():
		return s.fault.variant.astray(known, left)
	}
	return known
}

// restart makes the workers begin anew.
func (s *pageStates) restart() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.held = [workers]account{}
}

func workerSingletonInfo() Info {
	return Info{
		Name:      WorkerSingleton,
		Class:     13,
		Incident:  "pages rendered at the server by single-page frameworks, and long-lived workers of a server-side language: a store of the module outlives its request",
		Mechanism: "each of four workers keeps the state of the page it rendered last, a request sets only what it has, and the page of a visitor who is not signed in shows the customer of the page before",
		Where:     "fault_worker_singleton.go, asked by origin.shownTo",
	}
}
