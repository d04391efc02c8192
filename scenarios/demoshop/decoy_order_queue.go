package demoshop

func orderQueueDecoy() Decoy {
	return Decoy{
		Name:  OrderQueue,
		Row:   4,
		Looks: "beside one's own order stand the numbers of other customers' orders",
		Is:    "the queue at the packing table: who is before you and behind you, by numbers that count up",
	}
}
