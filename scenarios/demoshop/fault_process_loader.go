package demoshop

import (
	"net/http"
	"sync"
	"time"
)

// processLoader is the fault process-loader: a loader that remembers what was
// read, so that one request need not read it twice, is made once for each
// process. The harm: it remembers by the query ("me", "my orders"), which says
// who is meant only together with the request, and looks whether somebody may
// read only when it reads. The fault's rate is the share of calls by others,
// while a process remembers an answer, that are given it.
//
// In its variants only the call for one part goes through the loader.
type processLoader struct {
	fault *lever
	paths []string // of the calls that go through it
	now   func() time.Time
	mu    sync.Mutex
	held  [workers]map[string]remembered // of each process, by query
}

// remembered is for whom a query was answered last.
type remembered struct {
	user  account
	until time.Time
}

// loaderLife is how long a loader remembers an answer.
const loaderLife = 3 * time.Second

// loaded are the calls that go through the loader.
func loaded(fault *lever, n *names) []string {
	switch only := n.onlyCall(fault); {
	case fault == nil:
		return nil
	case only != "":
		return []string{only}
	}
	return []string{n.text("/~api/~me"), n.text("/~api/~orders")}
}

// load finds out for whom a call is answered.
func (l *processLoader) load(r *http.Request, v *visit) {
	for _, path := range l.paths {
		if path == r.URL.Path {
			l.answer(&l.held[workerOf(r)], path, v)
		}
	}
}

func (l *processLoader) answer(held *map[string]remembered, query string, v *visit) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	switch last, ok := (*held)[query]; {
	case ok && now.Before(last.until):
		if last.user.ID != v.user.ID && l.fault.strikes() {
			v.user = last.user
		}
	case v.signedIn():
		if *held == nil {
			*held = map[string]remembered{}
		}
		(*held)[query] = remembered{v.user, now.Add(loaderLife)}
	}
}

// flush makes the processes begin anew.
func (l *processLoader) flush() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, held := range l.held {
		clear(held)
	}
}

func processLoaderInfo() Info {
	return Info{
		Name:      ProcessLoader,
		Class:     16,
		Incident:  "an orchestration platform, issue 12020: a loader that should live as long as one request lived as long as the process, and every hit skipped the check",
		Mechanism: "a loader that remembers queries is made once for each of four processes, and remembers for three seconds by the query, not by who asked: the next one's same call is answered with the first one's data, without asking whether anyone is signed in",
		Where:     "fault_process_loader.go, asked by origin.reader",
	}
}
