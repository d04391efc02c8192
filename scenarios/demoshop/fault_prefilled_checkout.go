package demoshop

func prefilledCheckoutInfo() Info {
	return Info{
		Name:      PrefilledCheckout,
		Class:     2,
		Incident:  "shops with a cache for whole pages, in the manner of a shop extension's issue 26359: guests found the checkout filled in with the addresses of other guests",
		Mechanism: "the cache for whole pages keeps the checkout of guests, with what its form was filled in with, by address alone",
		Where:     "fault_prefilled_checkout.go",
	}
}
