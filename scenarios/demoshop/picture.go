package demoshop

import (
	"bytes"
	"html"
	"image"
	"image/png"
	"net/http"
	"strconv"
)

// Sizes of small pictures, in pixels a side.
const (
	smallestSide = 16
	largestSide  = 512
)

// sideOf reads a size.
func sideOf(text string) (int, bool) {
	side, err := strconv.Atoi(text)
	return side, err == nil && side >= smallestSide && side <= largestSide
}

// picture answers with the customer's own picture, no larger than the query
// asks for.
func (o *origin) picture(w http.ResponseWriter, r *http.Request, v *visit) {
	if v.user.Picture == nil {
		http.NotFound(w, r)
		return
	}
	b := v.user.Picture
	if side, ok := sideOf(r.URL.Query().Get(o.of("side"))); ok {
		b = shrunk(b, side)
	}
	sendPicture(w, "image/png", b)
}

func sendPicture(w http.ResponseWriter, kind string, b []byte) {
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Length", strconv.Itoa(len(b)))
	send(w, b)
}

// shrunk is a PNG with sides of at most so many pixels. One that is small
// enough stays as it is, byte for byte: pictures are never enlarged.
func shrunk(b []byte, side int) []byte {
	c, err := png.DecodeConfig(bytes.NewReader(b))
	if err != nil || max(c.Width, c.Height) <= side {
		return b
	}
	large, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		return b
	}
	longest := max(c.Width, c.Height)
	small := image.NewNRGBA(image.Rect(0, 0, max(1, c.Width*side/longest), max(1, c.Height*side/longest)))
	for y := range small.Rect.Dy() {
		for x := range small.Rect.Dx() {
			small.Set(x, y, large.At(large.Bounds().Min.X+x*longest/side, large.Bounds().Min.Y+y*longest/side))
		}
	}
	var out bytes.Buffer
	if err := png.Encode(&out, small); err != nil {
		return b
	}
	return out.Bytes()
}

// apiPicture answers an app with a small picture of what it shows on its first
// screen: the portrait, and badges that are drawn for the customer. A badge
// carries what the card reader at the till needs.
func (o *origin) apiPicture(w http.ResponseWriter, r *http.Request, v *visit) {
	side, ok := sideOf(r.PathValue("side"))
	if !ok {
		o.reply(w, http.StatusNotFound, obj{"error": "no such size"})
		return
	}
	switch r.PathValue("what") {
	case o.of("portrait"):
		if v.user.Picture != nil {
			sendPicture(w, "image/png", shrunk(v.user.Picture, side))
			return
		}
	case o.of("wallet"):
		c := v.user.Wallet
		sendPicture(w, svg, badge(side, "", c.Receipts, c.Phone, c.Holder))
		return
	case o.of("passport"):
		sendPicture(w, svg, badge(side, v.user.Passport, "Passport"))
		return
	case o.of("member"):
		sendPicture(w, svg, badge(side, `{"`+o.of("member")+`":"`+v.user.Member+`"}`, "Member"))
		return
	}
	o.reply(w, http.StatusNotFound, obj{"error": "no such picture"})
}

const svg = "image/svg+xml"

// badge draws lines of text, and carries data for machines.
func badge(side int, data string, lines ...string) []byte {
	s, text := strconv.Itoa(side), ""
	for i, l := range lines {
		text += `<text x="20" y="` + strconv.Itoa(100+100*i) + `">` + html.EscapeString(l) + `</text>`
	}
	if data != "" {
		data = "<metadata>" + html.EscapeString(data) + "</metadata>"
	}
	return []byte(`<svg xmlns="http://www.w3.org/2000/svg" width="` + s + `" height="` + s + `" viewBox="0 0 400 400">` + data +
		`<rect width="400" height="400" rx="40"/><g fill="#fff">` + text + `</g></svg>` + "\n")
}
