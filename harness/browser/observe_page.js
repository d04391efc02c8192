// One of the pieces of our script; locate.go puts them together.

const LONGEST = 200000, MOST = 20000;

// addressOf is the address at which an element stands: its document's own, or
// that of the one whose frame it is in.
function addressOf(el) {
  let d = el.ownerDocument;
  while (!hasAddress(d) && d.defaultView && d.defaultView.frameElement) d = d.defaultView.frameElement.ownerDocument;
  return hasAddress(d) ? d.URL : "";
}

const SHOWN = ["alt", "title", "placeholder", "label", "aria-label", "aria-description", "aria-valuetext",
  "aria-placeholder", "aria-roledescription", "aria-braillelabel"];

// readings are what watches the documents, and up to where a look that is
// under way has read what they told of.
let readings = [];

// bulk is how much there is to read, quickly told. A look begins with it: what
// watches the documents is told, and once more when all of it was read.
function bulk() {
  let elements = 0, text = 0, left = 200;
  readings = [];
  const count = (doc, feed) => {
    if (!doc.documentElement || left-- <= 0) return;
    elements += doc.getElementsByTagName("*").length;
    text += doc.documentElement.textContent.length;
    if (feed) readings.push([feed, feed.read(false)]);
    for (const el of doc.querySelectorAll("iframe, frame")) {
      const inner = frameDocument(el);
      if (inner) count(inner, inner.defaultView && inner.defaultView.__crosstalkFeed);
    }
  };
  count(document, globalThis.__crosstalkFeed);
  return { elements, text, watched: readings.length > 0 };
}

// eachFeed does something with all that watches documents here.
function eachFeed(act) {
  const go = (doc, feed) => {
    if (feed) act(feed);
    for (const el of doc.querySelectorAll("iframe, frame")) {
      const inner = frameDocument(el);
      if (inner) go(inner, inner.defaultView && inner.defaultView.__crosstalkFeed);
    }
  };
  go(document, globalThis.__crosstalkFeed);
}

// parting has what watches the documents tell what no look has read: there
// will be none.
function parting() { eachFeed((feed) => feed.leave()); }

// handOver has them tell it because another customer comes, to whom everything
// here is news. last: nothing is told before the other's turn but that.
function handOver(last) {
  eachFeed((feed) => feed.handOver());
  if (last && globalThis.__crosstalkTell) globalThis.__crosstalkTell(JSON.stringify({ handed: true }));
}

function confirmed() {
  for (const [feed, turn] of readings) feed.recorded(turn);
  readings = [];
}

// page is everything that is rendered or waits hidden in the document:
// texts with their places, and the values of form fields. sure: they will be
// recorded, and what watches the page change need not tell them again.
function page(sure) {
  const texts = [], fields = [];
  let size = 0;
  const add = (list, where, text) => {
    const t = fold((text || "").slice(0, LONGEST));
    if (!t || list.length >= MOST || size > 4000000) return;
    size += t.length;
    list.push({ where, text: t });
  };
  add(texts, "title", document.title);
  each(document, (el) => {
    if (SILENT.has(el.tagName) || texts.length >= MOST || size > 4000000) return false;
    const where = pathOf(el);
    add(texts, where, textAt(el));
    for (const a of SHOWN) {
      const v = el.getAttribute(a);
      if (v) add(texts, where + "@" + a, v);
    }
    if (el.localName === "input" && /^(submit|button|reset)$/.test(el.type)) add(texts, where + "@value", el.value);
    addField(fields, add, el);
  });
  const feed = globalThis.__crosstalkFeed;
  if (sure && feed && size <= 4000000) feed.read(true);
  return { url: location.href, title: document.title, texts, fields };
}

function addField(fields, add, el) {
  if (!/^(input|textarea|select|output)$/.test(el.localName) && !el.isContentEditable) return;
  if (el.isContentEditable && el.localName !== "input" && el.localName !== "textarea") {
    if (el.hasAttribute("contenteditable")) add(fields, stepName(el), el.textContent);
    return;
  }
  if (el.type === "file" || el.type === "submit" || el.type === "button" || el.type === "reset" || el.type === "image") return;
  if ((el.type === "checkbox" || el.type === "radio") && !el.checked) return;
  if (el.localName !== "select") return add(fields, stepName(el), el.value);
  for (const o of el.selectedOptions) {
    add(fields, stepName(el), o.value);
    if (fold(o.text) !== o.value) add(fields, stepName(el), o.text);
  }
}
const stepName = (el) => el.getAttribute("name") || el.id || labelTexts(el)[0] || pathOf(el);
