package match

// Mask is a value of which only some characters are shown: "q****7@…",
// "•••• 4821", "card ending in 4242".
type Mask struct {
	Start, End int    // in the text
	Text       string // as it stands
}

// Masks finds what looks masked in a text.
func Masks(text string) []Mask { return nil }

// Fits says whether the mask can have been made from the value: what it shows
// stands in the value, in order, at the ends where it stands at the ends.
func (m Mask) Fits(value string, shape Shape) bool { return false }

// Shown is how many characters of the value the mask shows.
func (m Mask) Shown() int { return 0 }
