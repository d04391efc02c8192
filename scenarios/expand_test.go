package scenarios_test

import (
	"testing"

	"crosstalk/harness/customer"
	"crosstalk/scenarios"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func zoe() scenarios.Fields {
	return scenarios.Fields{
		Customer: &customer.Customer{ID: "c01", First: "Zoë", Last: "Åkerö", Email: "zoe+1@shop.example", CardCVC: "123",
			CountryName: "Sweden", Basket: []customer.Line{{Product: 3, Quantity: 2}}, Avatar: []byte("png")},
		Learned: map[customer.Kind]string{"order": "10001", "odd": "a/b?c#d", "next": "https://other.example/pay?a=b"},
		Target:  "http://shop.example:8080/base/",
	}
}

func TestFieldsExpandToTheCustomersValues(t *testing.T) {
	for in, want := range map[string]string{
		"plain":                              "plain",
		"{{name}}":                           "Zoë Åkerö",
		"Dear {{ first }}, {{country_name}}": "Dear Zoë, Sweden",
		"{{basket.0.product}}x{{basket.0.quantity}}": "3x2",
		"no {{order}}":   "no 10001",
		"{{card_cvc}}":   "123",
		"{{avatar}}":     "png",
		`a {{"{{"}} b}}`: "a {{ b}}",
		"} } {":          "} } {",
	} {
		got, err := zoe().Expand(in)
		require.NoError(t, err, in)
		assert.Equal(t, want, got, in)
	}
}

func TestFieldsThatCannotBeResolvedSayWhy(t *testing.T) {
	for in, want := range map[string]string{
		"{{token}}":             `resolve field "token": nothing was remembered under this name`,
		"{{basket.7.product}}":  `resolve field "basket.7.product": the basket of c01 has 1 lines`,
		"{{basket.-1.product}}": `resolve field "basket.-1.product": nothing was remembered under this name`,
		"a {{b":                 `expand "a {{b": {{ without its }}`,
	} {
		_, err := zoe().Expand(in)
		assert.EqualError(t, err, want)
	}
	_, err := scenarios.Fields{}.Expand("{{email}}")
	assert.EqualError(t, err, `resolve field "email": a passer-by is no customer and has none`)
}

func TestAddressesAreResolvedAgainstTheTargetAndValuesEscaped(t *testing.T) {
	for in, want := range map[string]string{
		"/account":                  "http://shop.example:8080/account",
		"http://x.example/a":        "http://x.example/a",
		"/u/{{email}}":              "http://shop.example:8080/u/zoe+1@shop.example",
		"/s?q={{email}}&x={{name}}": "http://shop.example:8080/s?q=zoe%2B1%40shop.example&x=Zo%C3%AB+%C3%85ker%C3%B6",
		"/u/{{name}}":               "http://shop.example:8080/u/Zo%C3%AB%20%C3%85ker%C3%B6",
		"{{next}}":                  "https://other.example/pay?a=b",
	} {
		got, err := zoe().Resolve(in)
		require.NoError(t, err, in)
		assert.Equal(t, want, got, in)
	}
	got, err := zoe().Resolve("/o/{{odd}}")
	require.NoError(t, err)
	assert.Equal(t, "http://shop.example:8080/o/a%2Fb%3Fc%23d", got)
	for _, bad := range []string{"javascript:alert(1)", "file:///etc/passwd", "http://[::1"} {
		_, err := zoe().Resolve(bad)
		assert.Error(t, err, bad)
	}
}

func TestCallsAreExpandedDeepInside(t *testing.T) {
	c, err := zoe().Call(scenarios.Call{Method: "POST", URL: "/o", Bearer: "{{order}}",
		Headers: map[string]string{"X-Mail": "{{email}}"},
		JSON:    map[string]any{"a": []any{map[string]any{"{{key}}": "{{first}}"}, uint64(1), nil}, "n": "{{basket.0.quantity}}", "s": "n{{basket.0.quantity}}"}})
	require.NoError(t, err)
	assert.Equal(t, "http://shop.example:8080/o", c.URL)
	assert.Equal(t, "10001", c.Bearer)
	assert.Equal(t, map[string]string{"X-Mail": "zoe+1@shop.example"}, c.Headers)
	assert.Equal(t, map[string]any{"a": []any{map[string]any{"{{key}}": "Zoë"}, uint64(1), nil}, "n": int64(2), "s": "n2"}, c.JSON)
	assert.Nil(t, c.Form)

	template := scenarios.Call{URL: "/", JSON: map[string]any{"a": "{{none}}"}}
	_, err = zoe().Call(template)
	require.Error(t, err)
	assert.Equal(t, "{{none}}", template.JSON.(map[string]any)["a"], "the template is left as it was")
}

func TestLocatorsAreExpanded(t *testing.T) {
	l, err := zoe().Locator(scenarios.Locator{Role: "link", Name: "Order {{order}}", Nth: -1})
	require.NoError(t, err)
	assert.Equal(t, `link "Order 10001"`, l.String())
}

func TestPointersFindWhatTheyNameAndNothingElse(t *testing.T) {
	doc := map[string]any{"a": []any{map[string]any{"b.c": "x"}}, "n": nil}
	for in, want := range map[string]any{"$.a[0]['b.c']": "x", `$["a"][0]["b.c"]`: "x", "$.n": nil} {
		p, err := scenarios.ParsePath(in)
		require.NoError(t, err, in)
		got, ok := p.In(doc)
		assert.True(t, ok, in)
		assert.Equal(t, want, got, in)
	}
	for _, in := range []string{"$.a[1]", "$.b", "$.a.b", "$[0]"} {
		p, err := scenarios.ParsePath(in)
		require.NoError(t, err, in)
		_, ok := p.In(doc)
		assert.False(t, ok, in)
	}
	for _, in := range []string{"", "a", "$a", "$.", "$..a", "$[", "$[-1]", "$[a]", "$['a'", "$[]", "$['"} {
		_, err := scenarios.ParsePath(in)
		assert.Error(t, err, in)
	}
}

func FuzzExpand(f *testing.F) {
	f.Add("{{first}} {{\"{{\"}} {{")
	f.Add("/u/{{name}}?q={{email}}")
	f.Fuzz(func(t *testing.T, s string) {
		_, _ = zoe().Expand(s)
		_, _ = zoe().Resolve(s)
		if p, err := scenarios.ParsePath(s); err == nil {
			p.In(map[string]any{"a": []any{1}})
		}
	})
}
