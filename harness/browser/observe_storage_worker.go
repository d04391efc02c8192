package browser

import (
	"sort"

	"github.com/go-rod/rod"
	"github.com/go-rod/rod/lib/proto"

	"crosstalk/harness/history"
)

// mostRegistrations bounds the service workers that are kept in mind.
const mostRegistrations = 200

// registrations are the session's service workers.
type registrations struct {
	all map[proto.ServiceWorkerRegistrationID]registration
}

type registration struct{ scope, script string }

func (r *registrations) take(m *rod.Message) {
	if r.all == nil {
		r.all = map[proto.ServiceWorkerRegistrationID]registration{}
	}
	handled(m, func(e *proto.ServiceWorkerWorkerRegistrationUpdated) {
		for _, x := range e.Registrations {
			if !x.IsDeleted {
				r.note(x.RegistrationID, registration{scope: x.ScopeURL})
			}
		}
	})
	handled(m, func(e *proto.ServiceWorkerWorkerVersionUpdated) {
		for _, x := range e.Versions {
			r.note(x.RegistrationID, registration{script: x.ScriptURL})
		}
	})
}

func (r *registrations) note(id proto.ServiceWorkerRegistrationID, news registration) {
	old, known := r.all[id]
	if !known && len(r.all) >= mostRegistrations {
		return
	}
	if news.scope == "" {
		news.scope = old.scope
	}
	if news.script == "" {
		news.script = old.script
	}
	r.all[id] = news
}

// recordWorkers records the service workers that were registered: where they
// rule, and their script.
func (s *Session) recordWorkers() (foreign bool) {
	s.storage.mu.Lock()
	byOrigin := map[string][]history.Segment{}
	for _, r := range s.storage.workers.all {
		origin := originOf(r.scope)
		byOrigin[origin] = append(byOrigin[origin], history.Segment{
			Where: pathTemplate(r.scope), Text: r.scope + " " + r.script,
		})
	}
	s.storage.mu.Unlock()
	for origin, all := range byOrigin {
		sort.Slice(all, func(i, j int) bool { return all[i].Text < all[j].Text })
		foreign = s.keep(s.placed("Service Worker", origin), origin, "", all) || foreign
	}
	return foreign
}
