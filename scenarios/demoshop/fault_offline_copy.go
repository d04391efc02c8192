package demoshop

func offlineCopyInfo() Info {
	return Info{
		Name:      OfflineCopy,
		Class:     23,
		Incident:  "an app that works offline, issue 332: its service worker kept answers by address, and showed them to whoever signed in next on that device when the network failed",
		Mechanism: "a service worker keeps the answers of personal pages by their address, and a sign-out leaves them there",
		Where:     "fault_offline_copy.go",
	}
}
