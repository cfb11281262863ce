// Dark or light: what the system says until the reader chooses; a choice holds for other pages too, where the browser keeps it.

const dark = () => getComputedStyle(document.documentElement).colorScheme.trim() === 'dark' ||
  (document.documentElement.dataset.theme === undefined && matchMedia('(prefers-color-scheme: dark)').matches);

/** Makes the switch work, and calls `changed` after each change. */
function buildTheme(changed) {
  const root = document.documentElement;
  const button = document.getElementById('theme');
  const store = (value) => { try { if (value) localStorage.setItem('lynceus-theme', value); else return localStorage.getItem('lynceus-theme'); } catch { /* a page in a sandbox has no storage */ } return null; };
  const show = () => { button.setAttribute('aria-label', dark() ? 'Switch to light' : 'Switch to dark'); changed(); };
  const known = store();
  if (known === 'dark' || known === 'light') root.dataset.theme = known;
  button.hidden = false;
  button.addEventListener('click', () => {
    root.dataset.theme = dark() ? 'light' : 'dark';
    store(root.dataset.theme);
    show();
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', show);
  let before;
  addEventListener('beforeprint', () => { before = root.dataset.theme; root.dataset.theme = 'light'; show(); });
  addEventListener('afterprint', () => { if (before) root.dataset.theme = before; else delete root.dataset.theme; show(); });
  show();
}
