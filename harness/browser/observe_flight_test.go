package browser

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/go-rod/rod/lib/proto"
	"github.com/stretchr/testify/require"
	"github.com/ysmood/gson"

	"crosstalk/harness/history"
)

func TestHeadersAreTheLinesOfTheWire(t *testing.T) {
	require.Equal(t, []history.Header{{Name: "Set-Cookie", Value: "a=1"}, {Name: "set-cookie", Value: "b=2: 3"}, {Name: "X", Value: ""}},
		headerLines(nil, "HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nset-cookie:b=2: 3\r\nnonsense\r\nX:\r\n\r\n"))
	several := proto.NetworkHeaders{"b": gson.New("2"), "a": gson.New("1\n2")}
	require.Equal(t, []history.Header{{Name: "a", Value: "1"}, {Name: "a", Value: "2"}, {Name: "b", Value: "2"}}, headerLines(several, ""))
	for latin, want := range map[string]string{"ZoÃ«": "Zoë", "Zoë": "Zoë", "Zo\u20ac": "Zo\u20ac", "plain": "plain", "": ""} {
		require.Equal(t, want, hintLines(proto.NetworkHeaders{"x": gson.New(latin)})[0].Value, latin)
	}
}

func FuzzHeaderLines(f *testing.F) {
	f.Add("HTTP/1.1 200 OK\r\nA: b\r\n\r\n")
	f.Add("A: b\nC")
	f.Fuzz(func(t *testing.T, text string) {
		for _, line := range parseLines(text) {
			require.NotContains(t, line.Name+line.Value, "\n")
			require.NotContains(t, line.Name, ":")
		}
		if !utf8.ValidString(text) || strings.Contains(text, "\n") {
			return
		}
		got := hintLines(proto.NetworkHeaders{"x": gson.New(text)})
		require.Len(t, got, 1)
		require.True(t, utf8.ValidString(got[0].Value))
	})
}

func FuzzMessageType(f *testing.F) {
	for _, seed := range []string{"", "{}", " [1] ", `"text"`, "{", "Hi, Zoë", "\xff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		switch kind := textType(text); kind {
		case "application/json":
			require.True(t, json.Valid([]byte(strings.TrimSpace(text))))
		case "text/plain":
			require.True(t, utf8.ValidString(text))
		default:
			require.Equal(t, "application/octet-stream", kind)
			require.False(t, utf8.ValidString(text))
		}
	})
}
