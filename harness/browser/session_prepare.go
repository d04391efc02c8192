package browser

import (
	"context"

	"github.com/go-rod/rod/lib/proto"
)

const networkEnable = "Network.enable"

// order is one call that makes a target ready.
type order struct {
	method string
	params any
}

func orderOf(r proto.Request) order { return order{r.ProtoReq(), r} }

// prepare puts guard and observation on a target and then lets it run. All
// calls are sent before any answer is waited for: a worker, or a pop-up whose
// first document is under way, answers only once it runs.
func (s *Session) prepare(ctx context.Context, t *target) error {
	sent, err := t.postAll(ctx, s.orders(t))
	if err != nil {
		return err
	}
	if t.hidden.Load() && !s.mayRun(ctx, t) {
		return nil // it stays held until its page discards it
	}
	last, err := t.postAll(ctx, []order{orderOf(proto.RuntimeRunIfWaitingForDebugger{})})
	if err != nil {
		return err
	}
	s.unhold(t)
	return t.answered(ctx, append(sent, last...))
}

// postAll sends calls in order, without waiting for an answer.
func (t *target) postAll(ctx context.Context, orders []order) ([]posted, error) {
	sent := make([]posted, 0, len(orders))
	for _, o := range orders {
		p, err := t.conn.post(ctx, t.channel, o.method, o.params)
		if err != nil {
			return nil, err
		}
		sent = append(sent, p)
	}
	return sent, nil
}

// answered waits for the answers of posted calls; its error is the first that
// went wrong.
func (t *target) answered(ctx context.Context, sent []posted) error {
	var problem error
	for _, p := range sent {
		err := t.conn.wait(ctx, p)
		if p.method == networkEnable && err != nil && ctx.Err() == nil {
			err = t.raw(ctx, networkEnable, nil) // an older browser keeps no bodies for us
		}
		if problem == nil {
			problem = err
		}
	}
	return problem
}

// orders are what a target is told before it runs. What only a page knows is
// not asked of frames and workers.
func (s *Session) orders(t *target) []order {
	if t.kind == kindTab {
		return []order{orderOf(proto.TargetSetAutoAttach{AutoAttach: true, WaitForDebuggerOnStart: true, Flatten: true})}
	}
	orders := append(s.networkOrders(), s.languageOrders(t)...)
	if s.watches(partFlashes) {
		orders = append(orders, s.flashOrders(t)...)
	}
	if s.watches(partNotices) {
		orders = append(orders, s.noticeOrders(t)...)
	}
	if s.watches(partStorage) {
		orders = append(orders, s.storageOrders(t)...)
	}
	below := orderOf(proto.TargetSetAutoAttach{
		AutoAttach: true, WaitForDebuggerOnStart: true, Flatten: true, Filter: proto.TargetTargetFilter{
			// The browser itself reports these; twice would be recorded twice.
			{Type: "service_worker", Exclude: true}, {Type: "shared_worker", Exclude: true},
			{Type: "page", Exclude: true}, {Type: "tab", Exclude: true}, {Type: "browser", Exclude: true}, {},
		},
	})
	switch {
	case t.page():
		return append(append(orders, s.guardOrder(), below,
			orderOf(proto.PageEnable{}), orderOf(proto.InspectorEnable{}),
			orderOf(proto.PageSetLifecycleEventsEnabled{Enabled: true}),
		), frontOrders()...)
	case t.kind == "iframe":
		return append(orders, s.guardOrder(), below, orderOf(proto.PageEnable{}))
	case t.kind == "worker", t.kind == "shared_worker": // they start others of their own
		return append(orders, below)
	}
	return orders
}

// frontOrders give a page its window. A page in the background would get no
// focus, and few frames.
func frontOrders() []order {
	return []order{
		orderOf(proto.EmulationSetFocusEmulationEnabled{Enabled: true}),
		orderOf(proto.EmulationSetDeviceMetricsOverride{Width: 1280, Height: 900, DeviceScaleFactor: 1}),
	}
}

// networkOrder turns network events on, with bodies that outlive their page
// where we observe.
func (s *Session) networkOrder() order {
	params := map[string]any{"maxPostDataSize": keptPost}
	if s.watches(partBodies) {
		params["enableDurableMessages"] = true
		params["maxTotalBufferSize"] = keptInAll
		params["maxResourceBufferSize"] = keptEach
	}
	return order{networkEnable, params}
}
