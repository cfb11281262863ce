// The picture with the map of the open view over it; a pointer or the arrow keys read values, a brush marks a region.

import { html, nothing, type PropertyValues } from 'lit';
import { css } from './draw/css';
import { app, Part } from './app';
import { currentMap } from './maps';
import { choices } from './parts';
import { savePicture } from './pictures';
import './draw/colour-bar';
import { drawing, overlaid } from './overlaid';
import { ratio, shot } from './served';
import { outlines, toggle } from './superpixels';
import { regionOutline } from './views/region';
import type { PictureElement } from './draw/picture';
import type { Area, Box } from './edits';

export type Tool = 'look' | 'rectangle' | 'brush' | 'lasso' | 'superpixels';

/** What is marked, in pixels of the picture. */
export class Region {
  tool: Tool = 'look';
  canvas?: HTMLCanvasElement;
  empty = true;
}
export const region = new Region();

/** Views in which regions are marked. */
const MARKED: string[] = ['patches', 'edit'];

export class Stage extends Part {
  private from?: { x: number; y: number };
  private path: { x: number; y: number }[] = [];
  /** Whether a choice of a patch comes from a press that marked something. */
  private press = false;

  override render(): unknown {
    const picture = app.picture();
    if (!app.sums().length) return html`<div class="no-picture">No picture: the question is asked blind.</div>`;
    if (!picture) return nothing;
    const map = currentMap();
    const seen = app.seen();
    const at = app.at();
    const grid = map ?? seen;
    const marking = MARKED.includes(app.state.view) && region.tool !== 'look';
    const row = grid && at >= 0 ? Math.floor(at / grid.columns) : -1;
    const column = grid && at >= 0 ? at % grid.columns : -1;
    const several = app.sums().length > 1;
    const offset = seen?.offset ?? 0;
    const shown = map !== undefined || app.state.view === 'words';
    const here = (patch: number): number => (shown && grid && patch >= offset && patch < offset + grid.rows * grid.columns ? patch - offset : -1);
    return html`
      ${several ? this.strip() : nothing}
      <div class="stage ${marking ? 'marking' : ''} ${several ? 'one-of' : ''}" ${css({ '--ratio': String(ratio()) })}
        @pointerdown=${(event: PointerEvent) => this.pressed(event)} @pointermove=${(event: PointerEvent) => this.moved(event)} @pointerup=${(event: PointerEvent) => this.released(event)}>
        <lv-picture live .shot=${shot()} .ratio=${ratio()} .grid=${grid && { rows: grid.rows, columns: grid.columns, values: map?.values }} .drawing=${map && drawing(map, app.state.opacity)}
          .marks=${{ hatched: map?.signed, hover: here(app.hover), pin: here(app.state.patch) }} .told=${`${several ? `Picture ${app.state.image + 1}` : 'The picture'}, ${picture.name}`}
          .name=${map ? `${map.title}: ${map.rows} by ${map.columns} patches. Arrow keys move, Enter keeps one, Escape lets go.` : 'The picture, no map over it'}
          .over=${html`<canvas class="mask" ?hidden=${!MARKED.includes(app.state.view)} aria-hidden="true"></canvas>${marking && region.tool === 'superpixels' ? outlines() : app.state.view === 'patches' ? regionOutline() : nothing}`}
          @point=${(event: CustomEvent<number>) => { if (!this.from) app.hovered(event.detail < 0 ? -1 : offset + event.detail); }}
          @choose=${(event: CustomEvent<number>) => { if (marking) this.piece(event.detail); else app.set({ patch: app.state.patch === offset + event.detail ? -1 : offset + event.detail }, true); }}
          @release=${() => { app.set({ patch: -1 }, true); app.hovered(-1); }}></lv-picture>
      </div>
      ${this.tiles()}
      ${map ? html`
        <div class="readout" role="status">
          <b>${map.title}</b>
          <span>${at >= 0 ? html`row ${row}, column ${column}: <b>${map.told(map.values[at] ?? null)}</b>` : html`<span class="soft">point at a patch to read its value</span>`}</span>
        </div>
        <div class="stage-controls">
          <lv-colour-bar class="legend" .range=${map.range} ?signed=${map.signed} .how=${'colour'} .end=${map.end} .at=${at >= 0 ? map.values[at] : null}></lv-colour-bar>
          <label>Opacity <input type="range" min="0" max="1" step="0.05" .value=${String(app.state.opacity)} data-act="opacity" @input=${(event: Event) => app.set({ opacity: Number((event.target as HTMLInputElement).value) }, true)}></label>
          <label class="check"><input type="checkbox" .checked=${app.state.smooth} data-act="smooth" @change=${(event: Event) => app.set({ smooth: (event.target as HTMLInputElement).checked }, true)}> Smooth</label>
          ${app.state.view === 'patches' ? html`<label class="check"><input type="checkbox" .checked=${app.state.shared} data-act="shared" @change=${(event: Event) => app.set({ shared: (event.target as HTMLInputElement).checked }, true)}> One scale</label>` : nothing}
          <button class="link" data-act="save-picture" @click=${() => savePicture()}>PNG</button>
        </div>` : nothing}`;
  }

  /** All pictures of the question side by side, each with the map and what it adds up to. */
  private strip(): unknown {
    return html`<div class="strip" role="group" aria-label="Pictures of the question">${app.sums().map((_, i) => {
      const picture = app.picture(i);
      const map = currentMap(app.seen(i));
      const total = map && ['nats', 'share'].includes(map.unit) ? map.values.reduce<number>((all, v) => all + (v ?? 0), 0) : undefined;
      return html`<div class="slide ${i === app.state.image ? 'on' : ''}">
        <button class="shot" data-image=${i} aria-pressed=${i === app.state.image ? 'true' : 'false'} aria-label=${`Look at picture ${i + 1}, ${picture?.name ?? ''}`} @click=${() => app.set({ image: i }, true)}>
          <span data-strip=${i}>${overlaid(map, i)}</span></button>
        <span class="slide-text"><b>${i + 1}</b>${total === undefined ? nothing : html`<small>${map?.told(total)}</small>`}
        ${app.offline ? nothing : html`<button class="quiet" data-act="without" aria-label=${`Take picture ${i + 1} away`} @click=${() => app.without(i)}>×</button>`}</span></div>`;
    })}</div>`;
  }

  /** Models that see a picture whole and in tiles have a map for each. */
  private tiles(): unknown {
    const all = app.views().filter((view) => view.picture === app.state.image);
    if (all.length < 2) return nothing;
    return html`<div class="views">${choices('What the model saw', all.map((view): [string, string] => [String(view.tile), `${view.name || `view ${view.tile + 1}`}, ${view.rows} × ${view.columns}`]), String(app.seen()?.tile ?? 0), (tile) => app.set({ tile: Number(tile), patch: -1 }, true))}</div>`;
  }

  protected override updated(_changed: PropertyValues): void {
    // The picture draws itself after this part has.
    void this.querySelector<PictureElement>('.stage lv-picture')?.updateComplete.then(() => this.adopt());
  }

  /** Marks are made on the canvas of the picture that is shown; another picture begins without. */
  private adopt(): void {
    const mask = this.querySelector<HTMLCanvasElement>('canvas.mask');
    const picture = app.picture();
    if (!mask || !picture || (region.canvas === mask && mask.dataset.sum === picture.sha256)) return;
    region.canvas = mask;
    region.empty = true;
    mask.width = picture.width;
    mask.height = picture.height;
    mask.dataset.sum = picture.sha256;
  }

  private pixelAt(event: PointerEvent): { x: number; y: number } {
    const canvas = region.canvas as HTMLCanvasElement;
    const box = canvas.getBoundingClientRect();
    return { x: ((event.clientX - box.left) / box.width) * canvas.width, y: ((event.clientY - box.top) / box.height) * canvas.height };
  }

  private moved(event: PointerEvent): void {
    if (this.from && region.canvas) this.mark(this.from, this.pixelAt(event));
  }

  private pressed(event: PointerEvent): void {
    if (!MARKED.includes(app.state.view) || region.tool === 'look' || !region.canvas) return;
    if (region.tool === 'superpixels') {
      this.press = true;
      const { x, y } = this.pixelAt(event);
      this.mend(x, y);
      return;
    }
    event.preventDefault();
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
    this.from = this.pixelAt(event);
    if (region.tool !== 'brush') clear();
    this.path = [this.from];
    this.mark(this.from, this.from);
  }

  /** With the keyboard, the piece in the middle of the patch; a press has marked its own already. */
  private piece(patch: number): void {
    const seen = app.seen();
    if (region.tool === 'superpixels' && !this.press && seen) {
      const [left, top, width, height] = seen.crop;
      this.mend(left + ((patch % seen.columns) + 0.5) * (width / seen.columns), top + (Math.floor(patch / seen.columns) + 0.5) * (height / seen.rows));
    }
    this.press = false;
  }

  private mend(x: number, y: number): void {
    if (!region.canvas) return;
    toggle(region.canvas, x, y);
    region.empty = !markedRegionOf(region.canvas);
    app.changed();
  }

  private released(event: PointerEvent): void {
    setTimeout(() => { this.press = false; }); // after the choice that a press makes
    if (!this.from) return;
    this.mark(this.from, this.pixelAt(event));
    if (region.tool === 'lasso') this.enclose();
    this.from = undefined;
    app.changed();
  }

  private mark(from: { x: number; y: number }, to: { x: number; y: number }): void {
    const canvas = region.canvas as HTMLCanvasElement;
    const context = canvas.getContext('2d') as CanvasRenderingContext2D;
    context.fillStyle = context.strokeStyle = '#fff';
    if (region.tool === 'rectangle') {
      context.clearRect(0, 0, canvas.width, canvas.height);
      context.fillRect(Math.min(from.x, to.x), Math.min(from.y, to.y), Math.abs(to.x - from.x), Math.abs(to.y - from.y));
    } else {
      this.path.push(to);
      context.lineWidth = Math.max(canvas.width, canvas.height) / (region.tool === 'lasso' ? 90 : 10);
      context.lineCap = 'round';
      context.beginPath();
      context.moveTo(from.x, from.y);
      context.lineTo(to.x, to.y);
      context.stroke();
      this.from = to;
    }
    region.empty = false;
  }

  /** Fills what a lasso was drawn around. */
  private enclose(): void {
    const context = region.canvas?.getContext('2d');
    if (!context || this.path.length < 3) return;
    clear();
    context.fillStyle = '#fff';
    context.beginPath();
    this.path.forEach(({ x, y }, i) => (i ? context.lineTo(x, y) : context.moveTo(x, y)));
    context.closePath();
    context.fill();
    region.empty = false;
  }
}
customElements.define('lv-stage', Stage);

/** Takes the marks away. */
export function clear(): void {
  region.canvas?.getContext('2d')?.clearRect(0, 0, region.canvas.width, region.canvas.height);
  region.empty = true;
}

/** Marks the patches that a map is strongest at, for those who mark without a pointer. */
export function markStrongest(share: number): void {
  const map = currentMap();
  const canvas = region.canvas;
  const context = canvas?.getContext('2d');
  if (!map || !canvas || !context) return;
  clear();
  const order = map.values.map((v, i) => [v ?? -Infinity, i] as const).sort((a, b) => b[0] - a[0]);
  const seen = app.seen();
  const [left, top, width, height] = (seen?.crop ?? [0, 0, canvas.width, canvas.height]);
  context.fillStyle = '#fff';
  for (const [, i] of order.slice(0, Math.max(1, Math.round(order.length * share)))) {
    context.fillRect(left + ((i % map.columns) * width) / map.columns, top + (Math.floor(i / map.columns) * height) / map.rows, width / map.columns, height / map.rows);
  }
  region.empty = false;
}

/** Marks a rectangle, in pixels of the picture. */
export function markBox(left: number, top: number, right: number, bottom: number): void {
  const context = region.canvas?.getContext('2d');
  if (!context) return;
  clear();
  context.fillStyle = '#fff';
  context.fillRect(left, top, right - left, bottom - top);
  region.empty = false;
}

/** What is marked, and the box around it. */
export interface Marked { area: Area; bounds: Box }

/** The marks as a region of the library. */
export function markedRegion(): Marked | undefined {
  return region.canvas && !region.empty ? markedRegionOf(region.canvas) : undefined;
}

function markedRegionOf(canvas: HTMLCanvasElement): Marked | undefined {
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) return undefined;
  const { data, width, height } = context.getImageData(0, 0, canvas.width, canvas.height);
  const runs: number[] = [];
  let [inside, length, area, x0, y0, x1, y1] = [false, 0, 0, width, height, 0, 0];
  for (let i = 0; i < width * height; i++) {
    const now = data[4 * i + 3] > 127;
    if (now !== inside) { runs.push(length); length = 0; inside = now; }
    length++;
    if (now) {
      const [x, y] = [i % width, Math.floor(i / width)];
      [x0, y0, x1, y1] = [Math.min(x0, x), Math.min(y0, y), Math.max(x1, x + 1), Math.max(y1, y + 1)];
      area++;
    }
  }
  runs.push(length);
  if (!area) return undefined;
  const bounds: Box = { region: 'box', x0, y0, x1, y1 };
  return area === (x1 - x0) * (y1 - y0) ? { area: bounds, bounds } : { area: { region: 'mask', width, height, runs }, bounds };
}

/** The marks as a picture: white is what is meant. */
export function maskFile(): Promise<Blob> {
  const canvas = region.canvas as HTMLCanvasElement;
  const black = document.createElement('canvas');
  black.width = canvas.width;
  black.height = canvas.height;
  const context = black.getContext('2d') as CanvasRenderingContext2D;
  context.fillRect(0, 0, black.width, black.height);
  context.drawImage(canvas, 0, 0);
  return new Promise((give) => black.toBlob((blob) => give(blob as Blob), 'image/png'));
}
