// Stands in the page's own world, because nothing else sees what is drawn,
// notified, or put into a closed shadow root. Runs before the page's first
// script, keeps its own copies of all it uses, and leaves nothing behind that
// a page can list. observe_flash.go puts an ending behind it that says how
// what is seen is told.

const { apply, construct } = Reflect, { defineProperty, getOwnPropertyDescriptor } = Object;
const soon = queueMicrotask;

const natives = new WeakMap(), nativeOf = WeakMap.prototype.get, keepNative = WeakMap.prototype.set;
let kept = 0;
const seen = new Set(), has = Set.prototype.has, put = Set.prototype.add, clear = Set.prototype.clear;

// stand puts a proxy in a function's place, with the same attributes.
function stand(owner, name, handler) {
  const slot = owner && getOwnPropertyDescriptor(owner, name);
  if (!slot || typeof slot.value !== "function" || !slot.configurable) return null;
  const proxy = new Proxy(slot.value, handler);
  apply(keepNative, natives, [proxy, slot.value]);
  slot.value = proxy;
  defineProperty(owner, name, slot);
  return proxy;
}

const getter = (type, name) => type && (getOwnPropertyDescriptor(type.prototype, name) || {}).get;

const number = (v) => typeof v === "number" ? v : 0; // anything else would run the page's code again

// Letters drawn one by one on one line belong together.
let on = null, level = 0, right = 0, drawn = "", single = false, waiting = false;

function finish(tell) {
  const text = drawn, canvas = on;
  drawn = "";
  on = null;
  if (!text || apply(has, seen, [text])) return;
  if (++kept > 5000) {
    apply(clear, seen, []);
    kept = 0;
  }
  apply(put, seen, [text]);
  tell("drawn", text, canvas);
}

function draw(tell, canvas, text, x, y) {
  const letter = text.length <= 2 && (text.length === 1 || text >= "\ud800");
  if (drawn && (on !== canvas || level !== y || drawn.length > 10000)) finish(tell);
  if (drawn) drawn += letter && single && x - right < 40 ? text : " " + text;
  else drawn = text;
  on = canvas;
  level = y;
  right = x;
  single = letter;
  if (waiting) return;
  waiting = true;
  soon(() => { waiting = false; finish(tell); });
}

function watchCanvas(type, tell) {
  const canvasOf = getter(type, "canvas");
  if (!canvasOf) return;
  const handler = {
    __proto__: null,
    apply(target, self, args) {
      const text = args.length > 2 ? args[0] : null;
      const result = apply(target, self, args);
      if (typeof text === "string" || typeof text === "number") draw(tell, apply(canvasOf, self, []), "" + text, number(args[1]), number(args[2]));
      return result;
    },
  };
  stand(type.prototype, "fillText", handler);
  stand(type.prototype, "strokeText", handler);
}

function watchNotifications(tell) {
  const N = self.Notification, title = getter(N, "title"), body = getter(N, "body");
  const proxy = title && body && stand(self, "Notification", {
    __proto__: null,
    construct(target, args, made) {
      const n = construct(target, args, made);
      tell("notification.title", apply(title, n, []));
      tell("notification.body", apply(body, n, []));
      return n;
    },
  });
  if (proxy) defineProperty(N.prototype, "constructor", { __proto__: null, value: proxy });
  stand(self.ServiceWorkerRegistration && ServiceWorkerRegistration.prototype, "showNotification", {
    __proto__: null,
    apply(target, self, args) {
      if (typeof args[0] === "string") tell("notification.title", args[0]);
      const o = args[1], slot = typeof o === "object" && o && getOwnPropertyDescriptor(o, "body");
      if (slot && typeof slot.value === "string") tell("notification.body", slot.value);
      return apply(target, self, args);
    },
  });
}

function install(tell) {
  watchCanvas(self.CanvasRenderingContext2D, tell);
  watchCanvas(self.OffscreenCanvasRenderingContext2D, tell);
  watchNotifications(tell);
  stand(self.Element && Element.prototype, "attachShadow", {
    __proto__: null,
    apply(target, self, args) {
      const root = apply(target, self, args);
      tell("shadow", "", root);
      return root;
    },
  });
  stand(Function.prototype, "toString", {
    __proto__: null,
    apply(target, self, args) {
      return apply(target, typeof self === "function" && apply(nativeOf, natives, [self]) || self, args);
    },
  });
}
