// Which map lies over the picture: each view says what it means by the selection.

import { app, type Seen } from './app';
import { rivalMaps } from './rivals';
import { number, percent } from './text';
import { rangeOf, type Range } from './draw/colours';
import { depthName } from './draw/reading';
import type { Request, ResultOf } from './api';
import type { AttentionResultHeadMap, CausalMap, ExplanationPatchMap, JobCell, MeasureWord, Measures } from './openapi';

export interface PictureMap {
  title: string;
  caption: string;
  unit: string;
  signed: boolean;
  rows: number;
  columns: number;
  values: (number | null)[];
  range: Range;
  told: (v: number | null) => string;
  /** An end of the scale. */
  end: (v: number) => string;
}

export function map(title: string, caption: string, unit: string, signed: boolean, view: { rows: number; columns: number }, values: (number | null)[], range?: Range): PictureMap {
  const share = unit === 'share' || unit === 'probability';
  return {
    title, caption, unit, signed, rows: view.rows, columns: view.columns, values, range: range ?? rangeOf(values, signed),
    told: (v) => (unit === 'points' ? `${(Math.abs(v ?? 0) < 0.05 ? 0 : (v ?? 0)).toFixed(1)} percentage points` : share ? (v === null ? 'no number' : percent(v)) : `${number(v)}${unit ? ` ${unit}` : ''}`),
    end: (v) => (unit === 'points' ? `${v.toFixed(0).replace('-', '−')} points` : share ? percent(v) : `${number(v)}${v === 0 || !['nats', 'nats above'].includes(unit) ? '' : ' nats'}`),
  };
}

/** All maps of the chosen word: those of every explanation, then further methods that were asked for. Maps of several pictures share a scale. */
export function patchMaps(view: Seen | undefined = app.seen()): { id: string; map: PictureMap }[] {
  const word = app.explained();
  if (!view || !word) return [];
  const all = [...word.maps];
  if (app.state.method && !all.some((one) => one.id === app.state.method)) {
    const result = app.peek(methodRequest(app.state.method))?.result;
    const more = result?.kind === 'explanation' ? result.value.words.find((one) => one.row === word.row)?.maps ?? [] : [];
    all.push(...more.filter((one) => one.id === app.state.method));
  }
  const range = (which: (one: ExplanationPatchMap) => boolean, signed: boolean): Range => rangeOf(all.filter(which).flatMap((one) => one.values), signed);
  return all.filter((one) => one.image === view.index).map((raw) => {
    const { high } = app.state.shared
      ? { high: Math.max(...all.filter((one) => one.unit === raw.unit).map((one) => rangeOf(one.values, one.signed).high)) }
      : range((one) => one.id === raw.id, raw.signed);
    return { id: raw.id, map: map(raw.title, raw.caption, raw.unit, raw.signed, view, raw.values, { low: raw.signed ? -high : 0, high }) };
  });
}

export const methodRequest = (method: string): Request<'explain'> => ({ request: 'explain', target: { kind: 'word', word: app.word()?.text ?? '' }, methods: [method] });

export const headRequest = (head: string): Request<'attention'> => ({ request: 'attention', target: app.word()?.text ?? null, named: [head], heads: 6 });
export const attentionRequest = (): Request<'attention'> => ({ request: 'attention', target: app.word()?.text ?? null, named: [], heads: 12 });

/** The chosen word, as sweeps measure it. */
export const measured = (): MeasureWord => ({ kind: 'word', word: app.word()?.text ?? null, place: 'answer', against: null });
export const whyRequest = (head: string): Request<'attention'> => ({ request: 'attention', target: app.word()?.text ?? null, named: [head], heads: 1, why: `${head}@most` });
export const ablateRequest = (): Request<'ablate'> => ({ request: 'ablate', measure: measured(), site: 'head', stack: app.state.stack });
export const looksRequest = (): Request<'looks'> => ({ request: 'looks', stack: app.state.stack });
export const silenceRequest = (heads: string[]): Request<'silence'> => ({ request: 'silence', measure: measured(), stack: app.state.stack, heads });

/** Where a head looks when the word is predicted. */
export function headMap(view: Seen | undefined = app.seen()): PictureMap | undefined {
  const { head } = app.state;
  if (!head || !app.word()) return undefined;
  const gallery = app.peek(attentionRequest())?.result;
  const here = (result: ResultOf<'attention'> | undefined): AttentionResultHeadMap | undefined => (result?.kind === 'attention-result' ? result.value.heads.find((one) => `${one.head.layer}.${one.head.head}` === head) : undefined);
  const from = here(gallery) ? gallery : (app.offline ? app.peek(headRequest(head)) : app.need(headRequest(head)))?.result;
  const found = here(from);
  const index = view?.index ?? 0;
  const seen = from?.value.views[index];
  if (!found || !seen) return undefined;
  return map(`Head ${head}`, `Where head ${head} looks when “${app.word()?.text}” is predicted; ${percent(found.mass)} of its attention is on the ${app.sums().length > 1 ? 'pictures' : 'picture'}.`, 'share', false, seen, found.maps[index], rangeOf(found.maps.flat(), false));
}

/** Ways to corrupt a picture. */
export const CORRUPTIONS: ['noise' | 'mean' | 'zero' | 'blur', string][] = [['noise', 'Noise'], ['mean', 'Mean'], ['zero', 'Zero'], ['blur', 'Blur']];

export const corruption = (): (typeof CORRUPTIONS)[number][0] => CORRUPTIONS.find(([kind]) => kind === app.state.by)?.[0] ?? 'noise';

export const traceRequest = (): Request<'trace'> => ({ request: 'trace', measure: measured(), corruption: { by: { kind: corruption() } } });

export type Metric = 'probability' | 'logProbability' | 'logitDifference';
export const METRICS: [Metric, string][] = [['probability', 'Probability'], ['logProbability', 'Log probability'], ['logitDifference', 'Logit difference']];

export const metric = (): Metric => METRICS.find(([name]) => name === app.state.metric)?.[0] ?? 'probability';

/** What a cell of a causal map says. */
export const cellValue = (cell: Measures | JobCell | undefined): number | null => cell?.[metric()] ?? null;

const grids = new WeakMap<object, Map<string, { values: (number | null)[][]; range: Range }>>();

/** The numbers of a causal map by the chosen metric; made once, a map may have a hundred thousand cells. */
export function cellGrid(map: CausalMap): { values: (number | null)[][]; range: Range } {
  const known = grids.get(map) ?? new Map();
  grids.set(map, known);
  let grid = known.get(app.state.metric);
  if (!grid) {
    const values = map.cells.map((line) => line.map(cellValue));
    const base = cellValue(map.base) ?? 0;
    let most = 0;
    for (const line of values) for (const v of line) if (v !== null && Math.abs(v - base) > most) most = Math.abs(v - base);
    grid = { values, range: { low: -(most || 1), high: most || 1 } };
    known.set(app.state.metric, grid);
  }
  return grid;
}

/** The traced values of a row of states, on the patches. */
function traceMap(view: Seen | undefined): PictureMap | undefined {
  const traced = app.peek(traceRequest())?.result?.value.maps[0];
  if (!view || !traced || app.state.layer < 0 || !traced.rows[app.state.layer]) return undefined;
  const base = cellValue(traced.base) ?? 0;
  const points = app.state.metric === 'probability';
  const scale = points ? 100 : 1;
  const values: (number | null)[] = new Array(view.rows * view.columns).fill(null);
  let any = false;
  const grid = cellGrid(traced);
  traced.columns.forEach((label, i) => {
    const at = app.patchOf(label) - view.offset;
    const v = grid.values[app.state.layer][i];
    if (at >= 0 && at < values.length && v !== null) { values[at] = scale * (v - base); any = true; }
  });
  if (!any) return undefined;
  const name = /^\d+$/.test(traced.rows[app.state.layer]) ? `layer ${traced.rows[app.state.layer]}` : `the ${traced.rows[app.state.layer]}`;
  return map(`After ${name}`, `How far putting back each patch after ${name} brings “${app.word()?.text}” back, above the corrupted run.`, points ? 'points' : 'nats', true, view, values, { low: scale * grid.range.low, high: scale * grid.range.high });
}

export const lensRequest = (): Request<'lens'> => ({ request: 'lens', positions: ['image'], top: 5 });

/** Where the searched word is read at the chosen layer. */
function wordsMap(view: Seen | undefined): PictureMap | undefined {
  const search = app.state.search.trim().toLowerCase();
  const grid = app.peek(lensRequest())?.result?.value;
  if (!search || !grid || !view) return undefined;
  const values = new Array(view.rows * view.columns).fill(0);
  for (const row of grid.rows) {
    const at = app.patchOf(row.label) - view.offset;
    if (at < 0 || at >= values.length) continue;
    const layers = app.state.layer >= 0 && app.state.layer < row.layers.length ? [row.layers[app.state.layer]] : row.layers;
    values[at] = Math.max(0, ...layers.map((words) => words.find((one) => one.text.trim().toLowerCase() === search)?.score ?? 0));
  }
  return map(`“${search}”`, `The probability that the lens reads “${search}” from each patch${app.state.layer >= 0 ? `, ${depthName(app.state.layer)}` : ', at its best depth'}; 0 where it is not among the first five.`, 'probability', false, view, values);
}

/** What a word of something absent was borrowed from. */
function whoseMap(view: Seen | undefined): PictureMap | undefined {
  const found = app.state.question ? app.evidence().result?.value.whose : undefined;
  if (!view || !found || view.index !== found.view || app.word()?.position !== found.position || found.maps[found.view]?.length !== view.rows * view.columns) return undefined;
  return map(`What “${found.word}” rests on`, `What each patch brings to “${found.word}”, by ${found.method}${found.owner ? `; its strongest part lies on the ${found.owner}` : ''}.`, '', found.maps[found.view].some((v) => v !== null && v < 0), view, found.maps[found.view]);
}

/** The map of the view that is open. */
export function currentMap(view: Seen | undefined = app.seen()): PictureMap | undefined {
  switch (app.state.view) {
    case 'patches': {
      const all = patchMaps(view);
      return (all.find((one) => one.id === app.state.method) ?? all[0])?.map;
    }
    case 'heads':
    case 'attention':
      return headMap(view);
    case 'words':
      return wordsMap(view);
    case 'trace':
      return traceMap(view);
    case 'ask':
      return whoseMap(view);
    case 'compare':
      return view === app.seen() ? rivalMaps().own?.map : undefined;
    case 'causes':
      return headMap(view);
    default:
      return undefined;
  }
}

/** Hides each picture whole, in turn. */
export const hiddenRequest = (): Request<'occlude'> => ({ request: 'occlude', measure: measured(), parts: { kind: 'squares', side: 10_000 } });
