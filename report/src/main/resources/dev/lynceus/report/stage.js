// The pictures with the map over them, and the controls.

const pictureViews = [];

/** A picture with its map. `kind`: 'seen' (as the model saw it), 'original', or 'small'. */
function pictureView(image, kind) {
  const view = DATA.images[image];
  const original = kind === 'original';
  const width = original ? view.width : view.modelWidth;
  const height = original ? view.height : view.modelHeight;
  const canvas = make('canvas', { class: 'map', 'aria-hidden': 'true' });
  const marks = draw('svg', { class: 'marks', viewBox: `0 0 ${view.columns} ${view.rows}`, preserveAspectRatio: 'none', 'aria-hidden': 'true' });
  const pane = make('div', {
    class: 'pane', tabindex: '0', role: 'application', 'aria-roledescription': 'patch grid',
    'aria-label': `${view.rows} by ${view.columns} patches of ${view.name}. Arrow keys move, Enter pins, Escape releases.`,
  }, canvas, marks);
  if (original) {
    const [left, top, w, h] = view.crop;
    pane.style.setProperty('left', `${(100 * left) / width}%`);
    pane.style.setProperty('top', `${(100 * top) / height}%`);
    pane.style.setProperty('width', `${(100 * w) / width}%`);
    pane.style.setProperty('height', `${(100 * h) / height}%`);
    pane.classList.add('cropped');
  }
  const frame = make('div', { class: 'picture', style: { 'aspect-ratio': `${width} / ${height}`, '--ratio': String(width / height) } },
    make('img', { src: original ? PICTURES[image].original : PICTURES[image].seen, alt: original ? `${view.name}, the original picture` : `${view.name} as the model saw it` }),
    pane);
  const patchAt = (event) => {
    const box = pane.getBoundingClientRect();
    const c = Math.floor(((event.clientX - box.left) / box.width) * view.columns);
    const r = Math.floor(((event.clientY - box.top) / box.height) * view.rows);
    return c < 0 || r < 0 || c >= view.columns || r >= view.rows ? -1 : positionOf[image][r * view.columns + c];
  };
  pane.addEventListener('pointermove', (e) => set({ hover: patchAt(e) }));
  pane.addEventListener('pointerleave', () => set({ hover: -1 }));
  pane.addEventListener('blur', () => set({ hover: -1 }));
  pane.addEventListener('click', (e) => { const p = patchAt(e); if (p >= 0) togglePin(p); });
  pane.addEventListener('keydown', (e) => movePatch(e, image));
  const self = { image, frame, canvas, marks, pane, clean: original };
  pictureViews.push(self);
  return self;
}

function movePatch(event, image) {
  const view = DATA.images[image];
  const now = focusPosition();
  const at = isPatch(TOKENS[now]) && TOKENS[now].image === image ? TOKENS[now].patch : 0;
  let row = Math.floor(at / view.columns);
  let column = at % view.columns;
  if (event.key === 'ArrowLeft') column -= 1;
  else if (event.key === 'ArrowRight') column += 1;
  else if (event.key === 'ArrowUp') row -= 1;
  else if (event.key === 'ArrowDown') row += 1;
  else if (event.key === 'Home') column = 0;
  else if (event.key === 'End') column = view.columns - 1;
  else if (event.key === 'Enter' || event.key === ' ') { event.preventDefault(); togglePin(positionOf[image][at]); return; }
  else if (event.key === 'Escape') { set({ pin: -1, hover: -1 }); return; }
  else return;
  event.preventDefault();
  row = Math.min(view.rows - 1, Math.max(0, row));
  column = Math.min(view.columns - 1, Math.max(0, column));
  set({ hover: positionOf[image][row * view.columns + column] });
}

function drawMaps() {
  const map = currentMap();
  for (const { image, canvas, pane, frame, clean } of pictureViews) {
    const values = map && nothing(map) === undefined ? map.values[image] : undefined;
    canvas.hidden = clean || !values;
    frame.classList.toggle('grey', state.drawn === 'grey' && !canvas.hidden);
    if (clean) continue;
    pane.style.setProperty('--opacity', String(state.opacity));
    if (values) paint(canvas, { rows: DATA.images[image].rows, columns: DATA.images[image].columns, values }, mapRange(map), map.signed, state.smooth, state.drawn);
  }
  drawMarks();
}

function cell(position, view, name) {
  const patch = TOKENS[position].patch;
  const place = { x: patch % view.columns, y: Math.floor(patch / view.columns), width: 1, height: 1 };
  return [draw('rect', { ...place, class: `halo ${name}` }), draw('rect', { ...place, class: name })];
}

/** Lines around the patches of at least half of the scale: seen on any picture, by everyone. */
function outline(values, view, range) {
  const strong = (r, c) => r >= 0 && c >= 0 && r < view.rows && c < view.columns && (values[r * view.columns + c] ?? -1) >= range.high / 2;
  let path = '';
  for (let r = 0; r < view.rows; r++) {
    for (let c = 0; c < view.columns; c++) {
      if (!strong(r, c)) continue;
      if (!strong(r - 1, c)) path += `M${c} ${r}h1`;
      if (!strong(r + 1, c)) path += `M${c} ${r + 1}h1`;
      if (!strong(r, c - 1)) path += `M${c} ${r}v1`;
      if (!strong(r, c + 1)) path += `M${c + 1} ${r}v1`;
    }
  }
  return path ? [draw('path', { class: 'halo half', d: path }), draw('path', { class: 'half', d: path })] : [];
}

/** Lines through the patches below zero: the sign is seen without colours. */
function hatch(values, view, range) {
  let path = '';
  values.forEach((v, i) => {
    if (v === null || v >= 0 || strength(v, range, true) === 0) return;
    const x = i % view.columns;
    const y = Math.floor(i / view.columns);
    path += `M${x + 0.1} ${y + 0.6}l.5 -.5M${x + 0.1} ${y + 0.9}l.8 -.8M${x + 0.4} ${y + 0.9}l.5 -.5`;
  });
  return path ? [draw('path', { class: 'hatch', d: path })] : [];
}

function drawMarks() {
  const map = currentMap();
  const drawn = map && nothing(map) === undefined && state.opacity > 0;
  const top = drawn && state.marks > 0 ? strongest(map).slice(0, state.marks) : [];
  const focus = focusPosition();
  for (const { image, marks, clean } of pictureViews) {
    const view = DATA.images[image];
    const here = (p) => p >= 0 && isPatch(TOKENS[p]) && TOKENS[p].image === image;
    const values = drawn && !clean ? map.values[image] : undefined;
    marks.replaceChildren(
      ...(values && map.signed ? hatch(values, view, mapRange(map)) : []),
      ...(values && state.marks < 0 ? outline(values, view, mapRange(map)) : []),
      ...(clean ? [] : top.filter((t) => here(t.position)).flatMap((t) => cell(t.position, view, 'top'))),
      ...(here(state.pin) ? cell(state.pin, view, 'pin') : []),
      ...(here(focus) && focus !== state.pin && (state.hover >= 0 || !clean) ? cell(focus, view, state.hover >= 0 ? 'hover' : 'best') : []),
    );
  }
}

/** The picture with the map; beside it the original, where the model saw something else. */
function showImages() {
  const pair = byId('pair');
  const seen = pictureView(shownImage(), 'seen');
  const view = DATA.images[shownImage()];
  const [, , w, h] = view.crop;
  const whole = w >= view.width - 1 && h >= view.height - 1;
  byId('stage').classList.toggle('single', whole);
  const name = [' ', make('bdi', { text: visible(view.name) }), `, ${view.width} × ${view.height}`];
  pair.replaceChildren(
    make('figure', { style: { '--ratio': String(view.modelWidth / view.modelHeight) } }, seen.frame, make('figcaption', {},
      make('b', { text: 'As the model saw it' }),
      ` ${view.modelWidth} × ${view.modelHeight} pixels, ${view.rows} × ${view.columns} patches`, whole ? ['; the whole picture', ...name] : null,
      make('span', { class: 'hint', text: 'Click a patch to pin it; with the keyboard: arrow keys, then Enter.' }))),
    ...(whole ? [] : [make('figure', { style: { '--ratio': String(view.width / view.height) } }, pictureView(shownImage(), 'original').frame, make('figcaption', {},
      make('b', { text: 'Original' }), ...name, '; the model saw what is inside the frame'))]));
}

function buildStage() {
  if (DATA.images.length === 0) {
    byId('stage').classList.add('no-image');
    byId('pair').replaceChildren(empty('This was a question without a picture: the figures below show which words of the prompt raised the answer.'));
    for (const id of ['controls', 'maps', 'thumbs']) byId(id).remove();
    byId('dock').append(make('div', { id: 'dock-readout' }));
    return;
  }
  let shown = -1;
  const rebuild = () => {
    shown = shownImage();
    pictureViews.length = 0;
    showImages();
    const small = pictureView(shownImage(), 'small');
    small.pane.setAttribute('tabindex', '-1');
    byId('dock-picture').replaceChildren(small.frame);
    buildThumbs();
    drawMaps();
  };
  byId('dock').append(make('div', { id: 'dock-picture' }), make('div', { id: 'dock-readout' }));
  buildControls();
  rebuild();
  // The small picture comes when the large one has gone: never two at once.
  new IntersectionObserver((entries) => byId('dock').classList.toggle('waiting', entries[0].isIntersecting), { rootMargin: '-56px 0px 0px' }).observe(byId('pair'));
  on('image', rebuild);
  on('word map head', () => (shownImage() === shown ? drawMaps() : rebuild()));
  on('smooth own drawn', drawMaps);
  on('opacity', drawMaps);
  on('hover pin marks', drawMarks);
}

function buildThumbs() {
  const host = byId('thumbs');
  host.hidden = DATA.images.length < 2;
  if (host.hidden) return;
  host.replaceChildren(...DATA.images.map((view, i) => {
    const small = pictureView(i, 'small');
    small.pane.removeAttribute('tabindex');
    small.pane.setAttribute('aria-hidden', 'true');
    return make('button', { type: 'button', class: 'thumb-button', 'aria-pressed': String(i === shownImage()), onclick: () => set({ image: i }) },
      small.frame, make('span', {}, `Image ${i + 1}`, make('bdi', { text: visible(view.name) })));
  }));
}

/** The choice of maps, above the pictures. */
function showMapChoices() {
  const host = byId('maps');
  const focused = document.activeElement?.name === 'map';
  const map = currentMap();
  if (!map) { host.replaceChildren(empty('No map was made for this word.')); return; }
  host.replaceChildren(...mapChoices().map((m) => make('label', { class: 'map-choice', title: m.caption },
    make('input', { type: 'radio', name: 'map', value: m.id, checked: m.id === map.id, onchange: () => set({ map: m.id }) }),
    make('span', {}, m.title))));
  if (focused) host.querySelector('input:checked')?.focus();
}

/** A labelled row of buttons for one key of the state. */
function control(label, key, choices, title) {
  const row = segmented(label, choices, () => state[key], (v) => set({ [key]: v }));
  on(key, row.update);
  return make('div', { class: 'control', title }, make('span', { class: 'label', text: label }), row.node);
}

function opacityControl() {
  const output = make('output', {});
  const slider = make('input', { type: 'range', min: '0', max: '100', id: 'opacity', oninput: (e) => set({ opacity: Number(e.target.value) / 100 }) });
  const update = () => {
    slider.value = String(Math.round(100 * state.opacity));
    output.textContent = `${slider.value}\u202f%`;
  };
  update();
  on('opacity', update);
  return make('div', { class: 'control' }, make('label', { class: 'label', for: 'opacity', text: 'Opacity' }), make('div', { class: 'slider' }, slider, output));
}

/** What the map is, its colours in numbers, and how it is drawn, below the pictures. */
function buildControls() {
  const caption = make('p', { class: 'caption' });
  const little = make('p', { class: 'note', role: 'status', hidden: true });
  const bar = make('div', { class: 'control wide' });
  let scale = null;
  const point = () => {
    const token = TOKENS[focusPosition()];
    scale?.point(token && token.image >= 0 ? currentMap()?.values[token.image]?.[token.patch] : null);
  };
  const refresh = () => {
    showMapChoices();
    const map = currentMap();
    if (!map) return;
    caption.textContent = map.caption;
    const faint = nothing(map);
    little.hidden = faint === undefined;
    if (faint !== undefined) little.textContent = `Nothing is drawn: all patches together bring ${number(faint)} ${map.unit}, less than ${number(WORDS.least)}.`;
    scale = colourBar(mapRange(map), map.signed, map.unit, true);
    bar.replaceChildren(scale.node);
    point();
  };
  const tools = make('div', { class: 'tools' });
  dataButtons(tools, 'maps', mapRows);
  byId('controls').append(
    make('header', {}, caption, tools), little,
    make('div', { class: 'control-row' }, bar, opacityControl(),
      control('Between patches', 'smooth', [[false, 'Nearest'], [true, 'Smooth']], 'Smooth interpolates linearly between patch centres'),
      control('Outline', 'marks', [[-1, 'Half or more'], [0, 'None'], [5, 'Best 5'], [10, '10'], [25, '25']], 'Half or more: patches with at least half of the scale'),
      control('Colour scale', 'own', [[false, 'Whole answer'], [true, 'This word']], 'Whole answer: one scale for this map of all words'),
      control('Map as', 'drawn', [['light', 'Light'], ['colour', 'Colours'], ['grey', 'Colours on grey']], 'Light: the picture keeps its own colours where the map is strong, the rest fades')));
  refresh();
  themeListeners.push(drawMaps);
  on('word map head own drawn', refresh);
  themeListeners.push(refresh);
  on('hover pin image', point);
}

function mapRows() {
  return mapChoices().flatMap((m) => m.values.flatMap((values, image) => (values ?? []).map((v, patch) => ({
    map: m.id, image, row: Math.floor(patch / DATA.images[image].columns), column: patch % DATA.images[image].columns,
    position: positionOf[image][patch], value: v, unit: m.unit,
  }))));
}
