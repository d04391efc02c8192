package browser

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-rod/rod/lib/proto"
)

// worldName is the isolated world our scripts run in: the page can neither
// see nor override what they use.
const worldName = "crosstalk"

// target is one page of a session, or something below it that has a protocol
// channel of its own: a frame of another site, a worker.
type target struct {
	conn      *connection
	channel   proto.TargetSessionID
	targetID  proto.TargetTargetID
	kind      proto.TargetTargetInfoType
	opener    proto.TargetTargetID
	address   string // where it stood when it was attached: a worker stays there
	homes     homes
	logging   logging
	attention attention
	serial    int         // in the order of attaching
	hung      atomic.Bool // it did not answer the last look in time
	stood     string      // its address when it was last looked at

	tab    proto.TargetSessionID  // of a page: the channel of its tab; empty where the browser itself told of it
	hidden atomic.Bool            // made ready by another page, and not shown yet
	held   atomic.Bool            // a hidden page that goes where it may not, and so never runs
	bound  chan string            // where a hidden page is going; holds one
	heir   atomic.Pointer[target] // the page that took its place in the tab
	ending sync.Once
	gone   chan struct{} // closed when heir is known, or that there is none

	asking sync.Mutex // one script at a time
	world  proto.RuntimeExecutionContextID
}

// page reports whether the tab is a page of its own, not a frame or worker.
func (t *target) page() bool { return t.kind == proto.TargetTargetInfoTypePage }

// frame is the id of the page's main frame.
func (t *target) frame() proto.PageFrameID { return proto.PageFrameID(t.targetID) }

func (t *target) call(ctx context.Context, request proto.Request, result any) error {
	return t.follow(ctx, func(now *target) error {
		return callOn(ctx, now.conn, now.channel, request, result)
	})
}

func (t *target) callOnce(ctx context.Context, request proto.Request, result any) error {
	return t.follow(ctx, func(now *target) error {
		return callOnceOn(ctx, now.conn, now.channel, request, result)
	})
}

// raw makes a call that rod's protocol does not know yet.
func (t *target) raw(ctx context.Context, method string, params any) error {
	return do(ctx, method, func(ctx context.Context) error {
		_, err := t.conn.Call(ctx, string(t.channel), method, params)
		return err
	})
}

// scriptError is what a script of ours threw; the page had a part in it.
type scriptError struct{ text string }

func (e *scriptError) Error() string { return "script in the page: " + e.text }

// ask calls one function of our script with JSON arguments and decodes what it
// answers, waiting for it where it is a promise. It asks the new document
// where the page was replaced meanwhile.
func (t *target) ask(ctx context.Context, result any, function string, args ...any) error {
	return t.question(ctx, false, result, function, args)
}

// act is ask for what a person does to the page: the browser takes it for a
// gesture. Merely looking must not be one: what a page loads after a gesture
// is asked for with another header (Sec-Fetch-User).
func (t *target) act(ctx context.Context, result any, function string, args ...any) error {
	return t.question(ctx, true, result, function, args)
}

func (t *target) question(ctx context.Context, gesture bool, result any, function string, args []any) error {
	expression, err := callExpression(function, args)
	if err != nil {
		return err
	}
	return t.follow(ctx, func(now *target) error { return now.askFor(ctx, gesture, result, function, expression) })
}

func (t *target) askFor(ctx context.Context, gesture bool, result any, function, expression string) error {
	t.asking.Lock()
	defer t.asking.Unlock()
	return do(ctx, "ask the page for "+function, func(ctx context.Context) error {
		answer, err := t.evaluateAs(ctx, gesture, expression)
		if err != nil || result == nil {
			return err
		}
		return json.Unmarshal(answer, result)
	})
}

func callExpression(function string, args []any) (string, error) {
	texts := make([]string, len(args))
	for i, a := range args {
		data, err := json.Marshal(a)
		if err != nil {
			return "", fmt.Errorf("encode argument of %s: %w", function, err)
		}
		texts[i] = string(data)
	}
	return "__crosstalk." + function + "(" + strings.Join(texts, ",") + ")", nil
}

func (t *target) evaluateAs(ctx context.Context, gesture bool, expression string) ([]byte, error) {
	if t.world == 0 {
		if err := t.enterWorld(ctx); err != nil {
			return nil, err
		}
	}
	answer, err := t.run(ctx, t.world, gesture, expression)
	if err != nil {
		t.world = 0 // of a document that is gone; the next try enters the new one
		return nil, err
	}
	return answer, nil
}

// enterWorld makes the isolated world in the current document and puts our
// script there.
func (t *target) enterWorld(ctx context.Context) error {
	created, err := proto.PageCreateIsolatedWorld{FrameID: t.frame(), WorldName: worldName}.Call(wire{t.conn, ctx, t.channel})
	if err != nil {
		return err
	}
	if _, err := t.run(ctx, created.ExecutionContextID, false, "globalThis.__crosstalk ??= "+locateScript()+"; 0"); err != nil {
		return err
	}
	t.world = created.ExecutionContextID
	return nil
}

func (t *target) run(ctx context.Context, world proto.RuntimeExecutionContextID, gesture bool, expression string) ([]byte, error) {
	raw, err := t.conn.Call(ctx, string(t.channel), "Runtime.evaluate", map[string]any{
		"expression": expression, "contextId": world,
		"awaitPromise": true, "returnByValue": true, "userGesture": gesture, "silent": true,
	})
	if err != nil {
		return nil, err
	}
	var answer struct {
		Result struct {
			Value json.RawMessage `json:"value"`
		} `json:"result"`
		Thrown *struct {
			Text      string `json:"text"`
			Exception struct {
				Description string `json:"description"`
			} `json:"exception"`
		} `json:"exceptionDetails"`
	}
	if err := json.Unmarshal(raw, &answer); err != nil {
		return nil, fmt.Errorf("decode answer of the page: %w", err)
	}
	if answer.Thrown != nil {
		return nil, &scriptError{firstLine(answer.Thrown.Text + " " + answer.Thrown.Exception.Description)}
	}
	return answer.Result.Value, nil
}

// interrupt ends a script that runs for ever, so that the page can be used
// again. The page may be past helping; then the next step says so.
func (t *target) interrupt(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 500*time.Millisecond)
	defer cancel()
	_ = proto.RuntimeTerminateExecution{}.Call(wire{t.conn, ctx, t.channel})
}

// object is the browser's handle of what our script holds.
func (t *target) object(ctx context.Context, expression string) (proto.RuntimeRemoteObjectID, error) {
	t.asking.Lock()
	defer t.asking.Unlock()
	var id proto.RuntimeRemoteObjectID
	err := do(ctx, "hold an element", func(ctx context.Context) error {
		found, err := proto.RuntimeEvaluate{Expression: expression, ContextID: t.world}.Call(wire{t.conn, ctx, t.channel})
		if err == nil && found.Result != nil {
			id = found.Result.ObjectID
		}
		return err
	})
	return id, err
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return line
}
