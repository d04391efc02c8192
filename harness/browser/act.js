// One of the pieces of our script; locate.go puts them together.

function setter(el) {
  const proto = { input: "HTMLInputElement", textarea: "HTMLTextAreaElement", select: "HTMLSelectElement" }[el.localName];
  return Object.getOwnPropertyDescriptor(view(el)[proto].prototype, "value").set;
}
function tell(el) {
  el.dispatchEvent(new Event("input", { bubbles: true, composed: true }));
  el.dispatchEvent(new Event("change", { bubbles: true }));
}

function focus() {
  const el = api.held;
  if (!el || !el.isConnected) return "gone";
  el.focus({ preventScroll: false });
  return "";
}

// selectAll makes the next typed text replace what is there.
function selectAll() {
  const el = api.held;
  if (!el || !el.isConnected) return "gone";
  el.focus();
  if (el.select) { el.select(); return ""; }
  const range = el.ownerDocument.createRange();
  range.selectNodeContents(el);
  const s = view(el).getSelection();
  s.removeAllRanges();
  s.addRange(range);
  return "";
}

function setValue(text) {
  const el = api.held;
  if (!el || !el.isConnected) return "gone";
  el.focus();
  setter(el).call(el, text);
  if (text && !el.value) return "does not take " + JSON.stringify(text);
  tell(el);
  return "";
}

function value() {
  const el = api.held;
  return !el ? "" : "value" in el && el.localName !== "button" && el.localName !== "li" ? String(el.value) : el.textContent;
}

// choose sets a select to the option with this label or value.
function choose(wanted) {
  const el = api.held;
  if (!el || !el.isConnected) return { gone: true };
  const options = [...el.options];
  const option = options.find((o) => o.value === wanted) || options.find((o) => fits(o.label || o.text, wanted) === 2)
    || options.find((o) => !o.disabled && fits(o.label || o.text, wanted) === 1);
  if (!option) return { options: options.map((o) => fold(o.label || o.text)).filter(Boolean).slice(0, 12) };
  if (option.disabled) return { disabled: true };
  el.focus();
  if (el.multiple) { for (const o of options) o.selected = o === option; } else el.selectedIndex = option.index;
  tell(el);
  return { done: true };
}

function checked() {
  const el = api.held;
  if (!el || !el.isConnected) return "gone";
  const aria = el.getAttribute("aria-checked");
  if (el.type === "checkbox" || el.type === "radio") return el.checked ? "on" : "off";
  return aria === "true" ? "on" : aria ? "off" : "none";
}

// api is what Go calls.
const api = {
  held: null, ready, seen, struck, focus, selectAll, setValue, value, choose, checked, page, bulk, confirmed, parting, handOver,
  settled: () => new Promise((done) => setTimeout(() => done(document.readyState), 0)),
};
