// A map of patches on a canvas.

import { isDark, known, laid, solid, type Laid, type Range } from './colours';

/** Numbers in rows and columns, row by row. */
export interface Grid { rows: number; columns: number; values: (number | null)[] }

const drawn = new WeakMap<HTMLCanvasElement, { values: (number | null)[]; key: string }>();

/** The value between patch centres, at a row and a column that need not be whole. */
function between({ rows, columns, values }: Grid, row: number, column: number): number {
  const at = (r: number, c: number): number => values[Math.min(rows - 1, Math.max(0, r)) * columns + Math.min(columns - 1, Math.max(0, c))] ?? 0;
  const [r, c] = [Math.floor(row), Math.floor(column)];
  const right = column - c;
  const upper = at(r, c) + right * (at(r, c + 1) - at(r, c));
  const lower = at(r + 1, c) + right * (at(r + 1, c + 1) - at(r + 1, c));
  return upper + (row - r) * (lower - upper);
}

/**
 * Draws a map over a picture: transparent where there is nothing. Each patch is flat, or values lie linearly between patch centres.
 * What is there already is not drawn again.
 */
export function paint(canvas: HTMLCanvasElement, grid: Grid, range: Range, signed: boolean, smooth: boolean, how: Laid = 'colour'): void {
  const { rows, columns, values } = grid;
  const key = [rows, columns, range.low, range.high, signed, smooth, how, how === 'light' && isDark(), known()].join(' ');
  const before = drawn.get(canvas);
  if (before?.values === values && before.key === key) return;
  drawn.set(canvas, { values, key });
  const side = smooth ? Math.max(1, Math.min(24, Math.floor(480 / Math.max(rows, columns)))) : 1;
  canvas.width = columns * side;
  canvas.height = rows * side;
  canvas.classList.toggle('pixels', !smooth);
  const context = canvas.getContext('2d');
  if (!context || !canvas.width || !canvas.height) return;
  const image = context.createImageData(canvas.width, canvas.height);
  for (let y = 0; y < canvas.height; y++) {
    for (let x = 0; x < canvas.width; x++) {
      const v = smooth ? between(grid, (y + 0.5) / side - 0.5, (x + 0.5) / side - 0.5) : values[y * columns + x];
      image.data.set(laid(v, range, signed, how), 4 * (y * canvas.width + x));
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
