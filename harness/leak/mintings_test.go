package leak

import (
	"testing"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/history"
	"crosstalk/harness/match"
)

const someToken = "2d711642b726b04401627ca9"

func TestCredentialsAreSoughtWhereOneValueStandsAlone(t *testing.T) {
	for _, c := range []struct {
		mediaType, where string
		want             bool
	}{
		{"application/json", "$.csrf", true},
		{"application/json", "$.items[*].id", false},
		{"application/json", "$.carts[*].token", true},
		{"text/html", "form>input@value", true},
		{"text/html", "head>meta@content", true},
		{"text/html", "main>a@href", false},
		{"text/html", "body@data-csrf", true},
		{"text/html", "body@data-variant", false},
		{"text/html", "head>script$.customer.id", true},
		{"text/html", "head>script$.items[*].id", false},
		{"text/plain", "", false},
		{history.SegmentsType, "token", true},
		{history.SegmentsType, "", false},
	} {
		r := mintReader{}
		_, got := r.read(c.mediaType, match.Segment{Where: c.where, Text: someToken})
		require.Equal(t, c.want, got, c.where)
	}
}

func TestInputsOfOneFormAreToldApartByTheirNames(t *testing.T) {
	names := map[string]string{}
	r := mintReader{}
	html := `<form><input type="hidden" name="_csrf" value="` + someToken + `"><input name="v" value="x` + someToken + `"></form>` +
		`<meta name="csrf-token" content="y` + someToken + `">`
	for _, s := range match.Segments("text/html", []byte(html)) {
		if m, ok := r.read("text/html", s); ok {
			names[m.name] = m.value
		}
	}
	require.Equal(t, map[string]string{"_csrf": someToken, "v": "x" + someToken, "csrf-token": "y" + someToken}, names)
}

func TestHeadersCarryCredentialsByTheirNamesAndRedirectsByTheirParts(t *testing.T) {
	from := "http://shop.test/basket"
	for _, c := range []struct {
		name, value string
		want        []minting
	}{
		{"X-CSRF-Token", someToken, []minting{{"x-csrf-token", "", someToken}}},
		{"Authorization", "Bearer " + someToken, []minting{{"authorization", "", someToken}}},
		{"Cart-Token", someToken, []minting{{"cart-token", "", someToken}}},
		{"X-Session", someToken, []minting{{"x-session", "", someToken}}},
		{"X-Session", "none", nil},
		{"X-Request-Id", someToken, nil},
		{"X-Trace-Token", someToken, nil},
		{"ETag", someToken, nil},
		{"WWW-Authenticate", "Bearer realm", nil},
		{"Access-Control-Expose-Headers", "X-CSRF-Token-And-More-0f8fad5b", nil},
		{"Location", "/cart/" + someToken, []minting{{"location", " /cart/{} #2", someToken}}},
		{"Location", "/pay?order=10101&key=" + someToken, []minting{{"location", " /pay?key={}&order={} ?key", someToken}}},
		{"Location", "/account", nil},
		{"Location", "%zz", nil},
	} {
		got := carriedBy(from, []history.Header{{Name: c.name, Value: c.value}})
		if len(c.want) == 1 && len(got) == 1 && c.want[0].where == "location" {
			require.NotContains(t, got[0].name, someToken, "the name is the same for everybody")
			got[0].name = c.want[0].name
		}
		require.Equal(t, c.want, got, c.name+": "+c.value)
	}
}
