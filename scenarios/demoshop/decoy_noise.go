package demoshop

func noiseDecoy() Decoy {
	return Decoy{
		Name:  Noise,
		Row:   5,
		Looks: "answers hold long random values, and some are shown to two customers",
		Is:    "recommendations, nonces, arms of an experiment, an address hidden from robots, times",
	}
}
