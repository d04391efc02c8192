package match_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestEscapesInsideOfPercentEncodingAreUndone(t *testing.T) {
	x := newIndex(t, "Jörg & Söhne Möbel")
	for _, body := range []string{
		`who=%7B%22name%22%3A%22J%5Cu00f6rg%20%26%20S%5Cu00f6hne%20M%5Cu00f6bel%22%7D`,
		`who=J%26ouml%3Brg+%26amp%3B+S%26%23246%3Bhne+M%26%23xf6%3Bbel`,
		`J&ouml%3Brg%20&amp%3B%20S&%23246%3Bhne%20M&%23xf6%3Bbel`,
		`J%5Cu0026ouml%3Brg+%26amp%3B+S%5Cu0026%23246%3Bhne+M%5Cu0026%23xf6%3Bbel`,
		`J%255Cu00f6rg%2520%2526%2520S%255Cu00f6hne%2520M%255Cu00f6bel`,
	} {
		hits := x.SearchText(body)
		if assert.Len(t, hits, 1, body) {
			assert.Contains(t, hits[0].Decoded, "percent")
		}
	}
}

func TestAnAmpersandOfAnAddressStaysOne(t *testing.T) {
	x := newIndex(t, "bernina a copy mail")
	assert.Len(t, x.SearchText("bernina%26a%26copy%26mail"), 1)
}

func TestADateWithATimeZoneIsNoTelephoneNumber(t *testing.T) {
	x := newIndex(t, "029 2018 0800")
	assert.Empty(t, x.SearchText("Thu, 29 2018 +0800"))
	assert.Empty(t, x.SearchText("Wed Dec 5 21:33:29 2018 -0800"))
	assert.Len(t, x.SearchText("029 - 2018 - 0800"), 1)
	assert.Len(t, x.SearchText("phone=029+2018+0800"), 1)
}
