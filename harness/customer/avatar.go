package customer

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
)

// avatarSide is the picture's side in pixels, of avatarCells cells.
const (
	avatarSide  = 64
	avatarCells = 8
)

// avatar paints the customer's picture: cells in three colors of its own,
// the same left and right, as people know such pictures.
func (d *draw) avatar() error {
	r := d.random(Avatar)
	for range tries {
		picture := identicon(r)
		var out bytes.Buffer
		// Stored, not deflated: so that the bytes are the same whatever the
		// version of the compressor.
		encoder := png.Encoder{CompressionLevel: png.NoCompression, BufferPool: &d.a.pixels}
		if err := encoder.Encode(&out, picture); err != nil {
			return fmt.Errorf("encode avatar: %w", err)
		}
		d.c.Avatar = out.Bytes()
		if d.a.ledger.take(Avatar, AvatarHash(d.c.Avatar)) {
			return nil
		}
	}
	return fmt.Errorf("paint an avatar: %w", errDry)
}

// pixelBuffer lets one encoder's memory serve all pictures.
type pixelBuffer struct{ kept *png.EncoderBuffer }

// Get implements png.EncoderBufferPool.
func (b *pixelBuffer) Get() *png.EncoderBuffer { return b.kept }

// Put implements png.EncoderBufferPool.
func (b *pixelBuffer) Put(used *png.EncoderBuffer) { b.kept = used }

// identicon is a picture of 32 cells, mirrored, in four colors.
func identicon(r *rand.Rand) *image.Paletted {
	palette := color.Palette{color.NRGBA{R: 244, G: 244, B: 246, A: 255}}
	for range 3 {
		palette = append(palette, color.NRGBA{R: channel(r), G: channel(r), B: channel(r), A: 255})
	}
	picture := image.NewPaletted(image.Rect(0, 0, avatarSide, avatarSide), palette)
	const size = avatarSide / avatarCells
	for y := range avatarCells {
		for x := range avatarCells / 2 {
			shade := uint8(r.IntN(len(palette))) //nolint:gosec // four colors
			for i := range size * size {
				picture.SetColorIndex(x*size+i%size, y*size+i/size, shade)
				picture.SetColorIndex(avatarSide-1-x*size-i%size, y*size+i/size, shade)
			}
		}
	}
	return picture
}

func channel(r *rand.Rand) uint8 { return uint8(40 + r.IntN(180)) } //nolint:gosec // below 220
