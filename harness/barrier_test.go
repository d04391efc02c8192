package harness

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestBarrierLetsAllGoOnceAllHaveCome(t *testing.T) {
	b := newBarrier(3, 3)
	var passed atomic.Int32
	var group sync.WaitGroup
	for range 3 {
		group.Go(func() {
			b.wait(context.Background())
			passed.Add(1)
		})
	}
	group.Wait()
	require.EqualValues(t, 3, passed.Load())
}

func TestBarrierDoesNotWaitForThoseWhoLeft(t *testing.T) {
	b := newBarrier(3, 3)
	done := make(chan struct{})
	go func() {
		b.wait(context.Background())
		close(done)
	}()
	b.leave()
	b.leave()
	<-done
	late := make(chan struct{}) // who comes after everybody else has gone is not held
	go func() {
		b.wait(context.Background())
		close(late)
	}()
	<-late
}

func TestBarrierLetsGoWhenTheRunEnds(t *testing.T) {
	b := newBarrier(2, 2)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	b.wait(ctx)
}

func TestBarrierLetsGoAllWhoHaveASession(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBarrier(5, 2) // five walks, of which two can be under way
		begun := time.Now()
		var group sync.WaitGroup
		for n := range 5 {
			group.Go(func() {
				time.Sleep(time.Duration(n/2) * time.Second)
				b.wait(context.Background())
				assert.Equal(t, time.Duration(n/2)*time.Second, time.Since(begun), "the fifth comes when nobody else does any more")
			})
		}
		group.Wait()
	})
}
