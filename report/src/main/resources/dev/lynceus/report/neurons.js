// Words at each depth, and single neurons.

function showLens() {
  const rows = word().lens ?? [];
  const host = byId('lens');
  if (rows.length === 0) { host.replaceChildren(empty('No lens was read for this word.')); return; }
  const columns = Math.min(8, Math.max(...rows.map((r) => r.words.length)));
  const ids = new Set(word().target.ids);
  const last = rows.at(-1).layer;
  const name = (l) => (l === last ? `${depthName(l)} (end)` : depthName(l));
  const tint = (p) => `color-mix(in oklab, var(--accent) ${Math.round(34 * Math.sqrt(Math.max(0, p ?? 0)))}%, transparent)`;
  host.replaceChildren(make('div', { class: 'scroll-x', tabindex: '0', role: 'group', 'aria-label': 'Words at each depth' }, make('table', { class: 'lens' },
    make('thead', {}, make('tr', {}, make('th', { scope: 'col', text: 'depth' }), make('th', { scope: 'col', text: 'target' }),
      ...Array.from({ length: columns }, (_, k) => make('th', { scope: 'col', text: k + 1 })))),
    make('tbody', {}, rows.map((r) => make('tr', { class: r.layer > 0 && r.layer - 1 === state.layer ? 'chosen-layer' : null, onclick: () => { if (r.layer > 0) set({ layer: state.layer === r.layer - 1 ? -1 : r.layer - 1 }); } },
      make('th', { scope: 'row', text: name(r.layer) }),
      make('td', { class: 'num' }, percent(r.targetProbability), make('span', { class: 'cell-bar plain' }, make('i', { style: { width: `${100 * (r.targetProbability ?? 0)}%` } }))),
      ...Array.from({ length: columns }, (_, k) => {
        const w = r.words[k];
        return w ? make('td', { class: ids.has(w[0]) ? 'is-target' : null, style: { 'background-color': tint(w[2]) }, title: `${visible(w[1])}: ${percent(w[2])}` }, make('bdi', { text: visible(w[1]) })) : make('td', {});
      })))))));
}

function signedCell(v, end) {
  return make('td', { class: 'num' }, number(v, true), signedBar(v, end));
}

function neuronTable(headings, rows) {
  if (rows.length === 0) return empty('None were kept for this word.');
  return make('div', { class: 'scroll-x', tabindex: '0', role: 'group', 'aria-label': 'Neurons' }, make('table', { class: 'neurons' },
    make('thead', {}, make('tr', {}, headings.map((h) => make('th', { scope: 'col', text: h })))), make('tbody', {}, rows)));
}

const PARTS = { embedding: 'embedding', attention: 'attention', feedForward: 'feed-forward' };
let neuronKind = 'ffn';
let neuronsShown = PAGE;

function neuronRows() {
  const w = word();
  const end = (list, key) => Math.max(...list.map((n) => Math.abs(n[key] ?? 0)), 1e-12);
  if (neuronKind === 'ffn') {
    const max = end(w.neurons, 'increase');
    return [['Layer', 'Neuron', 'Increase', 'Coefficient', 'Raises', 'Lowers'], w.neurons.map((n) => () => make('tr', {},
      make('td', { class: 'num', text: n.layer }), make('td', { class: 'num', text: n.index }), signedCell(n.increase, max), make('td', { class: 'num', text: number(n.coefficient) }),
      make('td', {}, wordList(n.promotes.slice(0, 6))), make('td', {}, wordList(n.suppresses.slice(0, 5)))))];
  }
  if (neuronKind === 'attention') {
    const max = end(w.attentionNeurons, 'increase');
    return [['Head', 'Dimension', 'Position', 'Increase', 'Coefficient', 'Raises'], w.attentionNeurons.map((n) => () => make('tr', {
      'data-position': n.position, onpointerenter: () => set({ hover: n.position }), onpointerleave: () => set({ hover: -1 }), onclick: () => togglePin(n.position) },
    make('td', { class: 'num', text: headName(n.layer, n.head) }), make('td', { class: 'num', text: n.dimension }), make('th', { scope: 'row', class: 'place' }, make('div', {}, positionCell(n.position))),
    signedCell(n.increase, max), make('td', { class: 'num', text: number(n.coefficient) }), make('td', {}, wordList(n.promotes.slice(0, 6)))))];
  }
  const max = end(w.queries, 'score');
  return [['Part', 'Layer', 'Neuron', 'Share × increase', 'Words'], w.queries.map((q) => () => make('tr', {},
    make('td', { text: PARTS[q.part] ?? q.part }), make('td', { class: 'num', text: q.layer < 0 ? '\u2013' : q.layer }), make('td', { class: 'num', text: q.neuron < 0 ? 'whole layer' : q.neuron }),
    signedCell(q.score, max), make('td', {}, wordList(q.words))))];
}

function showNeurons() {
  const w = word();
  const kinds = segmented('Kind of neurons', [['ffn', `Feed-forward (${w.neurons.length})`], ['attention', `Attention (${w.attentionNeurons.length})`], ['queries', `What feeds them (${w.queries.length})`]],
    () => neuronKind, (v) => { neuronKind = v; neuronsShown = PAGE; showNeurons(); });
  const [headings, rows] = neuronRows();
  const left = rows.length - neuronsShown;
  byId('neurons').replaceChildren(kinds.node, neuronTable(headings, rows.slice(0, neuronsShown).map((r) => r())),
    ...(left > 0 ? [make('button', { type: 'button', class: 'more', text: `Show ${Math.min(left, 100)} more of ${left}`, onclick: () => { neuronsShown += 100; showNeurons(); } })] : []));
  markRows();
}

function buildLensAndNeurons() {
  showLens();
  showNeurons();
  on('word layer', showLens);
  on('word', () => { neuronsShown = PAGE; showNeurons(); });
  figureTools('lens', () => word().lens.flatMap((r) => r.words.map((w, rank) => ({ depth: r.layer, after: depthName(r.layer), unit: 'probability', targetProbability: r.targetProbability, rank, id: w[0], says: w[1], probability: w[2] }))));
  figureTools('neurons', () => [
    ...word().neurons.map((n) => ({ kind: 'feedForward', layer: n.layer, index: n.index, coefficient: n.coefficient, increase: n.increase, raises: texts(n.promotes), lowers: texts(n.suppresses) })),
    ...word().attentionNeurons.map((n) => ({ kind: 'attention', layer: n.layer, head: n.head, index: n.dimension, position: n.position, coefficient: n.coefficient, increase: n.increase, raises: texts(n.promotes) })),
    ...word().queries.map((q) => ({ kind: `query ${q.part}`, layer: q.layer, index: q.neuron, increase: q.score, raises: texts(q.words) })),
  ]);
}
