package demoshop

func threadIdentityInfo() Info {
	return Info{
		Name:      ThreadIdentity,
		Class:     14,
		Incident:  "an access-control framework, issue 2473: a thread kept the identity of a request that ended with an exception, and the next request on it had that identity",
		Mechanism: "a worker's identity is put away at the end of a request, but not of one that fails",
		Where:     "fault_thread_identity.go",
	}
}
