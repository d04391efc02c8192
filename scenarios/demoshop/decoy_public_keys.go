package demoshop

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"net/http"
	"time"
)

// publicKeys are what a shop gives to every client: of its API, of its build,
// of its captcha, of its payment service.
type publicKeys struct {
	client, build, captcha, payment string
	hours                           []byte // what the key of the moment is made with
}

// keyLife is how long the key of the moment lasts. It is short, so that even a
// short run sees several.
const keyLife = 15 * time.Second

func newPublicKeys() publicKeys {
	return publicKeys{client: "pk_live_" + randomID(), build: randomID(), captcha: "6L" + randomID(), payment: "pub_" + randomID(), hours: []byte(randomID())}
}

// of is the key of a moment: whoever asks within the same quarter of a minute is
// given the same, and the next one after.
func (k publicKeys) of(at time.Time) string {
	h := hmac.New(sha256.New, k.hours)
	h.Write(binary.BigEndian.AppendUint64(nil, uint64(at.UnixNano()/int64(keyLife)))) //nolint:gosec // any bits will do
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// Turning is the key of this moment, as services have it whose forms must not be
// sent by who has not been there lately.
func (e *extras) Turning() string {
	e.gave(PublicKeys)
	return e.moment()
}

func (e *extras) moment() string { return e.keys.of(e.now()) }

// turn gives a browser the key of this moment, unless it has it.
func (e *extras) turn(w http.ResponseWriter, r *http.Request) {
	now := e.moment()
	if c, err := r.Cookie(e.of("window_token")); err != nil || c.Value != now {
		e.gave(PublicKeys)
		http.SetCookie(w, &http.Cookie{Name: e.of("window_token"), Value: now, Path: "/", MaxAge: deviceLife, SameSite: http.SameSiteLaxMode})
	}
}

// Client is the public key of the API.
func (e *extras) Client() string { return e.keys.client }

// Build is the id of what runs.
func (e *extras) Build() string { return e.keys.build }

// Captcha is the site's key at the captcha service.
func (e *extras) Captcha() string { return e.keys.captcha }

// Payment is the shop's public key at the payment service.
func (e *extras) Payment() string { return e.keys.payment }

// publish adds the keys to an answer, by names that sound like credentials.
func (e *extras) publish(out obj) {
	out["client_token"], out["build"], out["window_token"] = e.keys.client, e.keys.build, e.Turning()
	if out["list"] != nil || out["wallet"] != nil {
		out["payment_session"] = e.keys.payment // only to who is signed in
	}
}

func publicKeysDecoy() Decoy {
	return Decoy{
		Name:  PublicKeys,
		Row:   11,
		Looks: "one long random key is given to all customers, by names such as token and session, and one that differs for those who come one after the other",
		Is:    "keys that are public by design: of the API, of the build, of the captcha, of the moment",
	}
}
