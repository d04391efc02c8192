// One of the pieces of our script; locate.go puts them together.

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

// frame waits for the next frame, and for the timers that are due by then: on a
// starved machine frames come without those between them that move things.
const frame = () => new Promise((done) => { requestAnimationFrame(() => setTimeout(done, 1)); setTimeout(done, 100); });

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
// on now; Go asks again until it can. want: {edit, point, click, hidden}.
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
  const about = { what: describe(el), tag: el.localName, type: el.type || "", where: pathOf(el), at: addressOf(el), editable: !!el.isContentEditable };
  if (!want.point && !want.edit) return { state: "ready", ...about };
  if (disabled(el)) return { state: "disabled", ...about };
  if (want.edit && el.readOnly) return { state: "read-only", ...about };
  if (!want.point) return { state: "ready", ...about };
  return { ...(await pointOf(el, want.click)), ...about };
}

async function pointOf(el, click) {
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
  if (click) aimAt(el, after.at);
  return { state: "ready", x: x + o.x, y: y + o.y };
}

// seen says whether any visible element fits, for steps that only look.
function seen(loc) {
  const { all, usable } = pick(loc, false);
  const el = usable[Math.max(loc.Nth, 0)];
  if (el) return { state: "ready", what: describe(el) };
  return usable.length ? { state: "few", all: usable.length } : { state: all ? "hidden" : "none", all, similar: all ? [] : similar(loc) };
}
