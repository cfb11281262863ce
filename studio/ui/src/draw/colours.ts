// Colours of numbers. The scales themselves come from the library; whoever starts a page says them once.

export type Rgb = [number, number, number];
export type Rgba = [number, number, number, number];

export interface Range { low: number; high: number }

/** How a map is laid on a picture: the rest hidden, colours over it, or colours over it in grey. */
export type Laid = 'light' | 'colour' | 'grey';

const tables = new Map<string, Rgb[]>();

/** Takes a scale: six hexadecimal digits a step. */
export function learn(name: string, digits: string): void {
  tables.set(name, (digits.match(/.{6}/g) ?? []).map((one) => [0, 2, 4].map((i) => parseInt(one.slice(i, i + 2), 16)) as Rgb));
}

/** How many scales are known: what was drawn with fewer is drawn again. */
export const known = (): number => tables.size;

const BLACK: Rgb = [0, 0, 0];
const step = (name: string, t: number): Rgb => { const table = tables.get(name); return table?.[Math.round((table.length - 1) * t)] ?? BLACK; };

export const isDark = (): boolean => getComputedStyle(document.documentElement).getPropertyValue('--is-dark').trim() === '1';

/** Whether there is a number. */
export const told = (v: number | null | undefined): v is number => v !== null && v !== undefined && Number.isFinite(v);

/** From zero, or on both sides of it, to the greatest value. */
export function rangeOf(values: Iterable<number | null>, signed: boolean): Range {
  let end = 0;
  for (const v of values) if (told(v)) end = Math.max(end, signed ? Math.abs(v) : v);
  return { low: signed ? -(end || 1) : 0, high: end || 1 };
}

const within = (v: number, { low, high }: Range): number => Math.min(1, Math.max(0, (v - low) / (high - low || 1)));

/** The colour of a number in a matrix. */
export const solid = (v: number, range: Range, signed: boolean): Rgb => step(signed ? (isDark() ? 'diverging-dark' : 'diverging-light') : 'sequential', within(v, range));

/** Part of the scale below which nothing is drawn: what the library's own pictures have. */
export const FAINT = 1 / 12;

/** How strong a value is on the scale, 0 to 1, and 0 for what is too weak to be drawn. */
export function strength(v: number | null | undefined, range: Range, signed: boolean): number {
  if (!told(v)) return 0;
  const part = Math.min(1, Math.max(0, signed ? Math.abs(v) / range.high : v / range.high));
  return part < FAINT ? 0 : part;
}

/** How opaque a colour is laid on the picture: not at all where there is nothing. */
const opacity = (part: number): number => Math.round(255 * part ** 0.75);

/** The paper that hides what a map does not point to. */
const veil = (): Rgb => (isDark() ? [17, 19, 20] : [251, 250, 246]);

/**
 * What is laid on a picture for a value, as red, green, blue and opacity, each 0 to 255. Colours are never dark, so that what
 * fades does not darken. A map drawn as light leaves the picture its own colours where it is strong and hides the rest.
 */
export function laid(v: number | null, range: Range, signed: boolean, how: Laid): Rgba {
  const part = strength(v, range, signed);
  const negative = (v ?? 0) < 0;
  if (how === 'light') return [...veil(), 255 - (negative ? 0 : opacity(part))];
  const rgb = signed ? step('diverging-dark', negative ? 0.25 - 0.25 * part : 0.75 + 0.25 * part) : step('sequential', 0.35 + 0.65 * part);
  return [...rgb, opacity(part)];
}

export const rgb = ([r, g, b]: Rgb): string => `rgb(${r} ${g} ${b})`;

/** Ink that can be read on a colour. */
export function inkOn(colour: Rgb): string {
  const linear = colour.map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] > 0.19 ? '#14171b' : '#ffffff';
}
