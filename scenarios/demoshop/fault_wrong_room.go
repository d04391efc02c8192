package demoshop

func wrongRoomInfo() Info {
	return Info{
		Name:      WrongRoom,
		Class:     19,
		Incident:  "a library for sockets, issue 2962: the rooms a message goes to were kept on the socket object, and messages that were sent together went into each other's rooms",
		Mechanism: "the rooms of a message are kept in a field of the hub until it is sent, and two messages at one time share them",
		Where:     "fault_wrong_room.go",
	}
}
