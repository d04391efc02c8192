// Opens the account at once: what was kept of it when it was opened last is shown
// while a fresh copy is fetched, and shown also without a network. Copies are kept
// by their address.
'use strict';
const paths = ['~kept-address'];

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (e) => e.waitUntil(self.clients.claim()));
self.addEventListener('fetch', (e) => {
  if (e.request.method === 'GET' && paths.includes(new URL(e.request.url).pathname)) e.respondWith(answer(e));
});

async function answer(e) {
  const copies = await caches.open('~copies');
  const signedIn = await self.cookieStore.get('~receipts'); // set at the sign-in, cleared at the sign-out
  const copy = signedIn && await copies.match(e.request.url);
  const fresh = refresh(copies, e.request);
  if (!copy) return fresh;
  e.waitUntil(fresh.catch(() => {})); // without a network the old copy stays
  return copy;
}

async function refresh(copies, request) {
  const headers = { Accept: request.headers.get('Accept'), 'x-~copies': 'keep' };
  const r = await fetch(request.url, { credentials: 'same-origin', redirect: 'manual', headers });
  if (r.ok) await copies.put(request.url, r.clone());
  return r;
}
