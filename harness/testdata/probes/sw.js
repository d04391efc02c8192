oninstall = (e) => e.waitUntil(caches.open("installed").then((c) => c.add("/q/installed")).then(() => skipWaiting()));
onactivate = (e) => e.waitUntil(clients.claim());
onfetch = (e) => {
  if (e.request.url.endsWith("/made")) e.respondWith(new Response("made"));
  if (e.request.url.endsWith("/passed")) e.respondWith(fetch(e.request));
};
