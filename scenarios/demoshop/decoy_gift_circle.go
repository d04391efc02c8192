package demoshop

func giftCircleDecoy() Decoy {
	return Decoy{
		Name:  GiftCircle,
		Row:   3,
		Looks: "the account page, the orders and the app show another customer's full name and address",
		Is:    "whom the customer drew in the gift circle, which both joined: the address is there to be sent a gift to",
	}
}
