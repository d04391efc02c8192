package demoshop

func reviewsDecoy() Decoy {
	return Decoy{
		Name:  Reviews,
		Row:   1,
		Looks: "on the pages of products everybody reads first names and cities of other customers",
		Is:    "reviews, signed by whoever bought the thing, and the first names of who came by last: written to be read",
	}
}
