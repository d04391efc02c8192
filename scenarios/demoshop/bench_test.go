package demoshop_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"crosstalk/scenarios/demoshop"
)

// BenchmarkInvoice shows what the most expensive answer of the shop costs: it
// must stay small beside a browser's page.
func BenchmarkInvoice(b *testing.B) {
	for b.Loop() {
		_, err := demoshop.InvoiceForTest("Łukasz", "Żółkiewski", "Wiśniowa", "dla Zoë")
		require.NoError(b, err)
	}
}

func BenchmarkStartPage(b *testing.B) {
	base := open(b, demoshop.Options{})
	c := newClient(b, base)
	for b.Loop() {
		require.Equal(b, 200, c.get("/").status)
	}
}
