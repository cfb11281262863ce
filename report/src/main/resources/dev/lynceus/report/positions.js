// The positions of the chosen head as a table.

const PAGE = 12;
const table = { key: 'increase', down: true, shown: PAGE, all: false };

function positionRows() {
  const head = headData();
  if (!head) return [];
  const kept = new Map(head.positions.map((p) => [p.position, p]));
  const rows = table.all || head.positions.length === 0
    ? head.positionIncrease.map((increase, position) => ({ position, increase, attention: head.attention[position], read: kept.get(position) }))
    : head.positions.map((p) => ({ position: p.position, increase: p.increase, attention: p.attention, read: p }));
  const side = table.down ? -1 : 1;
  return rows.sort((a, b) => side * ((a[table.key] ?? -Infinity) - (b[table.key] ?? -Infinity)));
}

function heading(text, key, title) {
  if (!key) return make('th', { scope: 'col', text, title });
  const active = table.key === key;
  return make('th', { scope: 'col', 'aria-sort': active ? (table.down ? 'descending' : 'ascending') : 'none', class: 'sortable' },
    make('button', { type: 'button', text: text + (active ? (table.down ? ' \u2193' : ' \u2191') : ''), title, onclick: () => {
      table.down = active ? !table.down : key !== 'position';
      table.key = key;
      table.shown = PAGE;
      showPositions();
      byId('positions').querySelector(`th[aria-sort$="ending"] button`)?.focus();
    } }));
}

function signedBar(v, end) {
  return make('span', { class: 'cell-bar' }, make('i', { class: v < 0 ? 'fall' : 'rise', style: { width: `${Math.min(100, (100 * Math.abs(v ?? 0)) / end)}%` } }));
}

function positionCell(position) {
  const token = TOKENS[position];
  const several = DATA.images.length > 1;
  if (isPatch(token)) {
    const view = DATA.images[token.image];
    return [patchThumb(position, 26), make('span', {}, `${several ? `picture ${token.image + 1}, ` : ''}row ${Math.floor(token.patch / view.columns)}, column ${token.patch % view.columns}`, make('small', { text: ` #${position}` }))];
  }
  return [make('bdi', { class: 'tok', text: token.image >= 0 ? placeOf(position) : visible(token.text) }), make('small', { text: ` ${token.role} #${position}` })];
}

function showPositions() {
  const host = byId('positions');
  const head = headData();
  if (!head) {
    host.replaceChildren(empty(chosenHead() ? 'This head was measured as a whole only. Choose one that has a dot in the head map, or explain again with more --heads.' : 'No head was kept position by position.'));
    return;
  }
  const rows = positionRows();
  const ends = { increase: Math.max(...rows.map((r) => Math.abs(r.increase ?? 0)), 1e-12), attention: Math.max(...rows.map((r) => r.attention ?? 0), 1e-12) };
  const mode = segmented('Which positions', [[false, `With words (${head.positions.length})`], [true, `All (${TOKENS.length})`]], () => table.all || head.positions.length === 0, (v) => { table.all = v; table.shown = PAGE; showPositions(); });
  const body = make('tbody', {}, rows.slice(0, table.shown).map((r) => make('tr', {
    'data-position': r.position, tabindex: '0', onpointerenter: () => set({ hover: r.position }), onpointerleave: () => set({ hover: -1 }),
    onfocus: () => set({ hover: r.position }), onblur: () => set({ hover: -1 }), onclick: () => togglePin(r.position),
    onkeydown: (e) => { if (e.key === 'Enter') togglePin(r.position); if (e.key === 'Escape') set({ pin: -1 }); },
  },
  make('th', { scope: 'row', class: 'place' }, make('div', {}, positionCell(r.position))),
  make('td', { class: 'num' }, number(r.increase, true), signedBar(r.increase, ends.increase)),
  make('td', { class: 'num' }, percent(r.attention), make('span', { class: 'cell-bar plain' }, make('i', { style: { width: `${(100 * (r.attention ?? 0)) / ends.attention}%` } }))),
  ...(r.read ? [r.read.layerInput, r.read.keyInput, r.read.valueInput, r.read.valueOutput] : [[], [], [], []]).map((w) => make('td', {}, wordList(w.slice(0, 5)))))));
  const left = rows.length - table.shown;
  host.replaceChildren(
    mode.node,
    make('div', { class: 'scroll-x', tabindex: '0', role: 'group', 'aria-label': 'Positions' }, make('table', { class: table.all || head.positions.length === 0 ? 'positions plain' : 'positions' },
      make('thead', {}, make('tr', {}, heading('Position', 'position'), heading('Increase', 'increase'), heading('Attention', 'attention'),
        heading('Layer input', null, 'words of the residual stream that enters the layer there'), heading('Key input', null, 'words of the sum of earlier attention outputs there'),
        heading('Value input', null, 'words of the sum of earlier feed-forward outputs there'), heading('Head writes', null, 'words of what the head moves from there'))), body)),
    ...(left > 0 ? [make('button', { type: 'button', class: 'more', text: `Show ${Math.min(left, 100)} more of ${left}`, onclick: () => { table.shown += 100; showPositions(); } })] : []));
  markRows();
}

function markRows() {
  for (const row of document.querySelectorAll('tr[data-position]')) {
    const p = Number(row.dataset.position);
    row.classList.toggle('hot', p === state.hover);
    row.classList.toggle('pinned', p === state.pin);
  }
}

function buildPositions() {
  showPositions();
  on('word head', () => { table.shown = PAGE; showPositions(); });
  on('hover pin', markRows);
  figureTools('positions', () => {
    const head = headData();
    const kept = new Map((head?.positions ?? []).map((p) => [p.position, p]));
    return (head?.positionIncrease ?? []).map((increase, position) => {
      const p = kept.get(position);
      return { layer: head.layer, head: head.head, position, label: TOKENS[position].label, token: TOKENS[position].text, increase, attention: head.attention[position],
        layerInput: texts(p?.layerInput), keyInput: texts(p?.keyInput), valueInput: texts(p?.valueInput), valueOutput: texts(p?.valueOutput) };
    });
  });
}
