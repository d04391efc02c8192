package demoshop

func namesakesDecoy() Decoy {
	return Decoy{
		Name:  Namesakes,
		Row:   2,
		Looks: "a customer is shown a last name and a city that another customer has",
		Is:    "their own: two customers happen to be called alike and to live in one city",
	}
}
