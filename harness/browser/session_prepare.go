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
	var sent []posted
	for _, o := range append(s.orders(t), orderOf(proto.RuntimeRunIfWaitingForDebugger{})) {
		p, err := t.conn.post(ctx, t.channel, o.method, o.params)
		if err != nil {
			return err
		}
		sent = append(sent, p)
	}
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
	orders := []order{s.networkOrder()}
	if s.spec.Observe {
		orders = append(orders, s.flashOrders(t)...)
		orders = append(orders, s.noticeOrders(t)...)
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
		return append(orders, s.guardOrder(), below,
			orderOf(proto.PageEnable{}), orderOf(proto.InspectorEnable{}),
			orderOf(proto.PageSetLifecycleEventsEnabled{Enabled: true}),
			// A page in the background would get no focus, and few frames.
			orderOf(proto.EmulationSetFocusEmulationEnabled{Enabled: true}),
			orderOf(proto.EmulationSetDeviceMetricsOverride{Width: 1280, Height: 900, DeviceScaleFactor: 1}),
		)
	case t.kind == "iframe":
		return append(orders, s.guardOrder(), below, orderOf(proto.PageEnable{}))
	}
	return orders
}

// networkOrder turns network events on, with bodies that outlive their page
// where we observe.
func (s *Session) networkOrder() order {
	params := map[string]any{"maxPostDataSize": keptPost}
	if s.spec.Observe {
		params["enableDurableMessages"] = true
		params["maxTotalBufferSize"] = keptInAll
		params["maxResourceBufferSize"] = keptEach
	}
	return order{networkEnable, params}
}
