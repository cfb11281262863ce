// Colours of numbers: the scales of the pages that `explain` writes, drawn the same way.

import { app } from './app';

type Rgb = [number, number, number];
const tables = new Map<string, Rgb[]>();

function table(name: string): Rgb[] {
  let known = tables.get(name);
  if (!known) {
    const digits = app.scales.find((scale) => scale.name === name)?.colours ?? '';
    known = (digits.match(/.{6}/g) ?? ['000000']).map((one) => [0, 2, 4].map((i) => parseInt(one.slice(i, i + 2), 16)) as Rgb);
    if (digits) tables.set(name, known);
  }
  return known;
}

export const isDark = (): boolean => getComputedStyle(document.documentElement).getPropertyValue('--is-dark').trim() === '1';

export interface Range { low: number; high: number }

/** From zero, or on both sides of it, to the greatest value. */
export function rangeOf(values: (number | null)[], signed: boolean): Range {
  const end = values.reduce<number>((most, v) => (v === null || !Number.isFinite(v) ? most : Math.max(most, signed ? Math.abs(v) : v)), 0) || 1;
  return { low: signed ? -end : 0, high: end };
}

/** The colour of a number in a matrix. */
export function solid(v: number, range: Range, signed: boolean): Rgb {
  const t = Math.min(1, Math.max(0, (v - range.low) / (range.high - range.low || 1)));
  const scale = table(signed ? (isDark() ? 'diverging-dark' : 'diverging-light') : 'sequential');
  return scale[Math.round((scale.length - 1) * t)];
}

const FAINT = 0.04;

function strength(v: number | null, range: Range, signed: boolean): number {
  if (v === null || !Number.isFinite(v)) return 0;
  const part = Math.min(1, Math.max(0, signed ? Math.abs(v) / range.high : v / range.high));
  return part < FAINT ? 0 : part;
}

const drawn = new WeakMap<HTMLCanvasElement, { values: (number | null)[]; key: string }>();

/** Draws a map over a picture: transparent where there is nothing, never dark. What is there already is not drawn again. */
export function overlay(canvas: HTMLCanvasElement, values: (number | null)[], rows: number, columns: number, range: Range, signed: boolean, smooth: boolean): void {
  const key = [rows, columns, range.low, range.high, signed, smooth, app.scales.length].join(' ');
  const before = drawn.get(canvas);
  if (before?.values === values && before.key === key) return;
  drawn.set(canvas, { values, key });
  const side = smooth ? Math.max(1, Math.min(24, Math.floor(480 / Math.max(rows, columns)))) : 1;
  canvas.width = columns * side;
  canvas.height = rows * side;
  const context = canvas.getContext('2d');
  if (!context) return;
  const image = context.createImageData(canvas.width, canvas.height);
  const scale = table(signed ? 'diverging-dark' : 'sequential');
  const at = (r: number, c: number): number => values[Math.min(rows - 1, Math.max(0, r)) * columns + Math.min(columns - 1, Math.max(0, c))] ?? 0;
  for (let y = 0; y < canvas.height; y++) {
    const row = (y + 0.5) / side - 0.5;
    const r = Math.floor(row);
    for (let x = 0; x < canvas.width; x++) {
      let v: number | null;
      if (smooth) {
        const column = (x + 0.5) / side - 0.5;
        const c = Math.floor(column);
        const right = column - c;
        const upper = at(r, c) + right * (at(r, c + 1) - at(r, c));
        const lower = at(r + 1, c) + right * (at(r + 1, c + 1) - at(r + 1, c));
        v = upper + (row - r) * (lower - upper);
      } else {
        v = values[y * columns + x];
      }
      const part = strength(v, range, signed);
      const t = signed ? ((v ?? 0) < 0 ? 0.25 - 0.25 * part : 0.75 + 0.25 * part) : 0.35 + 0.65 * part;
      const rgb = scale[Math.round(255 * t)] ?? [0, 0, 0];
      image.data.set([rgb[0], rgb[1], rgb[2], Math.round(255 * part ** 0.75)], 4 * (y * canvas.width + x));
    }
  }
  context.putImageData(image, 0, 0);
}

/** A bar with the colours of a scale. */
export function legend(canvas: HTMLCanvasElement, signed: boolean): void {
  canvas.width = 256;
  canvas.height = 1;
  const context = canvas.getContext('2d');
  if (!context) return;
  const image = context.createImageData(256, 1);
  for (let x = 0; x < 256; x++) image.data.set([...solid(x, { low: 0, high: 255 }, signed), 255], 4 * x);
  context.putImageData(image, 0, 0);
}
