package demoshop

func echoesDecoy() Decoy {
	return Decoy{
		Name:  Echoes,
		Row:   7,
		Looks: "an error shows the customer's own data where nobody expects it, and all who ask too often get one and the same page",
		Is:    "an answer that repeats what it was asked, and a limit for each client",
	}
}
