package demoshop

// publicKeys are what a shop gives to every client: of its API, of its build,
// of its captcha, of its payment service.
type publicKeys struct {
	client, build, captcha, payment string
}

func newPublicKeys() publicKeys {
	return publicKeys{client: "pk_live_" + randomID(), build: randomID(), captcha: "6L" + randomID(), payment: "pub_" + randomID()}
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
	out["client_token"], out["build"] = e.keys.client, e.keys.build
	if out["list"] != nil || out["wallet"] != nil {
		out["payment_session"] = e.keys.payment // only to who is signed in
	}
}

func publicKeysDecoy() Decoy {
	return Decoy{
		Name:  PublicKeys,
		Row:   11,
		Looks: "one long random key is given to all customers, by names such as token and session",
		Is:    "keys that are public by design: of the API, of the build, of the captcha",
	}
}
