// Layer by layer: what attention and feed-forward added; and which part of the prompt it came from.

function ticks(low, high, about) {
  const raw = (high - low) / about || 1;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= raw);
  const all = [];
  for (let v = Math.ceil(low / step) * step; v <= high + step / 1e6; v += step) all.push(Math.abs(v) < step / 1e6 ? 0 : v);
  return all;
}

function layerBars(host, width) {
  const { attention, feedForward } = word();
  const layers = attention.length;
  if (layers === 0) { host.replaceChildren(empty('No layer increases were kept for this word.')); return; }
  const left = 44;
  const top = 10;
  const high = 210;
  const all = finite([...attention, ...feedForward, 0]);
  const max = Math.max(...all);
  const min = Math.min(...all);
  const span = max - min || 1;
  const y = (v) => top + ((max - v) / span) * high;
  const slot = Math.min(230, (width - left - 4) / layers);
  const svg = draw('svg', { class: 'bars', width: left + slot * layers + 4, height: high + top + 40, tabindex: '0', role: 'application',
    'aria-roledescription': 'bar chart', 'aria-label': `Log increase of ${layers} layers. Arrow keys move, Enter chooses a layer.` });
  for (const v of ticks(min, max, 5)) {
    svg.append(draw('line', { class: v === 0 ? 'zero' : 'rule', x1: left, x2: left + slot * layers, y1: y(v), y2: y(v) }),
      draw('text', { x: left - 7, y: y(v) + 3.5, 'text-anchor': 'end', text: v === 0 ? '0' : number(v).replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '') }));
  }
  const band = draw('rect', { class: 'layer-band', x: left, y: top - 4, width: slot, height: high + 8, rx: 3, visibility: 'hidden' });
  svg.append(band);
  const bar = (l, v, k) => {
    if (v === null) return;
    const w = Math.max(2, slot * 0.36);
    svg.append(draw('rect', { class: k === 0 ? 'attention' : 'feed-forward', x: left + l * slot + slot / 2 + (k === 0 ? -w - 0.5 : 0.5), y: Math.min(y(v), y(0)), width: w, height: Math.max(0.6, Math.abs(y(v) - y(0))), rx: Math.min(2, w / 4) }));
  };
  for (let l = 0; l < layers; l++) {
    bar(l, attention[l], 0);
    bar(l, feedForward[l], 1);
    if (slot >= 17 || l % 4 === 0) svg.append(draw('text', { x: left + (l + 0.5) * slot, y: high + top + 16, 'text-anchor': 'middle', text: l }));
  }
  svg.append(draw('text', { class: 'axis', x: left + (slot * layers) / 2, y: high + top + 34, 'text-anchor': 'middle', text: 'layer' }));
  const value = make('p', { class: 'value-line' });
  let at = Math.max(0, Math.min(layers - 1, state.layer));
  const point = (l) => {
    at = l;
    band.setAttribute('x', left + l * slot);
    band.setAttribute('visibility', 'visible');
    value.textContent = `Layer ${l}: attention ${number(attention[l], true)}, feed-forward ${number(feedForward[l], true)}`;
  };
  const rest = () => {
    if (state.layer >= 0 && state.layer < layers) point(state.layer);
    else { band.setAttribute('visibility', 'hidden'); value.textContent = 'Point at a layer for its numbers.'; }
  };
  const place = (e) => Math.floor((e.clientX - svg.getBoundingClientRect().left - left) / slot);
  svg.addEventListener('pointermove', (e) => { const l = place(e); if (l >= 0 && l < layers) point(l); });
  svg.addEventListener('pointerleave', rest);
  svg.addEventListener('click', (e) => { const l = place(e); if (l >= 0 && l < layers) set({ layer: l === state.layer ? -1 : l }); });
  svg.addEventListener('keydown', (e) => {
    const move = { ArrowLeft: -1, ArrowRight: 1 }[e.key];
    if (move) { e.preventDefault(); point(Math.min(layers - 1, Math.max(0, at + move))); announce(value.textContent); }
    else if (e.key === 'Enter') { set({ layer: at === state.layer ? -1 : at }); byId('layers').querySelector('svg.bars')?.focus(); }
  });
  rest();
  host.replaceChildren(make('div', { class: 'scroll-x' }, svg), value);
}

function telescope() {
  const w = word();
  const a = sum(w.attention);
  const f = sum(w.feedForward);
  const gap = w.logProbability - (w.embeddingLogProbability + a + f);
  const term = (name, v, label) => make('span', { class: `term ${name}` }, make('b', { text: number(v, label !== 'start' && label !== 'end') }), make('small', { text: name === 'log probability' || name === 'difference' ? `${name}, ${WORDS.nats}` : name }));
  const off = Math.abs(gap) > 0.02 ? `The steps miss the end by ${number(gap, true)}.` : '';
  return make('div', { class: 'telescope' },
    term('embedding', w.embeddingLogProbability, 'start'), term('attention', a), term('feed-forward', f),
    make('span', { class: 'equals', text: '=' }),
    term(w.target.kind === 'contrast' ? 'difference' : 'log probability', w.logProbability, 'end'),
    w.target.kind === 'contrast' || w.target.kind === 'answer' ? null : make('span', { class: 'percent', text: percent(Math.exp(w.logProbability)) }),
    off ? make('p', { class: 'note', text: off }) : null);
}

const ZONES = { image: 'Image', question: 'Question', template: 'Template', answer: 'Answer' };

function zoneBars() {
  // Only parts that the prompt has: a passage, say, is what readers are given.
  const zones = Object.entries(word().zones ?? {}).filter(([name]) => TOKENS.some((t) => t.role === name));
  if (zones.length === 0) return empty('No zones were measured for this word.');
  const whole = zones.reduce((t, [, v]) => t + Math.abs(v ?? 0), 0) || 1;
  const end = Math.max(...zones.map(([, v]) => Math.abs(v ?? 0))) || 1;
  const negative = zones.some(([, v]) => v < 0);
  return make('table', { class: 'zones' }, make('tbody', {}, zones.map(([name, v]) => {
    const part = (100 * Math.abs(v)) / end / (negative ? 2 : 1);
    return make('tr', {}, make('th', { scope: 'row', text: ZONES[name] ?? name }),
      make('td', { class: 'zone-track' }, make('span', { class: negative ? 'track mid' : 'track' }, make('i', {
        class: v < 0 ? 'fall' : 'rise', style: { width: `${part}%`, 'margin-left': negative ? `${v < 0 ? 50 - part : 50}%` : '0' } }))),
      make('td', { class: 'num', text: number(v, true) }), make('td', { class: 'num faint', text: percent(Math.abs(v) / whole) }));
  })));
}

function buildLayers() {
  const key = make('p', { class: 'key' }, make('span', { class: 'attention', text: 'attention' }), make('span', { class: 'feed-forward', text: 'feed-forward' }));
  const sumLine = make('div', {});
  const chart = make('div', {});
  byId('layers').append(sumLine, key, chart);
  const redraw = withWidth(chart, (width) => layerBars(chart, width));
  const refresh = () => {
    sumLine.replaceChildren(telescope());
    byId('zones').replaceChildren(zoneBars());
  };
  refresh();
  on('word', refresh);
  on('word layer', redraw);
  figureTools('layers', () => word().attention.map((attention, layer) => ({ layer, attention, feedForward: word().feedForward[layer] })));
  figureTools('zones', () => Object.entries(word().zones).map(([zone, increase]) => ({ zone, increase })));
}
