package demoshop

func publicKeysDecoy() Decoy {
	return Decoy{
		Name:  PublicKeys,
		Row:   11,
		Looks: "one long random key is given to all customers, by names such as token and session",
		Is:    "keys that are public by design: of the API, of the build, of the captcha",
	}
}
