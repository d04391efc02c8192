package demoshop

func fragmentCacheInfo() Info {
	return Info{
		Name:      FragmentCache,
		Class:     3,
		Incident:  "shops whose page builder began to cache elements, December 2024, and a cache plug-in's issue 253: other people's greeting and basket on public pages",
		Mechanism: "the header of public pages, with greeting and basket, is kept as an element of the page, whoever it was made for",
		Where:     "fault_fragment_cache.go",
	}
}
