package main

import (
	"context"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"
)

// sameInterrupt is how soon after one signal another is still the same wish: a
// wrapper passes on what the terminal has sent us already.
const sameInterrupt = 300 * time.Millisecond

// leaving is the key of the channel that a second signal closes.
type leaving struct{}

// interruptible is a context that the first signal ends: sessions are cut,
// accounts removed, reports written. The second ends the removing too, see
// leave; the third ends the process. The function gives the signals back.
func interruptible(parent context.Context) (context.Context, func()) {
	leave := make(chan struct{})
	ctx, cancel := context.WithCancel(context.WithValue(parent, leaving{}, leave))
	signals := make(chan os.Signal, 3)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	var watch sync.WaitGroup
	over := make(chan struct{})
	watch.Go(func() {
		defer signal.Stop(signals)
		if !signaled(signals, over, time.Time{}) {
			return
		}
		cancel()
		if signaled(signals, over, time.Now().Add(sameInterrupt)) {
			close(leave)
		}
	})
	return ctx, func() { close(over); watch.Wait(); cancel() }
}

// signaled waits for a signal that comes after that time; false when it is
// over before.
func signaled(signals <-chan os.Signal, over <-chan struct{}, after time.Time) bool {
	for {
		select {
		case <-signals:
			if time.Now().After(after) {
				return true
			}
		case <-over:
			return false
		}
	}
}

// leave is closed when who interrupted a run does not want to wait for its
// clean-up either; nil, which never is, where nobody can say so.
func leave(ctx context.Context) <-chan struct{} {
	asked, _ := ctx.Value(leaving{}).(chan struct{})
	return asked
}
