package demoshop_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"testing"

	"github.com/stretchr/testify/require"
)

// person is somebody who shops.
type person struct {
	first, last, email, phone, street, house, zip, city, country, gift, pieces string
}

func (p person) address() string {
	if p.country == "GB" {
		return p.house + " " + p.street
	}
	return p.street + " " + p.house
}

const password = "correct horse"

func zoe() person {
	return person{"Zoë", "Lindqvist", "zoe@one.example", "070-174 06 01", "Björkstigen", "12", "114 55", "Umeå", "SE", "gladrosvel", "2"}
}

func jan() person {
	return person{"Łukasz", "Żółkiewski", "lukasz@two.example", "600 100 202", "Wiśniowa", "7b", "00-123", "Gdańsk", "PL", "morvantulip", "3"}
}

func (p person) fields() map[string]string {
	return map[string]string{
		"First name": p.first, "Last name": p.last, "E-mail": p.email, "Phone": p.phone, "Street": p.street,
		"House number": p.house, "Postcode": p.zip, "City": p.city, "Country": p.country,
	}
}

func card(p person) map[string]string {
	return map[string]string{
		"Card number": "4242 4242 4242 4242", "Expiry": "12/39", "CVC": "123",
		"Name on card": p.first + " " + p.last, "Gift note": "For you: " + p.gift,
	}
}

// portrait is a picture with a color of its own.
func portrait(t testing.TB, shade uint8) []byte {
	img := image.NewRGBA(image.Rect(0, 0, 8, 8))
	for i := range 64 {
		img.Set(i%8, i/8, color.RGBA{shade, uint8(i * 4), 90, 255})
	}
	var b bytes.Buffer
	require.NoError(t, png.Encode(&b, img))
	return b.Bytes()
}

// signUp makes an account and ends on the account page.
func (c *client) signUp(p person, picture []byte) *screen {
	c.t.Helper()
	f := p.fields()
	f["Password"], f["Birthday"], f["Company"] = password, "1984-06-24", p.last+" AB"
	return c.get("/sign-up").press("Create account", f, picture...)
}

func (c *client) signIn(p person) *screen {
	c.t.Helper()
	return c.get("/sign-in").press("Sign in", map[string]string{"E-mail": p.email, "Password": password})
}

// buy puts an article into the basket and pays for it, and ends on the confirmation.
func (c *client) buy(p person, typed map[string]string) *screen {
	c.t.Helper()
	f := card(p)
	for k, v := range typed {
		f[k] = v
	}
	return c.get("/products/103").press("Add to basket", map[string]string{"Quantity": p.pieces}).
		follow("Go to checkout").press("Pay now", f)
}
