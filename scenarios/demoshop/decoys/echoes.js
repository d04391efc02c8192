// Whether a carrier comes by bicycle, and a tip.
(() => {
  'use strict';
  const at = (id) => document.getElementById(id);
  async function reach() {
    const zip = at('~zip')?.value ?? at('~own-zip').textContent;
    const town = at('~town')?.value ?? at('~own-town').textContent;
    if (!zip || !town) return;
    const r = await fetch('/~api/~reach?~zip=' + encodeURIComponent(zip) + '&~town=' + encodeURIComponent(town));
    at('~reach').textContent = (await r.json())['~error'];
  }
  async function tip() {
    const r = await fetch('/~api/~tip');
    const text = await r.text();
    at('~tip').textContent = r.ok ? JSON.parse(text)['~tip'] : new DOMParser().parseFromString(text, 'text/html').body.textContent;
  }
  if (at('~reach')) {
    at('~town')?.addEventListener('change', () => reach().catch(() => {}));
    reach().catch(() => {});
  }
  if (at('~tip')) tip().catch(() => {});
})();
