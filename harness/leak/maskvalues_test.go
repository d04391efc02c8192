package leak

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/customer"
	"crosstalk/harness/match"
)

// masksOf are usual ways to mask a value.
func masksOf(v maskedValue) []string {
	runes := []rune(v.text)
	first, last, tail := string(runes[0]), string(runes[len(runes)-1]), string(runes[len(runes)-4:])
	switch v.kind {
	case customer.Email:
		local, domain, _ := strings.Cut(v.text, "@")
		return []string{first + "***@" + domain, "xxx@" + domain, strings.ToUpper(first) + "•••" + local[len(local)-1:] + "@•••.example"}
	case customer.Phone:
		return []string{"•••• " + tail, "ending in " + tail, "+•• ••• " + tail, "(•••) •••-" + tail}
	default:
		words := strings.Fields(v.text)
		return []string{first + "*** " + words[1], words[0] + " ***" + last, string([]rune(words[1])[0]) + "**** " + first + "***"}
	}
}

func TestFilingValuesLosesNoneThatAMaskFits(t *testing.T) {
	customers, err := customer.Allocate(5, 60, customer.Constraints{})
	require.NoError(t, err)
	values := newMaskedValues(customers)
	all := slices.Concat(values.emails.all, values.phones.all, values.names.all)
	asked, fitted := 0, 0
	for _, made := range all {
		for _, text := range masksOf(made) {
			for _, m := range match.Masks(text) {
				asked++
				candidates := values.candidates(m)
				for _, v := range all {
					if v.fits(m) {
						fitted++
						require.Contains(t, candidates, v, "mask %q", m.Text)
					}
				}
			}
		}
	}
	require.Greater(t, asked, 500)
	require.Greater(t, fitted, asked/2, "most masks fit at least what they were made from")
}
