// What is shown: one state, kept in the address so that a link shows the same.

const state = {
  word: 0,
  map: '',
  head: null, // [layer, head]; null: the best head of the word
  layer: -1,
  image: 0,
  opacity: 0.7,
  smooth: false,
  marks: 0, // how many of the strongest patches are outlined
  shared: false, // one scale for all maps of a unit
  even: false, // weak patches as opaque as strong ones
  pin: -1, // pinned position
  hover: -1, // position under the pointer; not kept in the address
};

const listeners = [];
const themeListeners = []; // called when dark turns light or back

/** Calls `listener` after each change of one of `keys` (separated by spaces). */
function on(keys, listener) {
  listeners.push({ keys: new Set(keys.split(' ')), listener });
}

function set(change) {
  const before = { ...state };
  Object.assign(state, change);
  if ('word' in change && change.word !== before.word && !('head' in change)) state.head = null;
  const changed = Object.keys(state).filter((k) => String(before[k]) !== String(state[k]));
  if (changed.length === 0) return;
  for (const { keys, listener } of listeners) {
    if (changed.some((k) => keys.has(k))) listener();
  }
  if (changed.some((k) => k !== 'hover')) writeAddress();
}

const word = () => DATA.words[state.word];

/** The chosen head as [layer, head], or null where the word has none. */
function chosenHead() {
  if (state.head) return state.head;
  const best = word()?.topHeads[0];
  return best ? [best.layer, best.head] : null;
}

/** What was kept about the chosen head position by position, if it was kept. */
function headData() {
  const head = chosenHead();
  return head ? word().topHeads.find((h) => h.layer === head[0] && h.head === head[1]) : undefined;
}

const kept = { key: '', maps: [], orders: new Map() };

/** All maps that can be shown, one entry for each id, with values by image. */
function mapChoices() {
  const key = `${state.word}|${chosenHead()}`;
  if (kept.key !== key) Object.assign(kept, { key, maps: makeMaps(), orders: new Map() });
  return kept.maps;
}

function makeMaps() {
  const choices = new Map();
  for (const map of word()?.maps ?? []) {
    if (!choices.has(map.id)) choices.set(map.id, { ...map, values: DATA.images.map(() => null) });
    choices.get(map.id).values[map.image] = map.values;
  }
  const head = headData();
  if (head && DATA.images.length > 0) {
    const name = headName(head.layer, head.head);
    const pick = (source) => positionOf.map((of) => of.map((p) => (p < 0 ? null : source[p])));
    choices.set('head', {
      id: 'head', title: `Head ${name}: increase`, unit: 'log probability', signed: true, values: pick(head.positionIncrease),
      caption: 'Log increase of each patch alone through the chosen head.',
    });
    choices.set('head-attention', {
      id: 'head-attention', title: `Head ${name}: attention`, unit: 'attention probability', signed: false, values: pick(head.attention),
      caption: 'Where the chosen head looks. Looking is not using: compare with its increase.',
    });
  }
  return [...choices.values()];
}

function currentMap() {
  const choices = mapChoices();
  return choices.find((m) => m.id === state.map) ?? choices[0];
}

/** Colour range of the map: its own, or that of all maps with its unit. */
function mapRange(map) {
  const group = state.shared ? mapChoices().filter((m) => m.unit === map.unit && m.signed === map.signed) : [map];
  return rangeOf(group.flatMap((m) => m.values.flatMap((v) => v ?? [])), map.signed);
}

/** Patches of the current map from strongest down, as positions. */
function strongest(map) {
  const known = kept.orders.get(map);
  if (known) return known;
  const all = [];
  map.values.forEach((values, image) => {
    values?.forEach((v, patch) => {
      if (v !== null) all.push({ v, image, patch, position: positionOf[image][patch] });
    });
  });
  all.sort((a, b) => b.v - a.v);
  kept.orders.set(map, all);
  return all;
}

/** The position that all views point at: under the pointer, else pinned, else the strongest patch. */
function focusPosition() {
  if (state.hover >= 0) return state.hover;
  if (state.pin >= 0) return state.pin;
  const map = currentMap();
  const best = map ? strongest(map)[0] : undefined;
  if (best) return best.position;
  return headData()?.positions[0]?.position ?? -1;
}

/** Chooses a head; where its positions were kept, the map follows. */
function chooseHead(head) {
  const found = word().topHeads.some((h) => h.layer === head[0] && h.head === head[1]);
  set(found && state.map !== 'head-attention' ? { head, map: 'head' } : { head });
}

function togglePin(position) {
  const pin = state.pin === position ? -1 : position;
  const image = TOKENS[position]?.image ?? -1;
  set(pin >= 0 && image >= 0 ? { pin, image } : { pin });
}

const dark = () => getComputedStyle(document.documentElement).colorScheme.trim() === 'dark' ||
  (document.documentElement.dataset.theme === undefined && matchMedia('(prefers-color-scheme: dark)').matches);
const colours = (signed) => (signed ? (dark() ? SCALES.divergingDark : SCALES.divergingLight) : SCALES.sequential);

// Over a picture zero is dark in both themes: the picture is the same picture.
const overlayColours = (signed) => (signed ? SCALES.divergingDark : SCALES.sequential);

let addressTimer = 0;
function writeAddress() {
  clearTimeout(addressTimer);
  addressTimer = setTimeout(() => {
    const parts = [`w=${state.word}`];
    if (state.map) parts.push(`map=${encodeURIComponent(state.map)}`);
    if (state.head) parts.push(`head=${state.head.join('.')}`);
    if (state.layer >= 0) parts.push(`layer=${state.layer}`);
    if (state.image) parts.push(`image=${state.image}`);
    parts.push(`o=${state.opacity}`);
    if (state.smooth) parts.push('smooth=1');
    if (state.marks) parts.push(`top=${state.marks}`);
    if (state.shared) parts.push('shared=1');
    if (state.even) parts.push('even=1');
    if (state.pin >= 0) parts.push(`pin=${state.pin}`);
    history.replaceState(null, '', '#' + parts.join('&'));
  }, 150);
}

/** The state that the address asks for; anything out of bounds is left at its default. */
function readAddress() {
  const asked = new URLSearchParams(location.hash.slice(1));
  const whole = (key, end) => {
    const v = asked.get(key);
    return v !== null && /^\d+$/.test(v) && Number(v) < end ? Number(v) : undefined;
  };
  const head = /^(\d+)\.(\d+)$/.exec(asked.get('head') ?? '');
  const fits = head && Number(head[1]) < DATA.prompt.layers && Number(head[2]) < DATA.prompt.heads;
  const opacity = Number(asked.get('o') ?? NaN);
  return {
    word: whole('w', DATA.words.length) ?? 0,
    map: asked.get('map') ?? '',
    head: fits ? [Number(head[1]), Number(head[2])] : null,
    layer: whole('layer', DATA.prompt.layers + 1) ?? -1,
    image: whole('image', DATA.images.length) ?? 0,
    opacity: opacity >= 0 && opacity <= 1 ? opacity : 0.7,
    smooth: asked.get('smooth') === '1',
    marks: whole('top', 101) ?? 0,
    shared: asked.get('shared') === '1',
    even: asked.get('even') === '1',
    pin: whole('pin', TOKENS.length) ?? -1,
  };
}
