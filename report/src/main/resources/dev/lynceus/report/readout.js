// What is known about the one position that all views point at.

function metric(label, value, unit) {
  return make('div', { class: 'metric' }, make('dt', { text: label }), make('dd', {}, value, unit ? make('small', { text: ` ${unit}` }) : null));
}

function mapMetrics(position) {
  const token = TOKENS[position];
  const map = currentMap();
  const value = isPatch(token) ? map?.values[token.image]?.[token.patch] : undefined;
  if (value === undefined || value === null) return [];
  const all = strongest(map);
  const rank = all.findIndex((t) => t.position === position) + 1;
  return [metric(map.title, valued(value, map.unit, map.signed), map.unit === WORDS.attention ? '' : map.unit), metric('Rank', `${rank} of ${all.length}`)];
}

function headMetrics(position) {
  const head = headData();
  if (!head) return [];
  const name = headName(head.layer, head.head);
  return [
    metric(`Head ${name} increase`, number(head.positionIncrease[position], true), WORDS.nats),
    metric(`Head ${name} attention`, percent(head.attention[position])),
  ];
}

const firstWords = new Map();

/** At how many patches of an image a list of words begins like this one; `pick` finds the list. */
function sameElsewhere(image, key, pick, id) {
  const name = `${image}|${key}`;
  if (!firstWords.has(name)) {
    const counts = new Map();
    for (const words of DATA.images[image].visualWords) {
      const first = words && pick(words)?.[0]?.[0];
      if (first !== undefined) counts.set(first, (counts.get(first) ?? 0) + 1);
    }
    firstWords.set(name, counts);
  }
  return firstWords.get(name).get(id) ?? 0;
}

/** Rows of [what, words, why they tell nothing] for a position. */
function wordRows(position) {
  const token = TOKENS[position];
  const rows = [];
  const visual = token.image >= 0 ? DATA.images[token.image].visualWords[token.patch] : undefined;
  if (visual?.input.length) {
    const view = DATA.images[token.image];
    const add = (what, key, pick) => {
      const words = pick(visual);
      const same = words?.length ? sameElsewhere(token.image, key, pick, words[0][0]) : 0;
      const common = same > Math.max(3, view.rows * view.columns / 5) ? `the same at ${same} of ${view.rows * view.columns} patches: not what this one holds` : '';
      rows.push([what, words, common]);
    };
    add('Nearest input words', 'input', (v) => v.input);
    add('Read by the output layer', 'output', (v) => v.output);
    for (const layer of Object.keys(visual.layers).map(Number).sort((a, b) => a - b)) {
      add(`Lens, ${depthName(layer)}`, `lens ${layer}`, (v) => v.layers[layer]);
    }
  }
  const read = headData()?.positions.find((p) => p.position === position);
  if (read) {
    rows.push(['Head: layer input', read.layerInput, ''], ['Head: key input', read.keyInput, ''],
      ['Head: value input', read.valueInput, ''], ['Head: writes', read.valueOutput, '']);
  }
  return rows;
}

function readoutTitle(position) {
  const token = TOKENS[position];
  const several = DATA.images.length > 1;
  const where = isPatch(token) ? `Row ${Math.floor(token.patch / DATA.images[token.image].columns)}, column ${token.patch % DATA.images[token.image].columns}` : placeOf(position);
  const more = token.image >= 0 ? `${several ? `image ${token.image + 1}, ` : ''}position ${position}` : `${token.role}, position ${position}`;
  const why = state.hover >= 0 ? '' : state.pin >= 0 ? 'pinned' : 'strongest';
  return [
    isPatch(token) ? patchThumb(position, 36) : null,
    make('div', {}, make('h2', {}, make('bdi', { text: where })), make('p', { class: 'where', text: more })),
    why ? make('span', { class: 'badge', text: why }) : null,
    state.pin >= 0 && state.hover < 0
      ? make('button', { type: 'button', class: 'data', text: 'Release', onclick: () => set({ pin: -1 }) }) : null,
  ];
}

function showReadout() {
  const position = focusPosition();
  const host = byId('readout');
  const dock = byId('dock-readout');
  if (position < 0 || !TOKENS[position]) {
    host.replaceChildren(empty('Point at a patch or a token to see what is known about it.'));
    dock?.replaceChildren();
    return;
  }
  const rows = wordRows(position);
  const metrics = () => [...mapMetrics(position), ...headMetrics(position)];
  host.replaceChildren(
    make('div', { class: 'readout-title' }, readoutTitle(position)),
    make('dl', { class: 'metrics' }, metrics()),
    rows.length
      ? make('dl', { class: 'word-rows' }, rows.flatMap(([what, words, why]) => [make('dt', { text: what }), why ? make('dd', { class: 'none' }, make('bdi', { text: `\u201c${visible(words[0][1])}\u201d` }), `, ${why}`) : make('dd', {}, wordList(words.slice(0, 8)))]))
      : make('p', { class: 'none', text: 'No words were kept for this position.' }));
  dock?.replaceChildren(
    make('div', { class: 'readout-title' }, readoutTitle(position).slice(0, 2)),
    make('dl', { class: 'metrics' }, metrics()),
    ...rows.filter(([, , why]) => !why).slice(0, DATA.images.length ? 2 : 4).map(([what, words]) => make('p', { class: 'dock-words' }, make('span', { class: 'none', text: what }), wordList(words.slice(0, 5)))));
  if (state.hover >= 0) {
    const map = currentMap();
    const token = TOKENS[position];
    const value = isPatch(token) ? map?.values[token.image]?.[token.patch] : headData()?.positionIncrease[position];
    announce(`${placeOf(position)}: ${number(value)}. ${texts((rows.find(([, , why]) => !why)?.[1] ?? []).slice(0, 3))}`);
  }
}

function buildReadout() {
  on('word map head hover pin image', showReadout);
  showReadout();
}
