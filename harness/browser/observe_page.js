// One of the pieces of our script; locate.go puts them together.

const LONGEST = 200000, MOST = 20000, STEPS = 5;

// A step names an element as it is for every customer: what holds digits
// may not be. The same convention names places in markup (package match).
const plain = (v) => !!v && v.length <= 48 && !/[\d@\s]/.test(v);
function stepOf(el) {
  if (plain(el.id)) return el.localName + "#" + el.id;
  const named = [...(el.classList || [])].find(plain);
  return named ? el.localName + "." + named : el.localName;
}
const SAYS_NOTHING = new Set(["html", "body", "div", "span"]);
function pathOf(el) {
  const steps = [];
  for (let n = el; n && n.nodeType === Node.ELEMENT_NODE && steps.length < STEPS;) {
    const step = stepOf(n);
    if (n === el || !SAYS_NOTHING.has(step)) steps.unshift(step);
    if (plain(n.id)) break;
    const root = n.getRootNode();
    n = n.parentElement || root.host || null;
    // A frame's content stands where the frame stands.
    if (!n && root !== document && root.defaultView) n = root.defaultView.frameElement;
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

// page is everything that is rendered or waits hidden in the document:
// texts with their places, and the values of form fields.
function page() {
  const texts = [], fields = [];
  let size = 0;
  const add = (list, where, text) => {
    const t = fold(text);
    if (!t || list.length >= MOST || size > 4000000) return;
    size += t.length;
    list.push({ where, text: t.slice(0, LONGEST) });
  };
  add(texts, "title", document.title);
  each(document, (el) => {
    if (SILENT.has(el.tagName)) return false;
    const where = pathOf(el);
    add(texts, where, textAt(el));
    for (const a of ["alt", "title", "placeholder", "aria-label", "aria-description"]) {
      const v = el.getAttribute(a);
      if (v) add(texts, where + "@" + a, v);
    }
    addField(fields, add, el);
  });
  return { url: location.href, title: document.title, texts, fields, held: size > 4000000 };
}

function addField(fields, add, el) {
  if (!/^(input|textarea|select|output)$/.test(el.localName) && !el.isContentEditable) return;
  if (el.isContentEditable && el.localName !== "input" && el.localName !== "textarea") {
    if (el.hasAttribute("contenteditable")) add(fields, stepName(el), el.textContent);
    return;
  }
  if (el.type === "file" || el.type === "submit" || el.type === "button" || el.type === "reset" || el.type === "image") return;
  if ((el.type === "checkbox" || el.type === "radio") && !el.checked) return;
  add(fields, stepName(el), el.value);
  if (el.localName === "select") for (const o of el.selectedOptions) if (fold(o.text) !== el.value) add(fields, stepName(el), o.text);
}
const stepName = (el) => el.getAttribute("name") || el.id || labelTexts(el)[0] || pathOf(el);
