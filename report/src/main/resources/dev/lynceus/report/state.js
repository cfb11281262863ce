// What is shown: one state, kept in the address so that a link shows the same.

const state = {
  word: 0,
  map: '',
  head: null, // [layer, head]; null: the best head of the word
  layer: -1,
  image: -1, // -1: the one with the strongest patch of the map
  opacity: 0.7,
  smooth: false,
  marks: -1, // how many of the strongest patches are outlined; -1: those of half of the scale or more
  own: false, // colours of this word's range, not one scale for the whole answer
  drawn: 'light', // how a map is laid on the picture: light, colour, or colour on grey
  pin: -1, // pinned position
  hover: -1, // position under the pointer; not kept in the address
};

const pins = new Map();
const listeners = [];
const themeListeners = []; // called when dark turns light or back

/** Calls `listener` after each change of one of `keys` (separated by spaces). */
function on(keys, listener) {
  listeners.push({ keys: new Set(keys.split(' ')), listener });
}

function set(change) {
  const before = { ...state };
  Object.assign(state, change);
  // A pin belongs to its word: another word has its own, or none.
  if ('pin' in change) pins.set(state.word, state.pin);
  else if (state.word !== before.word) state.pin = pins.get(state.word) ?? -1;
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
      id: 'head', title: `Head ${name}: increase`, unit: WORDS.nats, signed: true, values: pick(head.positionIncrease),
      caption: 'Log increase of each patch alone through the chosen head.',
    });
    choices.set('head-attention', {
      id: 'head-attention', title: `Head ${name}: attention`, unit: WORDS.attention, signed: false, values: pick(head.attention),
      caption: 'Where the chosen head looks. Looking is not using: compare with its increase.',
    });
  }
  return [...choices.values()];
}

function currentMap() {
  const choices = mapChoices();
  return choices.find((m) => m.id === state.map) ?? choices[0];
}

const scales = new Map();

/** Colour range of a map: one for the whole answer, so that what is weak looks weak, or its own. */
function mapRange(map) {
  const values = (maps) => maps.flatMap((m) => m.values.flatMap((v) => v ?? []));
  if (state.own || map.id.startsWith('head')) return rangeOf(values([map]), map.signed);
  if (!scales.has(map.id)) {
    const all = DATA.words.flatMap((w) => w.maps).filter((m) => m.id === map.id).flatMap((m) => m.values);
    scales.set(map.id, rangeOf(all, map.signed));
  }
  return scales.get(map.id);
}

/** What a map that is next to nothing brings altogether; undefined where it is to be drawn. */
function nothing(map) {
  if (map.unit !== WORDS.nats) return undefined;
  const all = sum(map.values.flatMap((v) => v ?? []).map(Math.abs));
  return all < WORDS.least ? all : undefined;
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

/** The picture that is shown: the chosen one, else the one that the map points to. */
function shownImage() {
  if (state.image >= 0) return state.image;
  const map = currentMap();
  return (map && strongest(map)[0]?.image) ?? 0;
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

let addressTimer = 0;
function writeAddress() {
  clearTimeout(addressTimer);
  addressTimer = setTimeout(() => {
    const parts = [`w=${state.word}`];
    if (state.map) parts.push(`map=${encodeURIComponent(state.map)}`);
    if (state.head) parts.push(`head=${state.head.join('.')}`);
    if (state.layer >= 0) parts.push(`layer=${state.layer}`);
    if (state.image >= 0) parts.push(`image=${state.image}`);
    parts.push(`o=${state.opacity}`);
    if (state.smooth) parts.push('smooth=1');
    if (state.marks >= 0) parts.push(`top=${state.marks}`);
    if (state.own) parts.push('own=1');
    if (state.drawn !== 'light') parts.push(`as=${state.drawn}`);
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
    image: whole('image', DATA.images.length) ?? -1,
    opacity: opacity >= 0 && opacity <= 1 ? opacity : 0.7,
    smooth: asked.get('smooth') === '1',
    marks: whole('top', 101) ?? -1,
    own: asked.get('own') === '1',
    drawn: ['colour', 'grey'].includes(asked.get('as')) ? asked.get('as') : 'light',
    pin: whole('pin', TOKENS.length) ?? -1,
  };
}
