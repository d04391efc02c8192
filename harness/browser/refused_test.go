package browser

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

func refuse(status int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }
}

func TestAFailedStepNamesTheRequestThatWasRefusedBeforeIt(t *testing.T) {
	oneAfterTheOther(t)
	t.Parallel()
	other := shop(t, map[string]http.HandlerFunc{"/": html("Other")})
	page := html(`<button onclick="fetch('/api/sign-in/42', {method: 'POST'}).catch(() => {})">Sign in</button>
		<button onclick="fetch('` + other.URL + `/api', {method: 'PUT'}).catch(() => {})">Elsewhere</button><p>Quiet</p>`)
	s := shop(t, map[string]http.HandlerFunc{
		"/": page, "/quiet": page, "/api/sign-in/42": refuse(429), "/gone": refuse(404),
	})
	w := begin(t, s.URL)
	w.do(visit("/"), click("button", "Sign in"))
	require.Equal(t, `no text "Welcome" on the page; POST /api/sign-in/{} was answered 429`, w.fails(briefly(see("Welcome"))))

	w.do(visit("/quiet"), see("Quiet"), see("Quiet"))
	require.Equal(t, `no text "Welcome" on the page`, w.fails(briefly(see("Welcome"))), "a refusal of long ago explains nothing")

	w.do(click("button", "Elsewhere"))
	require.Contains(t, w.fails(briefly(see("Welcome"))), "/api was blocked by CORS: it goes to another origin than the page's")

	w.do(visit("/gone"))
	require.Equal(t, `no text "Welcome" on the page; GET /gone was answered 404`, w.fails(briefly(see("Welcome"))))
}
