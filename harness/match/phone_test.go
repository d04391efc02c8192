package match

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestATelephoneNumberBeginsWithItsPrefixes(t *testing.T) {
	key, ok := phoneNumber("070-174 06 35")
	assert.True(t, ok)
	for _, c := range []struct{ body, raw string }{
		{"call 070-174 06 35", "070-174 06 35"},
		{"call +46 70 174 06 35", "+46 70 174 06 35"},
		{"call +46 (0)70-174 06 35", "+46 (0)70-174 06 35"},
		{"call +46(0)701740635", "+46(0)701740635"},
		{"call (+46) 70 174 06 35", "(+46) 70 174 06 35"},
		{"0046 70 174 06 35", "0046 70 174 06 35"},
		{"00 46 70 174 06 35", "00 46 70 174 06 35"},
		{"tel:+46701740635", "+46701740635"},
		{"%2B46701740635", "%2B46701740635"},
		{"12 070/174.06.35", "070/174.06.35"},
		{"12 70 174 06 35", "70 174 06 35"},
		{"(070) 174\u00a006\u202f35", "(070) 174\u00a006\u202f35"},
		{"070&nbsp;174&#8209;06&nbsp;35", "070&nbsp;174&#8209;06&nbsp;35"},
		{"46 701740635", "701740635"},
	} {
		f := Fold([]byte(c.body))
		start := len(f.bytes) - len(key)
		assert.Equal(t, key, string(f.bytes[start:]), c.body)
		assert.True(t, phoneStands(f, start, len(f.bytes)), c.body)
		assert.Equal(t, c.raw, c.body[phoneFrom(f, start):], c.body)
	}
}
