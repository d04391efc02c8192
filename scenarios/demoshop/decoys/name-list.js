// Names are offered as one types, and once for what is filled in already.
(() => {
  'use strict';
  const first = document.getElementById('~first_name'), list = document.getElementById('~offered-names');
  if (!first || !list) return;
  first.setAttribute('list', '~offered-names');
  let asked = '';
  async function offer() {
    const begun = first.value.slice(0, 1);
    if (!begun || begun === asked) return;
    asked = begun;
    const r = await fetch('/~api/~names?~begun=' + encodeURIComponent(begun));
    const names = (await r.json())['~offered'] || [];
    list.replaceChildren(...names.map((name) => { const o = document.createElement('option'); o.value = o.textContent = name; return o; }));
  }
  first.addEventListener('input', () => offer().catch(() => {}));
  offer().catch(() => {});
})();
