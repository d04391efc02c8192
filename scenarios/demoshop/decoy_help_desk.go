package demoshop

func helpDeskDecoy() Decoy {
	return Decoy{
		Name:  HelpDesk,
		Row:   8,
		Looks: "a person's name, phone number and mail address stand where the customer's own do, on every page, in answers and mails",
		Is:    "the shop's own people, whom customers are to call",
	}
}
