package demoshop

func processLoaderInfo() Info {
	return Info{
		Name:      ProcessLoader,
		Class:     16,
		Incident:  "an orchestration platform, issue 12020: a loader that should live as long as one request lived as long as the process, and every hit skipped the check",
		Mechanism: "a loader that batches and remembers queries is made once for the process, and remembers by the query, not by who asked",
		Where:     "fault_process_loader.go",
	}
}
