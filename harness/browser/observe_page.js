// One of the pieces of our script; locate.go puts them together.

const LONGEST = 200000, MOST = 20000;

// page is everything that is rendered or waits hidden in the document:
// texts with their places, and the values of form fields. What watches the
// page change is told: nothing that was read here need be told again, once it
// is recorded. sure: it will be.
function page(sure) {
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
  const held = size > 4000000, feed = globalThis.__crosstalkFeed;
  const turn = feed && !held ? feed.read(sure) : 0;
  return { url: location.href, title: document.title, texts, fields, held, turn };
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
