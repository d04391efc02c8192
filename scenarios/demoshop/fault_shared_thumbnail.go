package demoshop

func sharedThumbnailInfo() Info {
	return Info{
		Name:      SharedThumbnail,
		Class:     22,
		Incident:  "an image optimizer, 2025 (CVE-2025-57752), and the cameras of February 2024: pictures that depend on who asks were kept by their address",
		Mechanism: "the picture service keeps small copies by address and size, without asking whose picture it was",
		Where:     "fault_shared_thumbnail.go",
	}
}
