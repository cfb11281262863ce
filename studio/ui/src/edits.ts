// Pictures that are changed: the server does what the address says, once, and keeps what comes of it.

import { app, told } from './app';
import type { Question } from './openapi';
import { server, type Edited, type Problem, type Request } from './api';

/** A part of a picture, as the library has it: a box in pixels, or lengths of runs of pixels outside and inside, row by row. */
export interface Box { region: 'box'; x0: number; y0: number; x1: number; y1: number }
export interface Mask { region: 'mask'; width: number; height: number; runs: number[] }
export type Area = Box | Mask;

/** An operation of the library, as data. */
export type Operation =
  | { op: 'crop'; box: Box; margin: number }
  | { op: 'fill'; region: Area; colour: string; alpha: number }
  | { op: 'outline'; shape: string; region: Area; colour: string; stroke: number; alpha: number; grow: number; side: string; seed: number }
  | { op: 'blur-inside' | 'blur-outside'; region: Area; sigma: number }
  | { op: 'grey-outside'; region: Area }
  | { op: 'dim-outside'; region: Area; factor: number };

/** How often the same change is made elsewhere, for comparison. */
export const CONTROLS = 3;

export interface Made { edited?: Edited; problem?: Problem }
const made = new Map<string, Made>();

/** The operations that the address holds. */
export function chain(): Operation[] {
  if (!app.state.edit || app.state.edit.startsWith(SWAP)) return [];
  try {
    const all = JSON.parse(app.state.edit) as unknown;
    return Array.isArray(all) ? (all as Operation[]).filter((one) => typeof one?.op === 'string') : [];
  } catch {
    return [];
  }
}

const SWAP = 'swap:';

/** The picture that takes the place of the one that is looked at; empty where none does. */
export const swapped = (): string => (app.state.edit.startsWith(SWAP) ? app.state.edit.slice(SWAP.length) : '');

export const swap = (sum: string): void => app.set({ edit: `${SWAP}${sum}` });

/** Another operation; what cuts comes last, since regions are drawn on the whole picture. */
export function add(operation: Operation): void {
  const all = [...chain().filter((one) => one.op !== 'crop' || operation.op !== 'crop'), operation];
  app.set({ edit: JSON.stringify([...all.filter((one) => one.op !== 'crop'), ...all.filter((one) => one.op === 'crop')]) });
}

export const take = (number: number): void => {
  const rest = chain().filter((_, i) => i !== number);
  app.set({ edit: rest.length ? JSON.stringify(rest) : '' });
};

/** What came of the change that the address holds; asked for where it is not known. */
export function changed(): Made | undefined {
  const sum = app.sums()[app.state.image];
  if (!sum || !app.state.edit || app.offline) return undefined;
  const key = `${sum} ${app.state.edit}`;
  let known = made.get(key);
  if (!known) {
    known = {};
    made.set(key, known);
    void fill(known, sum);
  }
  return known;
}

async function fill(into: Made, sum: string): Promise<void> {
  try {
    into.edited = swapped()
      ? { picture: await server.picture(swapped()), controls: [], notes: ['Another picture has no other place to be at: swap in several, and compare.'] }
      : await server.edit(sum, chain(), CONTROLS);
    for (const picture of [into.edited.picture, ...into.edited.controls]) app.pictures.set(picture.sha256, picture);
  } catch (refused) {
    into.problem = told(refused);
  }
  app.changed();
}

const about = (sum: string): Question => ({
  ...app.question(''),
  pictures: app.sums().map((one, i) => ({ kind: 'stored', sha256: i === app.state.image ? sum : one })),
});

/** What is answered about another picture. */
export const askedAbout = (sum: string): Request<'ask'> => ({ request: 'ask', question: about(sum) });

/** How probable the words of the first answer are about another picture. */
export const judgedAbout = (sum: string): Request<'evidence'> => ({ request: 'evidence', question: about(sum), answer: app.ask().result?.value.answer ?? '', map: 'none' });

const corners = (region: Area): string => (region.region === 'box' ? `${Math.round(region.x0)},${Math.round(region.y0)} to ${Math.round(region.x1)},${Math.round(region.y1)}` : 'what was marked');

/** An operation in words. */
export function said(one: Operation): string {
  switch (one.op) {
    case 'crop': return `cut to ${corners(one.box)}`;
    case 'fill': return `painted ${one.colour}: ${corners(one.region)}`;
    case 'outline': return `a ${one.colour} ${one.shape.toLowerCase()} at ${corners(one.region)}`;
    case 'blur-inside': return `blurred: ${corners(one.region)}`;
    case 'blur-outside': return `blurred but ${corners(one.region)}`;
    case 'grey-outside': return `no colours but in ${corners(one.region)}`;
    case 'dim-outside': return `darkened but ${corners(one.region)}`;
  }
}
