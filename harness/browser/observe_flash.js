// Watches a document from before its first script, in a world of our own, and
// tells what was shown and is gone before a look has read it. Behind
// observe_path.js; observe_flash.go puts them together and says what is told.

// What one document may tell between two looks.
const MOST = 4000, BYTES = 2000000, EACH = 20000, VISITS = 300000;
// So many new nodes are told from old ones; with more, all count as new.
const YOUNG = 1000;
const ATTRIBUTES = ["alt", "title", "placeholder", "aria-label", "aria-description"];
// EAGER, put before all this, says that everything is told at once.
const KINDS = ["page", "field", "notice"];

// A generation is what came between two readings of the page: everything, or
// the roots of what was added, and attributes that changed.
const generation = (all) => ({ all, roots: new Set(), attributes: new Map() });

// address is where a document stands. A frame without an address of its own
// stands at the address of what holds it.
function address() {
  try {
    for (let w = window; ; w = w.parent) {
      if (!w.location.href.startsWith("about:")) return w.location.href;
      if (w.parent === w) break;
    }
  } catch { /* held by another site: it began at this base */ }
  return document.baseURI;
}

function watch(tell) {
  let young = generation(true), unsure = [], turn = 0;
  let told = new Set(), size = 0, visits = VISITS, cut = "", queue = [];
  let leaving = EAGER, values = new WeakMap();
  const closed = new WeakMap();
  const below = new WeakMap(); // frame elements of this site: what watches their documents
  let stood = "";

  function stop(reason) {
    if (!cut) queue.push({ cut: reason });
    cut = reason;
  }

  function add(kind, where, text) {
    const t = fold(text).slice(0, EACH), key = kind + "\n" + where + "\n" + t;
    if (!t || cut || told.has(key)) return;
    size += t.length;
    if (told.size >= MOST || size > BYTES) return stop("the page changed more than is kept");
    told.add(key);
    queue.push({ kind, where, text: t });
  }

  function flush() {
    if (!queue.length) return;
    if (window.parent) stood = address(); // a frame that was taken out stands nowhere
    const all = { url: stood };
    for (const k of KINDS) all[k] = queue.filter((q) => q.kind === k).map(({ where, text }) => ({ where, text }));
    const broken = queue.find((q) => q.cut);
    if (broken) all.cut = broken.cut;
    queue = [];
    tell(JSON.stringify(all));
  }

  function field(el) {
    if (!/^(input|textarea|select)$/.test(el.localName) || /^(file|checkbox|radio|image)$/.test(el.type)) return;
    if (values.get(el) === el.value) return;
    if (/^(submit|button|reset)$/.test(el.type)) add("page", pathOf(el) + "@value", el.value);
    else add("field", el.getAttribute("name") || el.id || pathOf(el), el.value);
  }

  // tree tells all that stands below a node.
  function tree(root) {
    const stack = [root];
    while (stack.length && !cut) {
      const n = stack.pop();
      if (--visits < 0) return stop("the page changed more than is read");
      if (n.nodeType === Node.ELEMENT_NODE) {
        if (n.localName === "title" && n.parentElement && n.parentElement.localName === "head") add("page", "title", n.textContent);
        if (n.localName === "head") for (const t of n.querySelectorAll("title")) add("page", "title", t.textContent);
        if (SILENT.has(n.tagName)) continue;
        const where = pathOf(n);
        add("page", where, textAt(n));
        for (const a of ATTRIBUTES) if (n.hasAttribute(a)) add("page", where + "@" + a, n.getAttribute(a));
        field(n);
      }
      for (let c = n.lastElementChild; c; c = c.previousElementSibling) stack.push(c);
      const shadow = n.nodeType === Node.ELEMENT_NODE && (n.shadowRoot || closed.get(n));
      if (shadow) stack.push(shadow);
    }
  }

  // line tells the text of nodes side by side in one element.
  function line(parent, nodes) {
    if (parent && parent.host instanceof Element) parent = parent.host;
    if (!parent || parent.nodeType !== Node.ELEMENT_NODE) return;
    const title = parent.localName === "title" && parent.namespaceURI === "http://www.w3.org/1999/xhtml";
    if (SILENT.has(parent.tagName)) return;
    let text = "";
    for (const n of nodes) {
      if (n.nodeType === Node.TEXT_NODE) text += n.data;
      else text += n.nodeType === Node.ELEMENT_NODE && INLINE.has(n.localName) ? n.textContent : " ";
    }
    add("page", title ? "title" : pathOf(parent), text);
  }

  // fresh says whether no recorded look has read a node yet.
  function fresh(node, above) {
    const all = [...unsure, young];
    if (all.some((g) => g.all)) return true;
    for (let n = node; n; n = n.parentNode || n.host || former.get(n) || (n === node ? above : null)) {
      if (all.some((g) => g.roots.has(n))) return true;
    }
    return false;
  }

  function keep(node) {
    if (young.all) return;
    if (young.roots.size >= YOUNG) { young = generation(true); return; }
    young.roots.add(node);
  }

  function gone(r) {
    const old = [...r.removedNodes].filter((n) => !n.isConnected);
    for (const n of old) former.set(n, r.target.host || r.target);
    const lost = old.filter((n) => fresh(n, r.target));
    if (lost.some((n) => n.nodeType === Node.TEXT_NODE || n.nodeType === Node.ELEMENT_NODE)) line(r.target, lost);
    for (const n of lost) if (n.nodeType === Node.ELEMENT_NODE) tree(n);
    for (const n of old) if (n.nodeType === Node.ELEMENT_NODE) takenOut(n);
    for (const n of old) {
      for (const g of [...unsure, young]) {
        for (const y of g.roots) {
          if (!n.contains(y)) continue;
          if (y.nodeType === Node.TEXT_NODE) line(y.parentNode, [y]);
          else tree(y);
          g.roots.delete(y);
        }
      }
    }
  }

  // takenOut lets frames tell that went with a node: nobody tells them.
  function takenOut(n) {
    for (const f of /^i?frame$/.test(n.localName) ? [n] : n.querySelectorAll("iframe,frame")) {
      for (const feed of below.get(f) || []) feed.end(tell);
      below.delete(f);
    }
  }

  function changed(r) {
    const el = r.target, had = (g) => (g.attributes.get(el) || new Set()).has(r.attributeName);
    if (r.oldValue && (fresh(el) || [...unsure, young].some(had))) {
      if (r.attributeName !== "value") add("page", pathOf(el) + "@" + r.attributeName, r.oldValue);
      else if (el.type !== "password") add("field", el.getAttribute("name") || el.id || pathOf(el), r.oldValue);
    }
    if (young.all) return;
    if (young.attributes.size >= YOUNG) { young = generation(true); return; }
    if (!young.attributes.has(el)) young.attributes.set(el, new Set());
    young.attributes.get(el).add(r.attributeName);
  }

  function take(records) {
    for (const r of records) {
      if (cut) break;
      if (r.type === "childList") {
        for (const n of r.addedNodes) if (n.nodeType === Node.ELEMENT_NODE || n.nodeType === Node.TEXT_NODE) keep(n);
        if (r.removedNodes.length) gone(r);
        if (r.target === document) listen(); // document.open takes listeners away, ours too
      } else if (r.type === "characterData") {
        if (fresh(r.target)) line(r.target.parentNode, [{ nodeType: Node.TEXT_NODE, data: r.oldValue }]);
        keep(r.target);
      } else changed(r);
    }
    if (leaving) standing();
    flush();
  }

  // standing tells what stands and was not read by a recorded look: the
  // document may be gone before the next one.
  function standing() {
    const all = [...unsure, young];
    unsure = [];
    young = generation(false);
    if (all.some((g) => g.all)) {
      if (document.documentElement) tree(document.documentElement);
    } else for (const g of all) {
      for (const n of g.roots) {
        if (n.nodeType === Node.ELEMENT_NODE) tree(n);
        if (n.parentNode) line(n.parentNode, n.parentNode.childNodes);
      }
      for (const [el, names] of g.attributes) for (const a of names) {
        if (a !== "value" && el.hasAttribute(a)) add("page", pathOf(el) + "@" + a, el.getAttribute(a));
      }
    }
    for (const el of document.querySelectorAll("input,textarea,select")) field(el);
    remember();
  }

  function remember() {
    values = new WeakMap();
    let n = 0;
    for (const el of document.querySelectorAll("input,textarea,select")) if (n++ < YOUNG) values.set(el, el.value);
  }

  const own = document;
  const observer = new MutationObserver(take);
  const scope = { subtree: true, childList: true, characterData: true, characterDataOldValue: true,
    attributes: true, attributeOldValue: true, attributeFilter: [...ATTRIBUTES, "value"] };

  // A navigation is on its way, and may end in another process: from then on
  // everything is told at once.
  const leave = () => { if (document === own) { leaving = true; take(observer.takeRecords()); } };
  const shadows = () => { for (const el of document.querySelectorAll("*")) if (el.shadowRoot) observer.observe(el.shadowRoot, scope); };
  function listen() {
    addEventListener("beforeunload", leave, true);
    addEventListener("pagehide", leave, true);
    document.addEventListener("DOMContentLoaded", shadows, true);
    if (!globalThis.__crosstalkChannel) addEventListener("crosstalk", greet, { once: true, capture: true });
  }

  observer.observe(document, scope);
  listen();
  stood = address();

  return {
    document,
    // read is called with each reading of the page, in the same task.
    read(sure) {
      take(observer.takeRecords());
      unsure.push(young);
      young = generation(false);
      young.turn = ++turn;
      unsure[unsure.length - 1].turn = turn;
      if (sure) this.recorded(turn);
      return turn;
    },
    // recorded says that a reading has been recorded: what came before it need
    // not be told.
    recorded(until) {
      unsure = unsure.filter((g) => g.turn > until);
      told = new Set();
      size = 0;
      visits = VISITS;
      cut = "";
      remember();
    },
    // frame takes what watches a frame's document. Initial empty documents
    // and what replaces them stand in the same element.
    frame(el, feed) { below.set(el, [...(below.get(el) || []).slice(-2), feed]); },
    // handOver is called when what stands is to be told as what no look has
    // read, and from then on counts as unread.
    handOver() {
      take(observer.takeRecords());
      standing();
      flush();
      this.recorded(turn);
      unsure = [];
      young = generation(true);
      values = new WeakMap();
    },
    // leave is called when nobody will look any more.
    leave,
    // end is called when the frame was taken out of the page.
    end(speak) {
      tell = speak;
      leave();
    },
    shadow(root) {
      if (root.mode === "closed") closed.set(root.host, root);
      observer.observe(root, scope);
      for (const n of root.childNodes) keep(n); // those we were told of late
      if (root.firstChild) take([]);
    },
    say(kind, where, text) {
      add(kind, where, text);
      flush();
    },
  };
}

// begin watches the document that stands here now.
function begin() {
  const feed = globalThis.__crosstalkFeed = watch(globalThis.__crosstalkTell);
  try {
    if (window.parent !== window) window.parent.__crosstalkFeed.frame(window.frameElement, feed);
  } catch { /* a frame of another site speaks for itself */ }
}

function succeed() {
  if (globalThis.__crosstalkFeed.document !== document) begin();
}

// lead has us go over to the document that takes the place of an empty first
// one in the same window. No script of ours is run again there, but what the
// window listens to stays. Our message is sent before that document comes, and
// so arrives before the first of it is parsed.
function lead() {
  const ahead = new MessageChannel();
  ahead.port1.onmessage = succeed;
  addEventListener("pagehide", () => ahead.port2.postMessage(0), true);
  for (const late of ["load", "pageshow"]) addEventListener(late, succeed, true);
}

// greet takes what the page's own world will speak through. That world makes
// itself known once: before the page's first script, or, where the window was
// held then and nobody listened, when it has something to tell.
function greet(hello) {
  hello.stopImmediatePropagation();
  if (globalThis.__crosstalkChannel) { hello.preventDefault(); return; }
  const channel = globalThis.__crosstalkChannel = hello.relatedTarget;
  let on = null;
  const feed = () => globalThis.__crosstalkFeed;
  channel.addEventListener("on", (e) => { on = e.relatedTarget; });
  channel.addEventListener("drawn", (e) => feed().say("page", on instanceof Element && on.isConnected ? pathOf(on) : "canvas", e.detail));
  channel.addEventListener("shadow", (e) => { if (e.relatedTarget instanceof ShadowRoot) feed().shadow(e.relatedTarget); });
  for (const part of ["notification.title", "notification.body"]) channel.addEventListener(part, (e) => feed().say("notice", part, e.detail));
  channel.dispatchEvent(new Event("heard"));
}

if (!globalThis.__crosstalkFeed || globalThis.__crosstalkFeed.document !== document) {
  begin();
  if (document.URL === "about:blank") lead();
  addEventListener("crosstalk", greet, { once: true, capture: true });
}
