// Pieces of the picture of about one colour, as the library cuts it: a press marks one, another takes it back.

import { html, nothing } from 'lit';
import { app, told } from './app';
import { server } from './api';
import { edgesOf, labelsOf } from './draw/pieces';

/** About how many; few are large. */
const COUNTS: [string, string][] = [['30', 'large'], ['60', 'medium'], ['150', 'small']];

interface Pieces { width: number; height: number; labels: Uint16Array; edges: string }

const known = new Map<string, Pieces | null>();
let count = '60';

/** The pieces of the picture that is looked at; asked for where they are not known. */
export function pieces(): Pieces | undefined {
  const sum = app.sums()[app.state.image];
  if (!sum || app.offline) return undefined;
  const key = `${sum} ${count}`;
  if (!known.has(key)) {
    known.set(key, null);
    server.superpixels(sum, Number(count)).then((map) => {
      const labels = labelsOf(map.runs, map.width * map.height);
      known.set(key, { width: map.width, height: map.height, labels, edges: edgesOf(labels, map.width, map.height) });
      app.changed();
    }, (refused) => { app.problem = told(refused); app.changed(); });
  }
  return known.get(key) ?? undefined;
}

/** Their outlines over the picture. */
export function outlines(): unknown {
  const found = pieces();
  return found ? html`<svg class="pieces" viewBox="0 0 ${found.width} ${found.height}" preserveAspectRatio="none" aria-hidden="true"><path d=${found.edges}></path></svg>` : nothing;
}

/** How large they are. */
export const sizes = (): unknown => html`<label class="row">Pieces <select data-act="pieces" @change=${(event: Event) => { count = (event.target as HTMLSelectElement).value; app.changed(); }}>${COUNTS.map(([value, text]) => html`<option value=${value} ?selected=${value === count}>${text}</option>`)}</select></label>`;

/** Marks the piece at a pixel of the picture on the canvas of marks, or takes it back. */
export function toggle(canvas: HTMLCanvasElement, x: number, y: number): void {
  const found = pieces();
  const context = canvas.getContext('2d');
  if (!found || !context) return;
  const [w, h] = [canvas.width / found.width, canvas.height / found.height];
  const cell = Math.min(found.height - 1, Math.max(0, Math.floor(y / h))) * found.width + Math.min(found.width - 1, Math.max(0, Math.floor(x / w)));
  const piece = found.labels[cell];
  const marked = context.getImageData(Math.min(canvas.width - 1, Math.max(0, Math.floor(x))), Math.min(canvas.height - 1, Math.max(0, Math.floor(y))), 1, 1).data[3] > 127;
  context.fillStyle = '#fff';
  for (let at = 0; at < found.labels.length; at++) {
    if (found.labels[at] !== piece) continue;
    const [left, top] = [at % found.width, Math.floor(at / found.width)];
    // Whole pixels, so that no seam is left between cells.
    const [x0, y0, x1, y1] = [Math.round(left * w), Math.round(top * h), Math.round((left + 1) * w), Math.round((top + 1) * h)];
    if (marked) context.clearRect(x0, y0, x1 - x0, y1 - y0);
    else context.fillRect(x0, y0, x1 - x0, y1 - y0);
  }
}
