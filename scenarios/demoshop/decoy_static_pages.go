package demoshop

func staticPagesDecoy() Decoy {
	return Decoy{
		Name:  StaticPages,
		Row:   6,
		Looks: "the shared cache answers signed-in customers from its store, with Age and HIT",
		Is:    "pages that are the same for everybody, and one that is missing for everybody",
	}
}
