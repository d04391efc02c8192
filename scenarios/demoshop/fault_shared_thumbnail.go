package demoshop

import (
	"net/http"
	"strings"
	"time"
)

// thumbnailLife is how long the picture optimizer keeps a small picture.
const thumbnailLife = 20 * time.Second

// thumbnails is the edge rule of the fault shared-thumbnail: the optimizer that
// stands before the pictures keeps what it has made smaller, by address and
// size, and shared: pictures are the same for everybody, it was thought. But
// the address of a customer's own picture says "mine", not whose.
type thumbnails struct {
	fault *lever
	own   string // the customer's own picture, on pages
	app   string // under which the small pictures of the app stand
	only  string // the one of them that a variant keeps; empty: all
}

func newThumbnails(fault *lever, n *names) thumbnails {
	t := thumbnails{fault: fault, own: n.text("/~account/~picture"), app: n.text("/~api/~pictures/")}
	if part := fault.part(); part != "" {
		t.only = n.text("/" + part)
	}
	return t
}

func (t thumbnails) covers(r *http.Request) bool {
	path := r.URL.Path
	switch {
	case t.fault == nil:
		return false
	case t.only != "":
		return strings.HasPrefix(path, t.app) && strings.HasSuffix(path, t.only)
	}
	return path == t.own && r.URL.RawQuery != "" || strings.HasPrefix(path, t.app)
}

// takes keeps pictures, whatever their Cache-Control says.
func (t thumbnails) takes(r *http.Request, a *answer, known bool) (keeping, bool) {
	ok := known && a.status == http.StatusOK && strings.HasPrefix(a.header.Get("Content-Type"), "image/") && t.covers(r)
	return keeping{life: thumbnailLife}, ok
}

// serves gives the picture that is kept to whoever else asks for the address.
func (t thumbnails) serves(_ stored, to asking) serving {
	return astray(t.covers(to.Request) && !to.mine)
}

func (t thumbnails) lever() *lever { return t.fault }

func sharedThumbnailInfo() Info {
	return Info{
		Name:      SharedThumbnail,
		Class:     22,
		Incident:  "an image optimizer, 2025 (CVE-2025-57752), and the cameras of February 2024: pictures that depend on who asks were kept by their address",
		Mechanism: "the picture service keeps small copies for 20 seconds by address and size, without asking whose picture it was",
		Where:     "fault_shared_thumbnail.go, one of the edge's rules",
	}
}
