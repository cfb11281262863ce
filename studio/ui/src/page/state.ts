// What the page shows: one state, kept in the address so that a link shows the same.

import { rangeOf, type Laid, type Range } from '../draw/colours';
import { LEAST, NAMES } from '../draw/names';
import { headName, headOf, isPatch, Reading } from '../draw/reading';
import type { Explained, Head } from '../draw/source';
import { Embedded } from './embedded';

export const source = new Embedded((id) => document.getElementById(id)?.textContent ?? 'null');
export const reading = new Reading(source);
export const { explanation, tokens, views } = reading;

export const state = {
  word: 0,
  map: '',
  /** Layer and head; null: the best head of the word. */
  head: null as [number, number] | null,
  layer: -1,
  /** -1: the one with the strongest patch of the map. */
  image: -1,
  opacity: 0.7,
  smooth: false,
  /** How many of the strongest patches are outlined; -1: those of half of the scale or more. */
  marks: -1,
  /** Colours of this word's range, not one scale for the whole answer. */
  own: false,
  drawn: 'light' as Laid,
  /** The position that is kept. */
  pin: -1,
  /** The position under the pointer; not kept in the address. */
  hover: -1,
  /** Counts changes between dark and light. */
  theme: 0,
};

export type State = typeof state;
type Key = keyof State;

const pins = new Map<number, number>();
const listeners: { keys: Set<string>; listener: () => void }[] = [];

/** Calls `listener` after each change of one of `keys` (separated by spaces). */
export function on(keys: string, listener: () => void): void {
  listeners.push({ keys: new Set(keys.split(' ')), listener });
}

export function set(change: Partial<State>): void {
  const before = { ...state };
  Object.assign(state, change);
  // A pin belongs to its word: another word has its own, or none.
  if ('pin' in change) pins.set(state.word, state.pin);
  else if (state.word !== before.word) state.pin = pins.get(state.word) ?? -1;
  if ('word' in change && change.word !== before.word && !('head' in change)) state.head = null;
  const changed = (Object.keys(state) as Key[]).filter((key) => String(before[key]) !== String(state[key]));
  if (changed.length === 0) return;
  for (const { keys, listener } of listeners) if (changed.some((key) => keys.has(key))) listener();
  if (changed.some((key) => key !== 'hover' && key !== 'theme')) writeAddress();
}

export const word = (): Explained => explanation.words[state.word];

/** The chosen head as layer and head, or null where the word has none. */
export function chosenHead(): [number, number] | null {
  if (state.head) return state.head;
  const best = word()?.topHeads[0];
  return best ? [best.layer, best.head] : null;
}

/** What was kept about the chosen head position by position, if it was kept. */
export const headData = (): Head | undefined => headOf(word()?.topHeads, chosenHead());

/** A map of all views, by view. */
export interface PageMap { id: string; title: string; caption: string; unit: string; signed: boolean; values: ((number | null)[] | null)[] }

interface Place { v: number; image: number; patch: number; position: number }
const kept: { key: string; maps: PageMap[]; orders: Map<PageMap, Place[]> } = { key: '', maps: [], orders: new Map() };

/** All maps that can be shown, one entry for each id. */
export function mapChoices(): PageMap[] {
  const key = `${state.word}|${chosenHead()}`;
  if (kept.key !== key) Object.assign(kept, { key, maps: makeMaps(), orders: new Map() });
  return kept.maps;
}

function makeMaps(): PageMap[] {
  const choices = new Map<string, PageMap>();
  for (const map of word()?.maps ?? []) {
    const one = choices.get(map.id) ?? { ...map, values: views.map(() => null) };
    one.values[map.image] = map.values;
    choices.set(map.id, one);
  }
  const head = headData();
  if (head && views.length > 0) {
    const name = headName(head.layer, head.head);
    const pick = (of: (number | null)[]): (number | null)[][] => reading.positionOf.map((positions) => positions.map((p) => (p < 0 ? null : of[p])));
    choices.set('head', { id: 'head', title: `Head ${name}: increase`, unit: NAMES.nats, signed: true, values: pick(head.positionIncrease), caption: 'Log increase of each patch alone through the chosen head.' });
    choices.set('head-attention', { id: 'head-attention', title: `Head ${name}: attention`, unit: NAMES.attention, signed: false, values: pick(head.attention), caption: 'Where the chosen head looks. Looking is not using: compare with its increase.' });
  }
  return [...choices.values()];
}

export function currentMap(): PageMap | undefined {
  const choices = mapChoices();
  return choices.find((map) => map.id === state.map) ?? choices[0];
}

const scales = new Map<string, Range>();

/** Colour range of a map: one for the whole answer, so that what is weak looks weak, or its own. */
export function mapRange(map: PageMap): Range {
  if (state.own || map.id.startsWith('head')) return rangeOf(map.values.flatMap((values) => values ?? []), map.signed);
  let range = scales.get(map.id);
  if (!range) {
    range = rangeOf(explanation.words.flatMap((one) => one.maps).filter((one) => one.id === map.id).flatMap((one) => one.values), map.signed);
    scales.set(map.id, range);
  }
  return range;
}

/** What a map that is next to nothing brings altogether; undefined where it is to be drawn. */
export function nothingOf(map: PageMap): number | undefined {
  if (map.unit !== NAMES.nats) return undefined;
  const all = map.values.flatMap((values) => values ?? []).reduce<number>((sum, v) => sum + Math.abs(v ?? 0), 0);
  return all < LEAST ? all : undefined;
}

/** Patches of a map from strongest down. */
export function strongest(map: PageMap): Place[] {
  const known = kept.orders.get(map);
  if (known) return known;
  const all: Place[] = [];
  map.values.forEach((values, image) => values?.forEach((v, patch) => { if (v !== null) all.push({ v, image, patch, position: reading.positionOf[image][patch] }); }));
  all.sort((a, b) => b.v - a.v);
  kept.orders.set(map, all);
  return all;
}

/** The view that is shown: the chosen one, else the one that the map points to. */
export function shownImage(): number {
  if (state.image >= 0) return state.image;
  const map = currentMap();
  return (map && strongest(map)[0]?.image) ?? 0;
}

/** The position that all views point at: under the pointer, else pinned, else the strongest patch. */
export function focusPosition(): number {
  if (state.hover >= 0) return state.hover;
  if (state.pin >= 0) return state.pin;
  const map = currentMap();
  const best = map ? strongest(map)[0] : undefined;
  return best ? best.position : headData()?.positions[0]?.position ?? -1;
}

/** The value of the current map at a position. */
export function valueAt(position: number): number | null | undefined {
  const token = tokens[position];
  return isPatch(token) ? currentMap()?.values[token.image]?.[token.patch] : undefined;
}

/** Chooses a head; where its positions were kept, the map follows. */
export function chooseHead(head: [number, number]): void {
  set(headOf(word().topHeads, head) && state.map !== 'head-attention' ? { head, map: 'head' } : { head });
}

export function togglePin(position: number): void {
  const pin = state.pin === position ? -1 : position;
  const image = tokens[position]?.image ?? -1;
  set(pin >= 0 && image >= 0 ? { pin, image } : { pin });
}

let addressTimer = 0;
function writeAddress(): void {
  clearTimeout(addressTimer);
  addressTimer = window.setTimeout(() => {
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
    history.replaceState(null, '', `#${parts.join('&')}`);
  }, 150);
}

/** The state that the address asks for; anything out of bounds is left at its default. */
export function readAddress(): Partial<State> {
  const asked = new URLSearchParams(location.hash.slice(1));
  const whole = (key: string, end: number): number | undefined => {
    const v = asked.get(key);
    return v !== null && /^\d+$/.test(v) && Number(v) < end ? Number(v) : undefined;
  };
  const { layers, heads } = explanation.prompt;
  const head = /^(\d+)\.(\d+)$/.exec(asked.get('head') ?? '');
  const opacity = Number(asked.get('o') ?? NaN);
  const as = asked.get('as');
  return {
    word: whole('w', explanation.words.length) ?? 0,
    map: asked.get('map') ?? '',
    head: head && Number(head[1]) < layers && Number(head[2]) < heads ? [Number(head[1]), Number(head[2])] : null,
    layer: whole('layer', layers + 1) ?? -1,
    image: whole('image', views.length) ?? -1,
    opacity: opacity >= 0 && opacity <= 1 ? opacity : 0.7,
    smooth: asked.get('smooth') === '1',
    marks: whole('top', 101) ?? -1,
    own: asked.get('own') === '1',
    drawn: as === 'colour' || as === 'grey' ? as : 'light',
    pin: whole('pin', tokens.length) ?? -1,
  };
}
