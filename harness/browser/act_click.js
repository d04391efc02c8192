// One of the pieces of our script; locate.go puts them together.

// What stood still when it was looked at may be elsewhere when the mouse gets
// there: a starved machine runs the timer that moves it between the look and the
// press. So it is seen who gets the press before the page is given it. One that
// another element would get is given to none, and Go clicks again; one that the
// right element got is left alone, whatever becomes of the rest of the click.

const CLICK = ["pointerdown", "mousedown", "pointerup", "mouseup", "click"];
const AIMED = 10_000; // for so many milliseconds; a person at the same window is not to be hindered

let aim = null;

// windowsOf are an element's window and those of the frames around it: where a
// frame has gone, the document below gets the press.
function windowsOf(el) {
  const all = [];
  for (let d = el.ownerDocument; d && d.defaultView;) {
    all.push(d.defaultView);
    const f = d === document ? null : d.defaultView.frameElement;
    d = f && f.ownerDocument;
  }
  return all;
}

// aimAt watches for the press that is about to come. at is the label that is
// clicked in el's place, or el.
function aimAt(el, at) {
  lower();
  const a = aim = { hit: false, missed: false, by: "", windows: windowsOf(el), until: performance.now() + AIMED };
  a.heed = (e) => {
    if (!e.isTrusted) return; // the page's own
    const target = e.composedPath()[0];
    a.hit = !a.missed && (receives(el, target) || receives(at, target));
    if (a.hit || performance.now() > a.until) { disarm(a); return; }
    e.preventDefault();
    e.stopImmediatePropagation();
    if (!a.missed) { a.missed = true; a.by = target.localName ? describe(target) : "the page"; }
  };
  for (const w of a.windows) for (const type of CLICK) w.addEventListener(type, a.heed, true);
}

function disarm(a) {
  for (const w of a.windows) for (const type of CLICK) w.removeEventListener(type, a.heed, true);
}

function lower() {
  if (aim) disarm(aim);
  aim = null;
}

// struck says whether the click has missed for certain; of what nothing is known
// it may have hit.
function struck() {
  const a = aim;
  lower();
  return a && a.missed ? { missed: true, by: a.by } : { missed: false };
}
