// One walk through what a page can do, each thing after the other, so that the
// order of requests is the page's own wherever it can be.
const heard = (what) => new Promise((f) => addEventListener("message", function g(e) {
  if (e.data !== what) return;
  removeEventListener("message", g);
  f();
}));
const frame = (src) => { const f = document.createElement("iframe"); f.src = src; document.body.append(f); };
const read = async (path, options) => (await fetch(path, options)).text();
const say = (text) => { document.getElementById("state").textContent = text; };

async function everything() {
  document.cookie = "chosen=dark";
  const framed = heard("framed");
  frame(`http://other.localhost:${location.port}/q/frame`);
  await framed;
  for (const path of ["/q/kept", "/q/kept", "/q/tagged", "/q/tagged", "/q/moved", "/q/data"]) await read(path);
  await read("/q/post", { method: "POST", body: JSON.stringify({ note: "x" }), headers: { "Content-Type": "application/json", "X-Own": "1" } });
  const secure = await read("/q/secure");
  for (const path of ["/q/kept", "/q/kept", "/q/tagged", "/q/tagged"]) await read(secure + path);
  const unread = await fetch("/q/unread");
  window.unread = unread;
  await (await fetch("/q/blob")).blob();
  await new Promise((f) => { const x = new XMLHttpRequest(); x.open("GET", "/q/xhr"); x.onload = f; x.send(); });
  await new Promise((f) => { const w = new Worker("/q/worker.js"); w.onmessage = f; window.w = w; });
  await new Promise((f) => { const s = new WebSocket(`ws://${location.host}/q/socket`); s.onmessage = () => { s.onclose = f; s.close(); }; });
  await new Promise((f) => { const s = new EventSource("/q/events"); s.onmessage = () => { s.close(); f(); }; });
  navigator.sendBeacon("/q/beacon", "x");
  await new Promise((f) => setTimeout(f, 500)); // nobody says when a beacon was answered
  await navigator.serviceWorker.register("/q/sw.js", { scope: "/q/sw/" });
  for (;;) {
    const r = await navigator.serviceWorker.getRegistration("/q/sw/");
    if (r.active && r.active.state === "activated") break;
    await new Promise((f) => setTimeout(f, 20));
  }
  const inside = heard("inside");
  frame("/q/sw/inside");
  await inside;
  // The browser looks for a newer service worker a second after it was used.
  await new Promise((f) => setTimeout(f, 2000));
  await keep();
  document.getElementById("c").getContext("2d").fillText("drawn", 10, 20);
  console.log({ note: "an object" }, "a text");
  alert("a box");
  say("first done");
}

async function keep() {
  localStorage.setItem("note", "kept");
  sessionStorage.setItem("note", "kept");
  const c = await caches.open("page");
  await c.put("/q/kept", new Response("kept"));
  await new Promise((f) => {
    const o = indexedDB.open("page", 3);
    o.onupgradeneeded = () => o.result.createObjectStore("notes");
    o.onsuccess = () => {
      const t = o.result.transaction("notes", "readwrite");
      t.objectStore("notes").put({ note: "kept" }, "latest");
      t.oncomplete = () => { o.result.close(); f(); };
    };
  });
}

async function kept() {
  const caches_ = {};
  for (const name of await caches.keys()) caches_[name] = (await (await caches.open(name)).keys()).map((r) => new URL(r.url).pathname);
  return {
    cookie: document.cookie.split("; ").sort(), local: { ...localStorage }, session: { ...sessionStorage }, caches: caches_,
    databases: await indexedDB.databases(), workers: (await navigator.serviceWorker.getRegistrations()).map((r) => new URL(r.scope).pathname),
    quota: Object.keys((await navigator.storage.estimate()).usageDetails || {}),
  };
}

async function tell(persisted) {
  const report = { kept: await kept(), noticed: { ...await noticed(), persisted: String(persisted) } };
  await read("/q/report", { method: "POST", body: JSON.stringify(report) });
  say("all done");
}

addEventListener("pageshow", (e) => {
  if (e.persisted) tell(true);
  else if (sessionStorage.getItem("note")) tell(false);
  else everything();
});
