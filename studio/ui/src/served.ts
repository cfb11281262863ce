// The explanation that the server gave, as the shared parts read it, and the selection of the page in its positions.

import { app } from './app';
import { Reading } from './draw/reading';
import { WHOLE, type Explanation, type Shot, type Source } from './draw/source';
import type { Result, ResultOf } from './api';

/** A picture of the question, and the part of it that the model saw as a view. */
export function shot(image = app.state.image, seen = app.seen(image)): Shot | undefined {
  const picture = app.picture(image);
  if (!picture) return undefined;
  const [left, top, width, height] = seen?.crop ?? [0, 0, 1, 1];
  return { address: app.address(picture.sha256), part: seen ? [left / seen.width, top / seen.height, width / seen.width, height / seen.height] : WHOLE };
}

/** Width by height of a picture of the question. */
export const ratio = (image = app.state.image): number => { const picture = app.picture(image); return picture ? picture.width / picture.height : 1; };

class Served implements Source {
  readonly explanation: Explanation;

  constructor(result: ResultOf<'explain'> & { kind: 'explanation' }) { this.explanation = result.value; }

  seen(view: number): Shot | undefined {
    const seen = app.views()[view];
    return seen && shot(seen.picture, seen);
  }
}

const readings = new WeakMap<Result, Reading>();

/** The explanation of the answer, where there is one. */
export function served(): Reading | undefined {
  const { result } = app.explain();
  if (result?.kind !== 'explanation') return undefined;
  let reading = readings.get(result);
  if (!reading) {
    reading = new Reading(new Served(result));
    readings.set(result, reading);
  }
  return reading;
}

/** The position of a patch, by its number among all; -1 where there is none. */
export function positionOf(patch: number): number {
  const view = app.views().find((one) => patch >= one.offset && patch < one.offset + one.rows * one.columns);
  return view ? served()?.positionOf[view.index]?.[patch - view.offset] ?? -1 : -1;
}

/** The number of the patch at a position; -1 for other positions. */
export function patchAt(position: number): number {
  const at = served()?.patch(position);
  return at ? app.views()[at.image].offset + at.patch : -1;
}

/** Takes what a shared part says of positions as the selection of the page. */
export const pointed = (event: Event): void => app.hovered(patchAt((event as CustomEvent<number>).detail));
export const pinned = (event: Event): void => {
  const patch = patchAt((event as CustomEvent<number>).detail);
  if (patch >= 0) app.set({ patch: app.state.patch === patch ? -1 : patch }, true);
};

