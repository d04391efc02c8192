package demoshop

func sessionCollisionInfo() Info {
	return Info{
		Name:      SessionCollision,
		Class:     18,
		Incident:  "a name-server administration, issue 308, and others since: session ids made from the clock, or from a generator with one seed, came out the same for two",
		Mechanism: "session ids are made from a clock that is too coarse, so that two who sign in together get the same",
		Where:     "fault_session_collision.go",
	}
}
