package demoshop

func shiftedQueueInfo() Info {
	return Info{
		Name:      ShiftedQueue,
		Class:     12,
		Incident:  "an issue tracker behind a front end that lost count, 2021: each user was sent the response to the previous user's request, indefinitely",
		Mechanism: "a connection from the edge to the origin has one answer too many after a refused request, and hands each answer to the one who asks next",
		Where:     "fault_shifted_queue.go",
	}
}
