package match_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"crosstalk/harness/match"
)

func TestWhatIsEncodedTooDeepIsToldWhereSomethingCouldBeInIt(t *testing.T) {
	thrice := func(s string) string { return b64(b64(b64(s))) }
	for _, c := range []struct {
		what, innermost string
		told            bool
	}{
		{"text", `{"m":"` + b64("zoe.trembaczyk@c001.shop-test.example") + `"}`, true},
		{"compressed text", `{"m":"` + b64(gz("zoe.trembaczyk@c001.shop-test.example")) + `"}`, true},
		{"text compressed without a mark", `{"m":"` + b64(deflated("zoe.trembaczyk@c001.shop-test.example, zoe.trembaczyk@c001.shop-test.example")) + `"}`, true},
		{"a value among bytes", `{"m":"` + b64("\x00\x01\x7f\xfe\x0azoe.trembaczyk@c001.shop-test.example\x00\x05\xff\x02") + `"}`, true},
		{"Latin-1", `{"m":"` + b64("Zo\xeb Trembaczyk, K\xf6ln") + `"}`, true},
		{"a value far inside", `{"m":"` + b64(strings.Repeat("\x00\xff\x01\xfe", 2000)+"zoe.trembaczyk@c001.shop-test.example") + `"}`, true},
		{"an address whose local part looks encoded", `{"m":"t.blohekremj5hyj@c001.shop-test.example"}`, false},
		{"a key", `{"k":"q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA="}`, false},
	} {
		var told []string
		for _, u := range match.Read("text/plain", []byte(thrice(c.innermost))).Unopened() {
			told = append(told, u.What+" "+u.Reason)
		}
		if c.told {
			assert.Equal(t, []string{"base64 too deep"}, told, c.what)
		} else {
			assert.Empty(t, told, c.what)
		}
	}
}
