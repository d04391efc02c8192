// Public pages are the same for everybody, so the header with what is personal
// in it comes afterwards; so does the member card on the account page.
(() => {
  'use strict';
  const at = (id) => document.getElementById(id);
  const put = (id, text) => { const e = at(id); if (e) e.textContent = text; };

  async function get(path) {
    const r = await fetch(path, { credentials: 'same-origin', headers: { Accept: 'application/json' } });
    const body = await r.json(); // read even a refusal: an unread body is cancelled
    return r.ok ? body : null;
  }

  async function header() {
    const r = await fetch('/~fragments/~header', { credentials: 'same-origin' });
    const made = await r.text();
    if (r.ok) at('~own-header').innerHTML = made;
  }

  async function card() {
    const me = await get('/~api/~me');
    if (!me) { put('~card-state', 'Not available'); return; }
    put('~card-name', me['~first'] + ' ' + me['~last']);
    put('~card-mail', me['~email']);
    put('~card-town', me['~city']);
    put('~card-state', 'Member card active');
  }

  // Where receipts go, the browser itself keeps.
  function receipts() {
    const kept = document.cookie.split('; ').find((c) => c.startsWith('~receipts='));
    if (kept) put('~receipts-to', 'Receipts to ' + decodeURIComponent(kept.slice('~receipts='.length)));
  }

  // What has become of an order is pushed, and added below what it was before.
  function listen(status) {
    const socket = new WebSocket(location.origin.replace('http', 'ws') + status.getAttribute('data-~socket'));
    let heard = false;
    socket.onmessage = (e) => {
      if (!heard) status.textContent = '';
      heard = true;
      const line = document.createElement('p');
      line.textContent = JSON.parse(e.data)['~text'];
      status.append(line);
    };
    socket.onerror = () => { if (!heard) stream(status); }; // something between us and the shop lets no sockets through
  }

  function stream(status) {
    const events = new EventSource(status.getAttribute('data-~live'));
    let over = false;
    events.onmessage = (e) => {
      const now = JSON.parse(e.data);
      status.textContent = now['~text'];
      over = now['~final'];
    };
    events.onerror = () => { if (over) events.close(); }; // the shop has said all and hung up
  }

  if (document.documentElement.hasAttribute('data-~open')) {
    receipts();
    header().catch(() => {});
  }
  if (at('~order-state')) listen(at('~order-state'));
  if (at('~member-card')) card().catch(() => put('~card-state', 'Not available'));
})();
