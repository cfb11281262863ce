// Head by layer: one square for each head, and the best heads as a list.

/** Lines through a box whose value is below zero, so that the sign is seen without colours. */
function slashes(x, y, width, height) {
  const step = Math.min(width, height);
  let d = '';
  for (let at = 0; at + step <= width + 0.5; at += step) d += `M${x + at + 1} ${y + height - 1}l${step - 2} ${2 - height}`;
  return d;
}

function headGrid(host, width) {
  const { heads } = word();
  const layers = heads.length;
  const count = layers ? heads[0].length : 0;
  if (count === 0) { host.replaceChildren(empty('No head increases were kept for this word.')); return; }
  const left = 34;
  const cw = Math.max(9, Math.min(180, (width - left - 4) / layers));
  const ch = Math.max(11, Math.min(30, cw, 470 / count));
  const gap = cw > 14 ? 2 : 1;
  const range = rangeOf(heads.flat(), true);
  const chosen = chosenHead();
  const high = count * ch;
  const svg = draw('svg', {
    class: 'grid', width: left + layers * cw + 2, height: high + 36, tabindex: '0', role: 'application', 'aria-roledescription': 'head map',
    'aria-label': `${layers} layers by ${count} heads. Arrow keys move, Enter chooses a head.`,
  });
  if (state.layer >= 0 && state.layer < layers) {
    svg.append(draw('rect', { class: 'layer-band', x: left + state.layer * cw - gap / 2, y: 0, width: cw, height: high, rx: 3 }));
  }
  for (let l = 0; l < layers; l++) {
    for (let h = 0; h < count; h++) {
      const [x, y] = [left + l * cw, h * ch];
      svg.append(draw('rect', { x, y, width: cw - gap, height: ch - gap, rx: Math.min(3, cw / 6),
        fill: isNumber(heads[l][h]) ? rgb(solid(heads[l][h], range, true)) : 'gray' }));
      if (heads[l][h] < -shared.FAINT * range.high) svg.append(draw('path', { class: 'negative', d: slashes(x, y, cw - gap, ch - gap) }));
    }
  }
  for (const top of readHeads()) {
    svg.append(draw('circle', { class: 'kept', cx: left + top.layer * cw + (cw - gap) / 2, cy: top.head * ch + (ch - gap) / 2, r: Math.min(2.2, ch / 5), fill: inkOn(solid(heads[top.layer]?.[top.head] ?? range.low, range, true)) }));
  }
  const every = (size) => (size >= 18 ? 1 : size >= 11 ? 4 : 8);
  for (let l = 0; l < layers; l += every(cw)) svg.append(draw('text', { x: left + (l + 0.5) * cw - gap / 2, y: high + 13, 'text-anchor': 'middle', text: l }));
  for (let h = 0; h < count; h += every(ch + 4)) svg.append(draw('text', { x: left - 7, y: (h + 0.5) * ch + 3, 'text-anchor': 'end', text: h }));
  svg.append(draw('text', { class: 'axis', x: left + (layers * cw) / 2, y: high + 31, 'text-anchor': 'middle', text: 'layer' }),
    draw('text', { class: 'axis', x: 9, y: high / 2, 'text-anchor': 'middle', transform: `rotate(-90 9 ${high / 2})`, text: 'head' }));
  const outline = (name, l, h) => draw('rect', { class: name, x: left + l * cw - 0.5, y: h * ch - 0.5, width: cw - gap + 1, height: ch - gap + 1, rx: Math.min(3, cw / 6) });
  if (chosen) svg.append(outline('chosen-halo', ...chosen), outline('chosen', ...chosen));
  const cursor = outline('cursor', 0, 0);
  cursor.setAttribute('visibility', 'hidden');
  svg.append(cursor);
  const bar = colourBar(range, true, `${WORDS.nats}, log increase of the head alone`);
  const value = make('p', { class: 'value-line', text: '\u00a0' });
  let at = chosen ?? [0, 0];
  const point = (l, h) => {
    at = [l, h];
    cursor.setAttribute('x', left + l * cw - 0.5);
    cursor.setAttribute('y', h * ch - 0.5);
    cursor.setAttribute('visibility', 'visible');
    bar.point(heads[l][h]);
    value.textContent = `Head ${headName(l, h)}: ${number(heads[l][h], true)}`;
  };
  const rest = () => {
    cursor.setAttribute('visibility', 'hidden');
    const head = chosenHead();
    bar.point(head ? heads[head[0]][head[1]] : null);
    value.textContent = head ? `Chosen: head ${headName(...head)}: ${number(heads[head[0]][head[1]], true)}` : '\u00a0';
  };
  const place = (e) => {
    const box = svg.getBoundingClientRect();
    const l = Math.floor((e.clientX - box.left - left) / cw);
    const h = Math.floor((e.clientY - box.top) / ch);
    return l >= 0 && h >= 0 && l < layers && h < count ? [l, h] : null;
  };
  svg.addEventListener('pointermove', (e) => { const p = place(e); if (p) point(...p); else rest(); });
  svg.addEventListener('pointerleave', rest);
  svg.addEventListener('click', (e) => { const p = place(e); if (p) chooseHead(p); });
  svg.addEventListener('keydown', (e) => {
    const move = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[e.key];
    if (move) {
      e.preventDefault();
      point(Math.min(layers - 1, Math.max(0, at[0] + move[0])), Math.min(count - 1, Math.max(0, at[1] + move[1])));
      announce(value.textContent);
    } else if (e.key === 'Enter' || e.key === ' ') { e.preventDefault(); chooseHead(at); byId('heads').querySelector('svg.grid')?.focus(); }
  });
  rest();
  host.replaceChildren(make('div', { class: 'scroll-x' }, svg), make('div', { class: 'under-grid' }, bar.node, value));
}

/** The heads whose positions were read in words: the strongest. */
const readHeads = () => word().topHeads.filter((h) => h.positions.length > 0);

function topList() {
  const topHeads = readHeads();
  const chosen = chosenHead();
  const end = Math.max(...topHeads.map((h) => Math.abs(h.increase)), 1e-9);
  return make('ol', { class: 'top-heads' }, topHeads.map((h) => make('li', {}, make('button', {
    type: 'button', 'aria-pressed': String(chosen !== null && chosen[0] === h.layer && chosen[1] === h.head), onclick: () => chooseHead([h.layer, h.head]),
  },
  make('span', { class: 'name', text: headName(h.layer, h.head) }),
  make('span', { class: 'track' }, make('i', { class: h.increase < 0 ? 'fall' : 'rise', style: { width: `${(100 * Math.abs(h.increase)) / end}%` } })),
  make('span', { class: 'num', text: number(h.increase, true) })))));
}

function buildHeads() {
  const grid = make('div', { class: 'head-grid' });
  const side = make('div', { class: 'head-side' });
  const note = make('p', { class: 'note', role: 'status' });
  byId('heads').append(make('div', { class: 'heads-layout' }, grid, side), note);
  const redraw = withWidth(grid, (width) => headGrid(grid, width));
  const refresh = () => {
    redraw();
    const kept = readHeads().length;
    side.replaceChildren(
      make('h3', { text: 'Strongest heads' }),
      kept ? make('p', { class: 'caption', text: 'layer.head; dots in the map mark the same heads, which were read in words too' }) : null, topList());
    const head = chosenHead();
    const known = !head || headData() !== undefined;
    note.hidden = known;
    if (!known) note.textContent = `Head ${headName(...head)} was measured as a whole only; --heads N keeps the positions of the N strongest heads.`;
    for (const b of document.querySelectorAll('[data-head]')) b.textContent = head ? headName(...head) : '';
  };
  refresh();
  on('word head layer', refresh);
  themeListeners.push(refresh);
  figureTools('heads', () => word().heads.flatMap((row, layer) => row.map((increase, head) => ({ layer, head, increase }))));
}
