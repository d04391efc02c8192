(() => {
  "use strict";
  // Runs in a world of its own: the page cannot see it, nor what it overrides.

  const fold = (s) => (s || "").replace(/[\s\u200b\u00ad\ufeff]+/g, " ").trim();
  const low = (s) => fold(s).toLowerCase();
  const SILENT = new Set(["SCRIPT", "STYLE", "NOSCRIPT", "TEMPLATE", "HEAD", "META", "LINK"]);

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

  // ---- roles and names, as assistive software computes them ----

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

  // ---- finding ----

  function scoredAll(loc) {
    const found = [];
    const take = (score) => (el) => { const s = score(el); if (s) found.push([el, s]); };
    if (loc.CSS) {
      for (const r of roots()) for (const el of r.querySelectorAll(loc.CSS)) found.push([el, 1]);
    } else if (loc.XPath) {
      const r = document.evaluate(loc.XPath, document, null, XPathResult.ORDERED_NODE_SNAPSHOT_TYPE, null);
      for (let i = 0; i < r.snapshotLength; i++) {
        const n = r.snapshotItem(i);
        found.push([n.nodeType === Node.ELEMENT_NODE ? n : n.parentElement || n.ownerElement, 1]);
      }
    } else if (loc.TestID) {
      each(document, take((el) => el.getAttribute("data-testid") === loc.TestID ? 2 : 0));
    } else if (loc.Placeholder) {
      each(document, take((el) => fits(el.getAttribute("placeholder"), loc.Placeholder)));
    } else if (loc.Label) {
      each(document, take((el) => best(labelTexts(el), loc.Label)));
    } else if (loc.Text) {
      textMatches(loc.Text, found);
    } else if (loc.Role) {
      const role = low(loc.Role) === "image" ? "img" : low(loc.Role);
      each(document, take((el) => roleOf(el) !== role || el.closest("[aria-hidden=true]") ? 0 : loc.Name ? fits(nameOf(el), loc.Name) : 1));
    } else if (loc.Name) {
      each(document, take((el) => { const r = roleOf(el); return r === "link" || r === "button" ? fits(nameOf(el), loc.Name) : 0; }));
      if (!found.some(([el]) => visible(el))) textMatches(loc.Name, found);
    }
    return found;
  }

  // textMatches takes the innermost elements that hold the text.
  function textMatches(wanted, found) {
    const part = low(wanted);
    const search = (el) => {
      if (SILENT.has(el.tagName)) return;
      const inner = frameDocument(el);
      if (inner && inner.documentElement) search(inner.documentElement);
      const text = low(textOf(el));
      const below = [...el.children, ...(el.shadowRoot ? el.shadowRoot.children : [])];
      const before = found.length;
      for (const c of below) search(c);
      if (found.length === before && text.includes(part)) found.push([el, text === part ? 2 : 1]);
    };
    if (document.documentElement) search(document.documentElement);
  }

  // pick answers the elements a step may use: visible ones (unless hidden ones
  // will do), and exact matches alone where there are any.
  function pick(loc, hiddenToo) {
    const all = scoredAll(loc);
    let usable = all.filter(([el]) => hiddenToo || visible(el));
    if (usable.some(([, s]) => s === 2)) usable = usable.filter(([, s]) => s === 2);
    usable = usable.filter(([el], i) => usable.findIndex(([o]) => o === el) === i);
    return { all: all.length, usable: usable.map(([el]) => el) };
  }

  function describe(el) {
    const bits = ["<" + el.localName];
    for (const a of ["id", "type", "name", "class", "href"]) {
      const v = el.getAttribute(a);
      if (v) bits.push(a + '="' + v.slice(0, 40) + '"');
    }
    const name = nameOf(el) || fold(textOf(el));
    return bits.join(" ") + ">" + (name ? " " + JSON.stringify(name.slice(0, 60)) : "");
  }

  function similarity(a, b) {
    const grams = (s) => { const g = new Set(); for (let i = 0; i < s.length - 1; i++) g.add(s.slice(i, i + 2)); return g; };
    const x = grams(low(a)), y = grams(low(b));
    let same = 0;
    for (const g of x) if (y.has(g)) same++;
    return x.size + y.size ? (2 * same) / (x.size + y.size) : 0;
  }

  // similar answers names on the page that the wanted one may be a slip of.
  function similar(loc) {
    const wanted = loc.Name || loc.Label || loc.Text || loc.Placeholder || loc.TestID;
    const names = new Map();
    const offer = (text) => { const t = fold(text); if (t && t.length <= 80) names.set(t, wanted ? similarity(t, wanted) : 1); };
    each(document, (el) => {
      if (SILENT.has(el.tagName) || !visible(el)) return;
      const role = roleOf(el);
      if (loc.Label) labelTexts(el).forEach(offer);
      else if (loc.Placeholder) offer(el.getAttribute("placeholder"));
      else if (loc.TestID) offer(el.getAttribute("data-testid"));
      else if (loc.Role ? role === low(loc.Role) : loc.Name ? role === "link" || role === "button" : el.children.length === 0) offer(loc.Text ? textOf(el) : nameOf(el));
    });
    return [...names].filter(([, s]) => s > 0.3).sort((a, b) => b[1] - a[1]).slice(0, 4).map(([n]) => n);
  }

  // ---- ready to be acted on ----

  const frame = () => new Promise((done) => { requestAnimationFrame(done); setTimeout(done, 100); });

  function offsetOf(el) {
    let x = 0, y = 0;
    for (let d = el.ownerDocument; d !== document;) {
      const f = d.defaultView && d.defaultView.frameElement;
      if (!f) break;
      const r = f.getBoundingClientRect();
      x += r.left + f.clientLeft;
      y += r.top + f.clientTop;
      d = f.ownerDocument;
    }
    return { x, y };
  }

  function hitAt(el, x, y) {
    let hit = el.ownerDocument.elementFromPoint(x, y);
    while (hit && hit.shadowRoot) {
      const deeper = hit.shadowRoot.elementFromPoint(x, y);
      if (!deeper || deeper === hit) break;
      hit = deeper;
    }
    return hit;
  }

  function receives(el, hit) {
    for (let n = hit; n; n = n.assignedSlot || n.parentNode || n.host) {
      if (n === el) return true;
      if (n.localName === "label" && n.control === el) return true;
    }
    return false;
  }

  function inView(el, box) {
    const w = view(el), x = box.left + box.width / 2, y = box.top + box.height / 2;
    return x >= 0 && y >= 0 && x < w.innerWidth && y < w.innerHeight;
  }

  const disabled = (el) => el.matches(":disabled") || !!el.closest("[aria-disabled=true]");

  // boxOrLabel is where an element is clicked: a check box that is drawn by
  // its label has no box worth clicking of its own.
  function boxOrLabel(el) {
    const own = visible(el) ? boxOf(el) : null;
    if (own) return { at: el, box: own };
    for (const l of el.labels || []) if (visible(l)) return { at: l, box: boxOf(l) };
    return null;
  }

  // ready finds the one element of a locator and says whether it can be acted
  // on now; Go asks again until it can. want: {edit, point, hidden}.
  async function ready(loc, want) {
    let { all, usable } = pick(loc, want.hidden);
    if (!usable.length && want.point && all && !want.edit) {
      // drawn by their labels
      usable = scoredAll(loc).map(([el]) => el).filter((el) => /^(checkbox|radio)$/.test(el.type) && boxOrLabel(el));
    }
    if (!usable.length) return { state: all ? "hidden" : "none", all, similar: all ? [] : similar(loc) };
    if (loc.Nth < 0 && usable.length > 1) return { state: "many", all: usable.length, matches: usable.slice(0, 6).map(describe) };
    const el = usable[Math.max(loc.Nth, 0)];
    if (!el) return { state: "few", all: usable.length };
    api.held = el;
    const about = { what: describe(el), tag: el.localName, type: el.type || "", where: pathOf(el), editable: !!el.isContentEditable };
    if (!want.point && !want.edit) return { state: "ready", ...about };
    if (disabled(el)) return { state: "disabled", ...about };
    if (want.edit && el.readOnly) return { state: "read-only", ...about };
    if (!want.point) return { state: "ready", ...about };
    return { ...(await pointOf(el)), ...about };
  }

  async function pointOf(el) {
    let spot = boxOrLabel(el);
    if (!spot) return { state: "hidden" };
    if (!inView(spot.at, spot.box)) spot.at.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
    spot = boxOrLabel(el);
    await frame();
    const before = boxOrLabel(el);
    await frame();
    const after = boxOrLabel(el);
    if (!before || !after || !el.isConnected) return { state: "hidden" };
    const a = before.box, b = after.box;
    if (a.left !== b.left || a.top !== b.top || a.width !== b.width || a.height !== b.height) return { state: "moving" };
    const x = b.left + b.width / 2, y = b.top + b.height / 2;
    const hit = hitAt(after.at, x, y);
    if (!hit) return { state: "off-screen" };
    if (!receives(el, hit) && !receives(after.at, hit)) return { state: "covered", by: describe(hit) };
    const o = offsetOf(el);
    return { state: "ready", x: x + o.x, y: y + o.y };
  }

  // seen says whether any visible element fits, for steps that only look.
  function seen(loc) {
    const { all, usable } = pick(loc, false);
    const el = usable[Math.max(loc.Nth, 0)];
    if (el) return { state: "ready", what: describe(el) };
    return usable.length ? { state: "few", all: usable.length } : { state: all ? "hidden" : "none", all, similar: all ? [] : similar(loc) };
  }

  // ---- acting on the held element ----

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

  // ---- looking at the whole page ----

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

  const api = {
    held: null, ready, seen, focus, selectAll, setValue, value, choose, checked, page,
    settled: () => new Promise((done) => setTimeout(() => done(document.readyState), 0)),
    where: () => location.href,
  };
  return api;
})()
