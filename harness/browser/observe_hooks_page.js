// The ending in a page: an event target of our own that both worlds know, and
// nobody else. In a window whose first document was replaced everything
// stands already.
const Custom = CustomEvent, Mouse = MouseEvent, send = EventTarget.prototype.dispatchEvent;
const channel = new EventTarget();
let heard = false;
channel.addEventListener("heard", () => { heard = true; });

// hello answers false where another channel of ours stands already. In a
// window that is held nobody hears it.
const hello = () => heard || apply(send, window, [new Mouse("crosstalk", { __proto__: null, cancelable: true, relatedTarget: channel })]);

function pass(kind, text, node) {
  if (node && kind !== "shadow") apply(send, channel, [new Mouse("on", { __proto__: null, relatedTarget: node })]);
  if (kind === "shadow") apply(send, channel, [new Mouse(kind, { __proto__: null, relatedTarget: node })]);
  else apply(send, channel, [new Custom(kind, { __proto__: null, detail: text })]);
}

// tell waits a moment where document.open took the listener away.
function tell(kind, text, node) {
  hello();
  if (heard) return pass(kind, text, node);
  soon(() => {
    hello();
    if (heard) pass(kind, text, node);
  });
}
if (hello()) install(tell);
