package demoshop

func rememberedYouDecoy() Decoy {
	return Decoy{
		Name:  RememberedYou,
		Row:   10,
		Looks: "the shop shows a customer's name and mail address after they have signed out",
		Is:    "their own, in their own browser, which was asked to remember them",
	}
}
