package api_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"crosstalk/harness/api"
	"crosstalk/harness/history"
)

func TestEveryRequestCarriesAnEchoOfItsOwnAcrossRedirectsAndNotToOtherHosts(t *testing.T) {
	other := serve(t, func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusNoContent) })
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Request-Id", r.Header.Get("X-Request-Id"))
		switch r.URL.Path {
		case "/old":
			http.Redirect(w, r, "/new", http.StatusFound)
		case "/away":
			http.Redirect(w, r, other.URL, http.StatusFound)
		}
	})
	s := open(t, server.URL, func(o *api.Options, _ *history.SessionSpec) { o.Echo, o.Seed = []string{"X-Request-Id"}, 7 })
	s.do("visit: /", "visit: /old", "reload:", "request: {url: /, headers: {X-Request-Id: mine}}", "visit: /away")

	seen := map[string]bool{}
	for _, x := range s.exchanges {
		sent := value(x.RequestHeaders, "X-Request-Id")
		if x.URL == other.URL+"/" || x.URL == other.URL {
			assert.Empty(t, sent, "another host's traffic is left alone")
			continue
		}
		require.Len(t, sent, 1)
		assert.Equal(t, sent, value(x.Headers, "X-Request-Id"))
		assert.False(t, seen[sent[0]], "%s came twice", sent[0])
		seen[sent[0]] = true
	}
	assert.True(t, seen["mine"], "a step's own header stays")
	assert.Len(t, seen, 7)
}

func TestWithoutAnEchoNoHeaderIsAdded(t *testing.T) {
	s := open(t, serve(t, shop).URL)
	s.do("visit: /nothing")
	assert.Empty(t, value(s.exchanges[0].RequestHeaders, "X-Request-Id"))
}
