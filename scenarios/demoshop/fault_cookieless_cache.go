package demoshop

func cookielessCacheInfo() Info {
	return Info{
		Name:      CookielessCache,
		Class:     6,
		Incident:  "five sites of a study of 2022: the cache was wrong for visitors without cookies only, because attaching one switched it off",
		Mechanism: "the edge keeps answers to requests that carry no cookie, with the Set-Cookie of whoever came first",
		Where:     "fault_cookieless_cache.go",
	}
}
