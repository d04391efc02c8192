package demoshop

func pooledBufferInfo() Info {
	return Info{
		Name:      PooledBuffer,
		Class:     17,
		Incident:  "a web framework, issue 4342: a text still pointed into a buffer that had gone back to the pool, and file names of other people's downloads were sent",
		Mechanism: "a buffer goes back to its pool while an answer still reads from it, and the next answer is written into it",
		Where:     "fault_pooled_buffer.go",
	}
}
