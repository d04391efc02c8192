package browser

import "context"

// recordStreams pours what open streams have brought so far into the sink.
func (o *observer) recordStreams(ctx context.Context) {}
