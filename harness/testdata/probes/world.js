// What a page can notice in its own world of being watched: each entry is a
// text that must be the same whether it is or not.
const watched = {
  fetch: [window, "fetch"], open: [window, "open"], alert: [window, "alert"], confirm: [window, "confirm"], prompt: [window, "prompt"],
  XMLHttpRequest: [window, "XMLHttpRequest"], WebSocket: [window, "WebSocket"], EventSource: [window, "EventSource"], Worker: [window, "Worker"],
  SharedWorker: [window, "SharedWorker"], Notification: [window, "Notification"], MutationObserver: [window, "MutationObserver"],
  BroadcastChannel: [window, "BroadcastChannel"], OffscreenCanvas: [window, "OffscreenCanvas"], Proxy: [window, "Proxy"],
  "XMLHttpRequest.open": [XMLHttpRequest.prototype, "open"], "XMLHttpRequest.send": [XMLHttpRequest.prototype, "send"],
  fillText: [CanvasRenderingContext2D.prototype, "fillText"], strokeText: [CanvasRenderingContext2D.prototype, "strokeText"],
  measureText: [CanvasRenderingContext2D.prototype, "measureText"],
  offscreenFillText: [OffscreenCanvasRenderingContext2D.prototype, "fillText"],
  getContext: [HTMLCanvasElement.prototype, "getContext"], attachShadow: [Element.prototype, "attachShadow"],
  showNotification: [ServiceWorkerRegistration.prototype, "showNotification"], requestPermission: [Notification, "requestPermission"],
  "console.log": [console, "log"], "console.error": [console, "error"], pushState: [history, "pushState"], setItem: [Storage.prototype, "setItem"],
  write: [Document.prototype, "write"], sendBeacon: [Navigator.prototype, "sendBeacon"], register: [ServiceWorkerContainer.prototype, "register"],
  put: [Cache.prototype, "put"], "idb.put": [IDBObjectStore.prototype, "put"], toString: [Function.prototype, "toString"],
  apply: [Function.prototype, "apply"], stringify: [JSON, "stringify"], addEventListener: [EventTarget.prototype, "addEventListener"],
  createElement: [Document.prototype, "createElement"], defineProperty: [Object, "defineProperty"], now: [Performance.prototype, "now"],
};

// looks is all that a function shows of itself.
function looks(holder, name) {
  const f = holder[name], d = Object.getOwnPropertyDescriptor(holder, name) || {};
  const asks = (g) => { try { return String(g()); } catch (e) { return e.name + ": " + e.message; } };
  return [
    Function.prototype.toString.call(f), String(f), asks(() => f + ""), f.name, f.length, Reflect.ownKeys(f).map(String).sort().join(" "),
    "prototype" in f, Object.getPrototypeOf(f) === Function.prototype, d.writable, d.enumerable, d.configurable,
    asks(() => Object.create(f).toString()), asks(() => new (class extends f {})() && "made"), asks(() => f.call(null)), asks(() => f.call({})),
  ].join(" | ");
}

// depth is how many callers a function's argument sees above itself.
function depth(call) {
  let seen = "never asked";
  try {
    call({ toString() { seen = new Error().stack.split("\n").slice(1).map((l) => l.trim().replace(/:\d+:\d+\)?$/, "")).join(" < "); return "x"; } });
  } catch (e) { seen += " " + e.name; }
  return seen.replaceAll(location.origin, "");
}

async function noticed() {
  const out = {};
  for (const [name, [holder, key]] of Object.entries(watched)) {
    if (!/^(alert|confirm|prompt|open|write|console.*)$/.test(name)) out["looks: " + name] = looks(holder, key);
    else out["looks: " + name] = [Function.prototype.toString.call(holder[key]), holder[key].name, holder[key].length, Reflect.ownKeys(holder[key]).map(String).join(" ")].join(" | ");
  }
  out["names of the window"] = Reflect.ownKeys(window).map(String).sort().join(" ");
  out["names of the document"] = Reflect.ownKeys(document).map(String).sort().join(" ");
  out["names of globals' prototypes"] = [Object, Function, Array, Promise, EventTarget, Node, Element, Document].map((c) => Reflect.ownKeys(c.prototype).map(String).sort().join(" ")).join(" / ");
  out["the markup"] = document.documentElement.outerHTML.replaceAll(location.port, "PORT");
  const x = document.createElement("canvas").getContext("2d");
  out["callers of fillText's argument"] = depth((o) => x.fillText(o, 1, 1));
  out["callers of strokeText's argument"] = depth((o) => x.strokeText(o, 1, 1));
  out["callers of Notification's argument"] = depth((o) => new Notification(o));
  out["callers of fetch's argument"] = depth((o) => fetch("/q/data?" + "x", { method: o }).catch(() => {}));
  out["an error of fillText"] = (() => { try { x.fillText(); } catch (e) { return e.message + " " + e.stack.split("\n").length; } })();
  out["an error of fillText elsewhere"] = (() => { try { x.fillText.call({}, "a", 1, 1); } catch (e) { return e.message + " " + e.stack.split("\n").length; } })();
  out["the console reads an error's stack"] = (() => { let n = 0; const e = new Error("x"); Object.defineProperty(e, "stack", { get() { n++; return ""; } }); console.debug(e); return String(n); })();
  out["the console reads a getter"] = (() => { let n = 0; console.debug({ get a() { n++; return 1; } }); return String(n); })();
  out["the console asks for a text"] = (() => { let n = 0; const f = () => 1; f.toString = () => { n++; return ""; }; console.debug(f, new Proxy({}, { get() { n++; return 1; }, ownKeys() { n++; return []; } })); return String(n); })();
  out["what a frame of its own has"] = (() => { const f = document.createElement("iframe"); document.body.append(f); const names = Reflect.ownKeys(f.contentWindow).map(String).sort().join(" "); f.remove(); return names; })();
  out["permissions"] = Notification.permission + " " + (await navigator.permissions.query({ name: "notifications" })).state;
  out["the window"] = [innerWidth, innerHeight, devicePixelRatio, document.visibilityState, document.hasFocus(), navigator.webdriver, navigator.userAgent, navigator.languages].join(" ");
  out["resources that it loaded"] = performance.getEntriesByType("resource").map((e) => new URL(e.name).pathname).filter((p) => p !== "/q/data").sort().join(" ");
  out["the order in which it loaded them"] = performance.getEntriesByType("resource").sort((a, b) => a.startTime - b.startTime).map((e) => new URL(e.name).pathname).join(" ");
  out["size of answers it measured"] = performance.getEntriesByType("resource").filter((e) => e.name.endsWith("/q/kept")).map((e) => e.transferSize > 0).join(" ");
  out["where it has been"] = String(history.length);
  return out;
}
