package zoo_test

import (
	"bytes"
	"sync"
)

// mostLog is how much of what a process says is kept.
const mostLog = 64 << 10

// lockedBuffer takes what a process says, which nobody waits for, up to a bound.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.b.Write(p[:min(len(p), mostLog-min(mostLog, l.b.Len()))])
	return len(p), nil
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
