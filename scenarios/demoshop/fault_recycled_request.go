package demoshop

func recycledRequestInfo() Info {
	return Info{
		Name:      RecycledRequest,
		Class:     10,
		Incident:  "a code host, February 2021: a background thread kept a request object that the server reused, and a session cookie was sent to somebody else's browser",
		Mechanism: "the object that holds a request's session is used again after an error while somebody still writes into it",
		Where:     "fault_recycled_request.go",
	}
}
