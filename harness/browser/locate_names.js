// One of the pieces of our script; locate.go puts them together.

// Runs in a world of its own: the page cannot see it, nor what it overrides.

const low = (s) => fold(s).toLowerCase();

// frameDocument is the document of a frame of the same origin, or null.
function frameDocument(el) {
  if (el.localName !== "iframe" && el.localName !== "frame") return null;
  try { return el.contentDocument; } catch { return null; }
}

// each visits every element, through open shadow roots and same-origin frames.
function each(root, visit) {
  const stack = [root];
  while (stack.length) {
    const node = stack.pop();
    if (node.nodeType === Node.ELEMENT_NODE) {
      if (visit(node) === false) continue;
      const inner = frameDocument(node);
      if (inner && inner.documentElement) stack.push(inner.documentElement);
    }
    for (let c = node.lastElementChild; c; c = c.previousElementSibling) stack.push(c);
    if (node.shadowRoot) stack.push(node.shadowRoot);
  }
}

function roots() {
  const all = [document];
  each(document, (el) => {
    if (el.shadowRoot) all.push(el.shadowRoot);
    const inner = frameDocument(el);
    if (inner) all.push(inner);
  });
  return all;
}

const view = (el) => el.ownerDocument.defaultView || window;

function boxOf(el) {
  for (const r of el.getClientRects()) if (r.width > 0 && r.height > 0) return r;
  return null;
}

function visible(el) {
  if (el.checkVisibility && !el.checkVisibility({ visibilityProperty: true })) return false;
  const style = view(el).getComputedStyle(el);
  if (style.display === "contents") {
    for (const c of el.children) if (visible(c)) return true;
    const range = el.ownerDocument.createRange();
    range.selectNodeContents(el);
    const r = range.getBoundingClientRect();
    return r.width > 0 && r.height > 0;
  }
  if (style.visibility !== "visible" || !boxOf(el)) return false;
  for (let d = el.ownerDocument; d !== document;) {
    const frame = d.defaultView && d.defaultView.frameElement;
    if (!frame) return true;
    if (!boxOf(frame)) return false;
    d = frame.ownerDocument;
  }
  return true;
}

const INPUT_ROLES = {
  button: "button", submit: "button", reset: "button", image: "button",
  checkbox: "checkbox", radio: "radio", range: "slider", number: "spinbutton",
  search: "searchbox", text: "textbox", email: "textbox", tel: "textbox", url: "textbox",
};
const TAG_ROLES = {
  button: "button", summary: "button", h1: "heading", h2: "heading", h3: "heading", h4: "heading",
  h5: "heading", h6: "heading", textarea: "textbox", option: "option", ul: "list", ol: "list",
  menu: "list", li: "listitem", table: "table", tr: "row", td: "cell", th: "columnheader",
  nav: "navigation", main: "main", aside: "complementary", article: "article", dialog: "dialog",
  fieldset: "group", details: "group", progress: "progressbar", meter: "meter", output: "status",
  p: "paragraph", hr: "separator", figure: "figure", optgroup: "group", form: "form",
};
function roleOf(el) {
  const given = (el.getAttribute("role") || "").trim().split(/\s+/)[0].toLowerCase();
  if (given) return given === "image" ? "img" : given;
  switch (el.localName) {
    case "a": case "area": return el.hasAttribute("href") ? "link" : "";
    case "img": return el.getAttribute("alt") === "" ? "presentation" : "img";
    case "svg": return "img";
    case "select": return el.multiple || el.size > 1 ? "listbox" : "combobox";
    case "input": {
      const role = INPUT_ROLES[el.type] || "";
      return el.hasAttribute("list") && (role === "textbox" || role === "searchbox") ? "combobox" : role;
    }
    case "header": return el.closest("article,aside,main,nav,section") ? "" : "banner";
    case "footer": return el.closest("article,aside,main,nav,section") ? "" : "contentinfo";
    case "section": return el.hasAttribute("aria-label") || el.hasAttribute("aria-labelledby") ? "region" : "";
  }
  return TAG_ROLES[el.localName] || "";
}

const FROM_CONTENT = new Set(["button", "link", "heading", "checkbox", "radio", "switch", "option", "tab",
  "menuitem", "menuitemcheckbox", "menuitemradio", "cell", "columnheader", "rowheader", "row", "tooltip", "treeitem", "gridcell", "listitem"]);

// content is an element's text as its name counts it: pictures by their alt
// text, hidden parts left out.
function content(el, depth = 0) {
  if (depth > 30) return "";
  let out = "";
  const kids = el.localName === "slot" && el.assignedNodes().length ? el.assignedNodes()
    : el.shadowRoot ? [...el.shadowRoot.childNodes] : [...el.childNodes];
  for (const n of kids) {
    if (n.nodeType === Node.TEXT_NODE) { out += n.data; continue; }
    if (n.nodeType !== Node.ELEMENT_NODE || SILENT.has(n.tagName)) continue;
    if (n.getAttribute("aria-hidden") === "true") continue;
    const style = view(n).getComputedStyle(n);
    if (style.display === "none" || style.visibility === "hidden") continue;
    const label = n.getAttribute("aria-label");
    let piece = label || (n.localName === "img" ? n.alt : n.localName === "svg" ? svgTitle(n) : content(n, depth + 1));
    if (/^(block|flex|grid|list-item|table)/.test(style.display)) piece = " " + piece + " ";
    out += piece;
  }
  return out;
}
function svgTitle(el) {
  const title = el.querySelector(":scope > title");
  return title ? title.textContent : "";
}

function byIds(el, ids) {
  const root = el.getRootNode();
  return fold(ids.split(/\s+/).map((id) => {
    const other = root.getElementById ? root.getElementById(id) : null;
    return other ? other.getAttribute("aria-label") || content(other) || other.textContent : "";
  }).join(" "));
}

function labelTexts(el) {
  const out = [];
  const by = el.getAttribute("aria-labelledby");
  if (by) out.push(byIds(el, by));
  const own = el.getAttribute("aria-label");
  if (own) out.push(fold(own));
  for (const l of el.labels || []) {
    // A select inside its label must not lend it the options' texts.
    const copy = [...l.childNodes].map((n) => n.nodeType === Node.TEXT_NODE ? n.data
      : n.nodeType === Node.ELEMENT_NODE && !/^(select|input|textarea|button|script|style)$/.test(n.localName) ? content(n) : "").join("");
    out.push(fold(copy));
  }
  return out.filter(Boolean);
}

function nameOf(el) {
  const labels = labelTexts(el);
  if (labels.length) return el.getAttribute("aria-labelledby") || el.getAttribute("aria-label") ? labels[0] : labels.join(" ");
  if (el.localName === "input") {
    if (["button", "submit", "reset"].includes(el.type)) {
      if (el.value) return fold(el.value);
      return { submit: "Submit", reset: "Reset", button: "" }[el.type];
    }
    if (el.type === "image") return fold(el.alt || el.title || "Submit");
  }
  if (el.localName === "img" && el.alt) return fold(el.alt);
  if (el.localName === "svg" && svgTitle(el)) return fold(svgTitle(el));
  if (el.localName === "fieldset") {
    const legend = el.querySelector(":scope > legend");
    if (legend) return fold(content(legend));
  }
  if (el.localName === "table" && el.caption) return fold(content(el.caption));
  if (FROM_CONTENT.has(roleOf(el))) {
    const text = fold(content(el));
    if (text) return text;
  }
  return fold(el.title) || fold(el.getAttribute("placeholder"));
}

// fits is 2 for the same text, 1 for a part of it, 0 for none.
function fits(text, wanted) {
  const a = low(text), b = low(wanted);
  if (!b) return 0;
  return a === b ? 2 : a.includes(b) ? 1 : 0;
}
const best = (texts, wanted) => texts.reduce((m, t) => Math.max(m, fits(t, wanted)), 0);

// textOf is what a text locator compares with: what a person reads there.
function textOf(el) {
  if (el.localName === "input" && ["button", "submit", "reset"].includes(el.type)) return el.value;
  let out = "";
  const walk = (node) => {
    for (const n of node.shadowRoot ? node.shadowRoot.childNodes : node.childNodes) {
      if (n.nodeType === Node.TEXT_NODE) out += n.data;
      else if (n.nodeType === Node.ELEMENT_NODE && !SILENT.has(n.tagName)) {
        const apart = n.localName === "br" || /^(block|flex|grid|list-item|table)/.test(view(n).getComputedStyle(n).display);
        if (apart) out += " ";
        walk(n);
        if (apart) out += " ";
      }
    }
  };
  walk(el);
  return out;
}
