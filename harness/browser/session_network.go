package browser

import (
	"context"

	"github.com/go-rod/rod/lib/proto"

	"crosstalk/scenarios"
)

const (
	// slowLatency and slowRate are a bad mobile connection: milliseconds more for
	// each answer, and bytes a second either way.
	slowLatency = 400
	slowRate    = 50_000
)

// changeNetwork performs a step that makes the session's network another one.
func (s *Session) changeNetwork(ctx context.Context, c scenarios.Condition) error {
	switch c {
	case scenarios.NetworkNormal, scenarios.NetworkSlow, scenarios.NetworkOffline:
	default:
		return fail("there is no network condition %q", string(c))
	}
	return s.setNetwork(ctx, c)
}

// setNetwork makes the network of all pages, frames and workers of the session,
// and of those that come, a slow one, or takes it away, or gives it back.
func (s *Session) setNetwork(ctx context.Context, c scenarios.Condition) error {
	before := s.network.Load()
	if before == nil && c == scenarios.NetworkNormal {
		return nil
	}
	now := conditionOrder(c)
	s.network.Store(&now)
	if c == scenarios.NetworkNormal {
		s.network.Store(nil)
	}
	for _, t := range s.everyTarget() {
		if t.kind == kindTab || t.held.Load() {
			continue
		}
		sent, err := t.postAll(ctx, []order{now})
		if err == nil {
			err = t.answered(ctx, sent)
		}
		if err != nil && t == s.front() {
			return err // of any other, that it is gone by now
		}
	}
	return nil
}

func conditionOrder(c scenarios.Condition) order {
	now := proto.NetworkEmulateNetworkConditions{DownloadThroughput: -1, UploadThroughput: -1}
	switch c {
	case scenarios.NetworkOffline:
		now.Offline = true
	case scenarios.NetworkSlow:
		now.Latency, now.DownloadThroughput, now.UploadThroughput = slowLatency, slowRate, slowRate
	case scenarios.NetworkNormal:
	}
	return orderOf(now)
}

// networkOrders have a target tell of its network, and make that as bad as the
// session's is.
func (s *Session) networkOrders() []order {
	orders := []order{s.networkOrder()}
	if now := s.network.Load(); now != nil {
		orders = append(orders, *now)
	}
	return orders
}
