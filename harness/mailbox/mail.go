package mailbox

import (
	"io"

	"crosstalk/harness/history"
)

// MediaType is the type of Mail.Raw.
const MediaType = "message/rfc822"

// Mail is one mail that reached one mailbox.
type Mail struct {
	Owner   string        // ID of the customer whose address To is; "" when it is nobody's
	To      string        // address of the envelope, as the shop wrote it
	From    string        // sender: of the envelope, or of the header where only that is known; "" for a bounce
	Subject string        // decoded, in one line
	ID      string        // Message-ID without brackets; "" when it has none
	Place   history.Place // PlaceOf the subject
	Raw     []byte        // the mail as it came; recipients of one mail share it, so nobody writes to it
	Unseen  string        // why Raw is not the whole mail (Raw is then its beginning, or nil); "" when it is
}

// Reasons for Mail.Unseen.
const (
	UnseenLarge = "mail too large" // longer than MaxSize
	UnseenCut   = "mail cut off"   // the connection ended in the middle of it
	UnseenGone  = "mail gone"      // Mailpit listed it and did not give it
	UnseenMany  = "too much mail"  // Mailpit listed more at once than is read
)

// MaxSize is how many bytes of one mail are taken; what follows is unseen.
const MaxSize = 32 << 20

// Options say whose mail is whose and where it goes.
type Options struct {
	// Owner says whose address one is: a customer's ID, or "" for nobody's.
	// It is asked with the address as the shop wrote it; Owners makes one that
	// knows how addresses are spelled. Nil: every address is nobody's.
	Owner func(address string) string
	// Blank replaces what is personal in a subject by {}: names, gift words.
	// Words with digits are replaced anyway. Nil: nothing else is personal.
	Blank func(subject string) string
	// Deliver takes a mail. It is called from one goroutine at a time, before
	// the shop is told that the mail was accepted, and never after Close has
	// returned. It must not call Close. It is required.
	Deliver func(Mail)
	// Log takes a line for whatever went wrong; nil: nobody is told.
	Log io.Writer
	// StartTLS offers STARTTLS with a certificate made for the occasion. By
	// default it is not offered: mailers that upgrade when they can would then
	// refuse to send, for nobody vouches for that certificate.
	StartTLS bool
}
