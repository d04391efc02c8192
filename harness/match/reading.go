package match

// Reading is a body made ready to be searched: taken apart, folded and
// decoded once, however many indexes look into it. It is safe for concurrent
// use once made.
type Reading struct {
	mediaType string
	body      []byte
}

// Read makes a body ready. The body must not be changed afterwards.
func Read(mediaType string, body []byte) *Reading {
	return &Reading{mediaType: mediaType, body: body}
}

// Segments takes the body apart by its structure; see the function Segments.
func (r *Reading) Segments() []Segment { return Segments(r.mediaType, r.body) }

// Unopened are the encoded stretches that were not decoded, so that what is in
// them is unseen; empty when everything was.
func (r *Reading) Unopened() []Unopened { return nil }

// Find answers where the index's patterns stand in what was read, in the order
// of the body.
func (x *Index) Find(r *Reading) []Hit { return x.Search(r.mediaType, r.body) }
