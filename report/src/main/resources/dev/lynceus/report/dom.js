// Making elements. Text always goes in as text, never as markup.

const byId = (id) => document.getElementById(id);

/** An element: `set` holds attributes, `on…` handlers, `style` properties and `text`. */
function make(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

function draw(tag, attributes = {}, ...children) {
  return fill(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children);
}

function fill(node, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (key === 'text') node.textContent = value;
    else if (key === 'style') for (const [k, v] of Object.entries(value)) node.style.setProperty(k, v);
    else if (key.startsWith('on')) node.addEventListener(key.slice(2), value);
    else node.setAttribute(key, value === true ? '' : value);
  }
  node.append(...children.flat().filter((c) => c !== null && c !== undefined));
  return node;
}

/** Words side by side; the score of each is shown on pointing. */
function wordList(words, score = number) {
  if (!words || words.length === 0) return make('span', { class: 'none', text: '\u2013' });
  return make(
    'span', { class: 'words' },
    words.map((w) => make('bdi', { class: 'w', title: score(w[2]), text: visible(w[1]) })),
  );
}

/** A row of buttons of which one is on. */
function segmented(label, choices, get, choose) {
  const buttons = choices.map(([value, text]) =>
    make('button', { type: 'button', text, onclick: () => choose(value) }));
  const update = () => buttons.forEach((b, i) => b.setAttribute('aria-pressed', String(choices[i][0] === get())));
  update();
  return { node: make('div', { class: 'segmented', role: 'group', 'aria-label': label }, buttons), update };
}

function save(name, type, content) {
  const link = make('a', { href: URL.createObjectURL(new Blob([content], { type })), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

/** What every row of a table is about, so that a file says what it is wherever it goes. */
function about() {
  const w = word();
  return { model: DATA.provenance.model, revision: DATA.provenance.revision, question: DATA.prompt.question, answer: DATA.answer.text,
    word: w ? visible(w.target.text) : '', unit: WORDS.nats };
}

const told = (rows) => rows.map((row) => ({ ...about(), ...row }));

function csv(rows) {
  const keys = [...new Set(rows.flatMap((r) => Object.keys(r)))];
  const cell = (v) => {
    const text = v === null || v === undefined ? '' : String(v);
    return /[",\r\n]/.test(text) ? '"' + text.replaceAll('"', '""') + '"' : text;
  };
  return [keys, ...rows.map((r) => keys.map((k) => r[k]))].map((r) => r.map(cell).join(',')).join('\r\n') + '\r\n';
}

const texts = (words) => (words ?? []).map((w) => w[1]).join(' | ');

/** Buttons that give a figure's numbers; `rows` makes flat records when one is pressed. */
function dataButtons(host, name, rows) {
  const file = (ending) => `lynceus-${state.word}-${name}.${ending}`;
  host.replaceChildren(
    make('button', { type: 'button', class: 'data', text: 'CSV', 'aria-label': `Data of ${name} as CSV`,
      onclick: () => save(file('csv'), 'text/csv', csv(told(rows()))) }),
    make('button', { type: 'button', class: 'data', text: 'JSON', 'aria-label': `Data of ${name} as JSON`,
      onclick: () => save(file('json'), 'application/json', JSON.stringify(told(rows()), null, 1)) }),
  );
}

const figureTools = (name, rows) => dataButtons(document.querySelector(`[data-figure="${name}"] .tools`), name, rows);

/** Copies text; works where the clipboard interface is not allowed, too. */
async function copy(text, button) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = make('textarea', { class: 'visually-hidden' });
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
  }
  const before = button.textContent;
  button.textContent = 'Copied';
  setTimeout(() => { button.textContent = before; }, 1200);
}

let liveTimer = 0;
/** Tells screen readers, once the reader has come to rest. */
function announce(text) {
  clearTimeout(liveTimer);
  liveTimer = setTimeout(() => { byId('live').textContent = text; }, 350);
}

/** Calls `redraw(width)` now and whenever the width of `host` changes. */
function withWidth(host, redraw) {
  let width = 0;
  const look = () => {
    const now = Math.floor(host.clientWidth);
    if (now > 0 && now !== width) {
      width = now;
      redraw(width);
    }
  };
  new ResizeObserver(look).observe(host);
  look();
  return () => { if (width > 0) redraw(width); };
}

/** Says in plain words why there is nothing to see. */
const empty = (text) => make('p', { class: 'empty', text });

/** A colour bar with its numbers, as colours are over a picture or in a figure; `point(v)` puts a mark at a value. */
function colourBar(range, signed, unit, over = false) {
  const value = (i) => range.low + ((range.high - range.low) * i) / 32;
  const seen = (v) => {
    const [r, g, b, a] = laid(v, range, signed, state.drawn);
    return `rgb(${r} ${g} ${b} / ${a / 255})`;
  };
  const stops = Array.from({ length: 33 }, (_, i) => (over ? seen(value(i)) : rgb(solid(value(i), range, signed)))).join(', ');
  const light = over && state.drawn === 'light'; // shown on something that has a colour
  const mark = make('i', { class: 'at', hidden: true });
  const node = make(
    'div', { class: 'colour-bar', role: 'img',
      'aria-label': `Colour scale from ${valued(range.low, unit)} to ${valued(range.high, unit)}${signed ? ', hatched below zero' : ''}, ${unit}` },
    make('div', { class: signed ? 'ramp signed' : 'ramp', style: { background: `linear-gradient(to right, ${stops})${light ? ', var(--accent)' : ''}` } }, mark),
    make('div', { class: 'ends' },
      make('span', { text: range.low === 0 ? '0' : valued(range.low, unit, signed) }),
      make('span', { text: signed ? '0' : valued((range.low + range.high) / 2, unit) }),
      make('span', { text: valued(range.high, unit, signed) })),
    make('p', { class: 'unit', text: signed ? `${unit}; below zero hatched` : unit }),
  );
  return { node, point: (v) => {
    mark.hidden = !isNumber(v);
    if (!mark.hidden) mark.style.setProperty('left', `${placeOn(v, range)}%`);
  } };
}

/** A command that breaks between its arguments, never inside one: "--target" stays whole. */
const commandCode = (line) => make('code', {}, line.split(/( )/).map((part) => (part.startsWith('-') ? make('span', { class: 'whole', text: part }) : part)));
