package demoshop

func coalescedRequestInfo() Info {
	return Info{
		Name:      CoalescedRequest,
		Class:     7,
		Incident:  "a server framework's cache, issue 61: requests for one address that arrive together were answered once, and the first one's fresh session cookie went to all of them",
		Mechanism: "requests for one address that are under way at one time are answered once, without asking who sent them",
		Where:     "fault_coalesced_request.go",
	}
}
