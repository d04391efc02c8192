package demoshop

func nameListDecoy() Decoy {
	return Decoy{
		Name:  NameList,
		Row:   9,
		Looks: "an answer lists first names that other customers have",
		Is:    "common names, offered to whoever begins to type one",
	}
}
