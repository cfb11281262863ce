// Two maps of one word against each other: of two methods, or of two models.

import { app } from './app';
import { map, patchMaps, type PictureMap } from './maps';
import { rangeOf } from './draw/colours';
import type { Entry } from './app';
import type { Request } from './api';
import type { Comparison } from './openapi';

/** Methods that are quick enough to be compared at once, two of which know nothing of the model. */
export const QUICK = ['log-increase', 'top-heads', 'seeing-heads', 'average-attention', 'sink-free-attention', 'rollout', 'relevancy', 'grad-cam', 'input-x-gradient', 'saliency', 'integrated-gradients', 'occlusion', 'centre', 'random'];

export const compareRequest = (): Request<'compare'> => ({
  request: 'compare', target: { kind: 'word', word: app.word()?.text ?? '' }, methods: QUICK.filter((name) => app.offline || app.methods.some((method) => method.name === name)), steps: 16, noises: 0,
});

/** The comparison, where there is one. */
export const compared = (): Comparison | undefined => (app.word() ? app.peek(compareRequest())?.result?.value : undefined);

export const title = (name: string): string => app.methods.find((method) => method.name === name)?.title ?? name.replaceAll('-', ' ');

export interface Rival { id: string; map: PictureMap }

/** Every map that is known of the word. */
export function allMaps(): Rival[] {
  const all: Rival[] = patchMaps();
  const view = app.seen();
  const found = compared();
  if (!view || view.index !== 0 || !found || found.rows * found.columns !== view.rows * view.columns) return all;
  for (const one of found.methods) {
    if (all.some((known) => known.id === one.method)) continue;
    const signed = one.map.some((v) => v !== null && v < 0);
    all.push({ id: one.method, map: map(title(one.method), `${title(one.method)}: ${one.what}.`, '', signed, view, one.map) });
  }
  return all;
}

/** The same method on another model. */
export const otherModelRequest = (model: string, method: string): Request<'explain'> => ({
  request: 'explain', model: { name: model }, target: { kind: 'word', word: app.word()?.text ?? '' }, methods: [method],
});

/** The two, as far as they are known, and their difference. */
export function rivalMaps(): { own?: Rival; other?: Rival; difference?: PictureMap; entry?: Entry } {
  const all = allMaps();
  const view = app.seen();
  const own = all.find((one) => one.id === app.state.method) ?? all[0];
  if (!own || !view) return {};
  let other: Rival | undefined;
  let entry: Entry | undefined;
  const { rival } = app.state;
  if (rival.startsWith('model:')) {
    const name = rival.slice(6);
    const asked = app.need(otherModelRequest(name, own.id));
    entry = asked;
    const words = asked.result?.kind === 'explanation' ? asked.result.value.words : [];
    const raw = words.flatMap((word) => word.maps).find((one) => one.id === own.id && one.image === view.index);
    if (raw && raw.values.length === view.rows * view.columns) other = { id: rival, map: map(`${raw.title}, ${name}`, raw.caption, raw.unit, raw.signed, view, raw.values) };
  } else {
    other = all.find((one) => one.id === rival) ?? all.find((one) => one.id !== own.id);
  }
  return { own, other, entry, difference: other && between(own.map, other.map) };
}

/** Of one unit in that unit; else of shares of the strongest patch of each. */
function between(own: PictureMap, other: PictureMap): PictureMap {
  const same = own.unit === other.unit && own.unit !== '';
  const share = (one: PictureMap, i: number): number => (one.values[i] ?? 0) / (same ? 1 : one.range.high || 1);
  const values = own.values.map((_, i) => share(own, i) - share(other, i));
  return {
    title: 'Difference', unit: same ? own.unit : '', signed: true, rows: own.rows, columns: own.columns, values, range: rangeOf(values, true),
    caption: same ? 'The first less the second.' : 'The first less the second, each as a part of its strongest patch: their units differ.', told: own.told, end: same ? own.end : (v) => v.toFixed(2).replace('-', '\u2212'),
  };
}
