// One of the pieces of our scripts: how text and its places are written. What
// looks at a page and what watches it change write them alike.

const fold = (s) => (s || "").replace(/[\s\u200b\u00ad\ufeff]+/g, " ").trim();
const SILENT = new Set(["SCRIPT", "STYLE", "NOSCRIPT", "TEMPLATE", "HEAD", "META", "LINK"]);
const STEPS = 5;

// A step names an element as it is for every customer: what holds digits
// may not be. The same convention names places in markup (package match).
const plain = (v) => !!v && v.length <= 48 && !/[\d@\s]/.test(v);
function stepOf(el) {
  if (plain(el.id)) return el.localName + "#" + el.id;
  const named = [...(el.classList || [])].find(plain);
  return named ? el.localName + "." + named : el.localName;
}
const former = new WeakMap(); // of what was taken out of the document: the element it stood in
const SAYS_NOTHING = new Set(["html", "body", "div", "span"]);
const hasAddress = (doc) => /^https?:\/\//.test(doc.URL);
function pathOf(el) {
  const steps = [];
  for (let n = el; n && n.nodeType === Node.ELEMENT_NODE && steps.length < STEPS;) {
    const step = stepOf(n);
    if (n === el || !SAYS_NOTHING.has(step)) steps.unshift(step);
    if (plain(n.id)) break;
    const root = n.getRootNode();
    n = n.parentElement || root.host || former.get(root) || null;
    // A frame's content stands where the frame stands, unless it came from an
    // address of its own.
    if (!n && root.defaultView && !hasAddress(root)) n = root.defaultView.frameElement;
  }
  return steps.join(">");
}

const INLINE = new Set(["a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins",
  "kbd", "label", "mark", "q", "s", "samp", "small", "span", "strong", "sub", "sup", "time", "u", "var", "wbr"]);

const APART = "select,script,style,table,div,p,ul,ol,section,form";

// textAt is an element's own text; with inline elements among it, the whole
// line as a person reads it, since a value may be split over them.
function textAt(el) {
  let own = "", inline = false;
  for (const n of el.childNodes) {
    if (n.nodeType === Node.TEXT_NODE) own += n.data;
    else if (n.nodeType === Node.ELEMENT_NODE && INLINE.has(n.localName)) { own += n.querySelector(APART) ? " " : n.textContent; inline = true; }
    else own += " ";
  }
  return inline && own.length > 2000 ? [...el.childNodes].filter((n) => n.nodeType === Node.TEXT_NODE).map((n) => n.data).join(" ") : own;
}

