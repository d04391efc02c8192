// The ending in a page: an event target of our own that both worlds know, and
// nobody else. In a window whose first document was replaced everything
// stands already.
const Custom = CustomEvent, Mouse = MouseEvent, send = EventTarget.prototype.dispatchEvent;
const channel = new EventTarget();
const tell = (kind, text, node) => {
  if (node && kind !== "shadow") apply(send, channel, [new Mouse("on", { __proto__: null, relatedTarget: node })]);
  if (kind === "shadow") apply(send, channel, [new Mouse(kind, { __proto__: null, relatedTarget: node })]);
  else apply(send, channel, [new Custom(kind, { __proto__: null, detail: text })]);
};
if (document.dispatchEvent(new Mouse("crosstalk", { cancelable: true, relatedTarget: channel }))) install(tell);
