package demoshop

func devicesDecoy() Decoy {
	return Decoy{
		Name:  Devices,
		Row:   12,
		Looks: "a key that the shop gave to one client is shown to another",
		Is:    "a customer's own list of their devices, seen from their other one",
	}
}
