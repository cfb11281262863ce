// Numbers and tokens as readers see them.

import { told } from './colours';

const MINUS = '\u2212';

/** A number: three decimals, a real minus sign, and no sign on what rounds to nothing. */
export function decimal(v: number | null | undefined, signed = false): string {
  if (!told(v)) return '\u2013';
  const size = Math.abs(v);
  if (size < 0.0005) return '0.000';
  const text = size >= 100 ? size.toFixed(1) : size.toFixed(3);
  return v < 0 ? MINUS + text : signed ? `+${text}` : text;
}

/** A probability or a share as a percentage. */
export function percent(p: number | null | undefined): string {
  if (!told(p)) return '\u2013';
  const v = 100 * p;
  if (v < 0.1) return v > 0 ? 'under 0.1\u202f%' : '0\u202f%';
  if (v >= 99.95) return '100\u202f%';
  return `${v > 99 || v < 10 ? v.toFixed(1) : v.toFixed(0)}\u202f%`;
}

/** Token text with what cannot be seen made visible, and without marks that turn the text around them. */
export function visible(text: string): string {
  const shown = text.replace(/\u2581/g, ' ').replace(/[\u202a-\u202e\u2066-\u2069]/g, '\ufffd').replace(/[\u2028\u2029]/g, '\u21b5')
    // eslint-disable-next-line no-control-regex
    .replace(/[\0-\x08\x0b\x0c\x0e-\x1f]/g, (c) => String.fromCharCode(0x2400 + c.charCodeAt(0)))
    .replace(/\r/g, '\u240d').replace(/\n/g, '\u21b5').replace(/\t/g, '\u21e5');
  const trimmed = shown.trim();
  if (trimmed !== '') return trimmed;
  return shown === '' ? '\u2205' : '\u2423'.repeat(Math.min(shown.length, 4));
}
