package demoshop

func workerSingletonInfo() Info {
	return Info{
		Name:      WorkerSingleton,
		Class:     13,
		Incident:  "pages rendered at the server by single-page frameworks, and long-lived workers of a server-side language: a store of the module outlives its request",
		Mechanism: "each of several workers keeps the state of the page it rendered last, and the next page it renders begins with that",
		Where:     "fault_worker_singleton.go",
	}
}
