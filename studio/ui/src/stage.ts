// The picture with the map of the open view over it; a pointer or the arrow keys read values, a brush marks a region.

import { html, nothing, type PropertyValues } from 'lit';
import { css } from './draw/css';
import { app, Part } from './app';
import { currentMap } from './maps';
import { choices } from './parts';
import { savePicture } from './pictures';
import { known } from './draw/colours';
import { legend, paint } from './draw/heatmap';
import type { Value } from './api';

export type Tool = 'look' | 'rectangle' | 'brush' | 'lasso';

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
  private painted = '';
  private path: { x: number; y: number }[] = [];

  /** The part of the picture that the model saw, in shares of its sides. */
  private pane(): { left: number; top: number; width: number; height: number } {
    const seen = app.seen();
    if (!seen) return { left: 0, top: 0, width: 1, height: 1 };
    const [left, top, width, height] = seen.crop as number[];
    return { left: left / seen.width, top: top / seen.height, width: width / seen.width, height: height / seen.height };
  }

  override render(): unknown {
    const picture = app.picture();
    if (!app.sums().length) return html`<div class="no-picture">No picture: the question is asked blind.</div>`;
    if (!picture) return nothing;
    const map = currentMap();
    const pane = this.pane();
    const at = app.at();
    const grid = map ?? app.seen();
    const marking = MARKED.includes(app.state.view) && region.tool !== 'look';
    const row = grid && at >= 0 ? Math.floor(at / grid.columns) : -1;
    const column = grid && at >= 0 ? at % grid.columns : -1;
    const box = (share: number): string => `${(100 * share).toFixed(3)}%`;
    const several = app.sums().length > 1;
    return html`
      ${several ? this.strip() : nothing}
      <div class="stage ${marking ? 'marking' : ''} ${several ? 'one-of' : ''}" ${css({ 'aspect-ratio': `${picture.width} / ${picture.height}`, '--ratio': String(picture.width / picture.height) })}>
        <img src=${app.address(picture.sha256)} alt=${`${several ? `Picture ${app.state.image + 1}` : 'The picture'}, ${picture.name}`} draggable="false">
        <div class="pane" tabindex="0" role="application" aria-roledescription="patch grid"
          aria-label=${map ? `${map.title}: ${map.rows} by ${map.columns} patches. Arrow keys move, Enter keeps one, Escape lets go.` : 'The picture, no map over it'}
          ${css({ left: box(pane.left), top: box(pane.top), width: box(pane.width), height: box(pane.height) })}
          @pointermove=${(event: PointerEvent) => this.moved(event)} @pointerdown=${(event: PointerEvent) => this.pressed(event)}
          @pointerup=${(event: PointerEvent) => this.released(event)} @pointerleave=${() => { if (!this.from) app.hovered(-1); }}
          @click=${() => this.kept()} @keydown=${(event: KeyboardEvent) => this.key(event)} @blur=${() => app.hovered(-1)}>
          <canvas class="map ${app.state.smooth ? '' : 'pixels'}" ?hidden=${!map} ${css({ opacity: String(app.state.opacity) })} aria-hidden="true"></canvas>
          ${grid && row >= 0 && (map || app.state.view === 'words') ? html`<span class="cursor ${app.hover < 0 ? 'kept' : ''}" ${css({ left: box(column / grid.columns), top: box(row / grid.rows), width: box(1 / grid.columns), height: box(1 / grid.rows) })}></span>` : nothing}
        </div>
        <canvas class="mask" ?hidden=${!MARKED.includes(app.state.view)} aria-hidden="true"></canvas>
      </div>
      ${this.tiles()}
      ${map ? html`
        <div class="readout" role="status">
          <b>${map.title}</b>
          <span>${at >= 0 ? html`row ${row + 1}, column ${column + 1}: <b>${map.told(map.values[at] ?? null)}</b>` : html`<span class="soft">point at a patch to read its value</span>`}</span>
        </div>
        <div class="stage-controls">
          <span class="legend"><span>${map.end(map.range.low)}</span><canvas class="bar-scale" aria-hidden="true"></canvas><span>${map.end(map.range.high)}</span></span>
          <label>Opacity <input type="range" min="0" max="1" step="0.05" .value=${String(app.state.opacity)} data-act="opacity" @input=${(event: Event) => app.set({ opacity: Number((event.target as HTMLInputElement).value) }, true)}></label>
          <label class="check"><input type="checkbox" .checked=${app.state.smooth} data-act="smooth" @change=${(event: Event) => app.set({ smooth: (event.target as HTMLInputElement).checked }, true)}> Smooth</label>
          ${app.state.view === 'patches' ? html`<label class="check"><input type="checkbox" .checked=${app.state.shared} data-act="shared" @change=${(event: Event) => app.set({ shared: (event.target as HTMLInputElement).checked }, true)}> One scale</label>` : nothing}
          <button class="link" data-act="save-picture" @click=${() => savePicture()}>PNG</button>
        </div>` : nothing}`;
  }

  /** All pictures of the question side by side, each with the map and what it adds up to. */
  private strip(): unknown {
    return html`<div class="strip" role="group" aria-label="Pictures of the question">${app.sums().map((sum, i) => {
      const picture = app.picture(i);
      const map = currentMap(app.seen(i));
      const total = map && ['nats', 'share'].includes(map.unit) ? map.values.reduce<number>((all, v) => all + (v ?? 0), 0) : undefined;
      return html`<div class="slide ${i === app.state.image ? 'on' : ''}">
        <button class="shot" data-image=${i} aria-pressed=${i === app.state.image ? 'true' : 'false'} aria-label=${`Look at picture ${i + 1}, ${picture?.name ?? ''}`} @click=${() => app.set({ image: i }, true)}>
          <span class="frame" ${css({ 'aspect-ratio': picture ? `${picture.width} / ${picture.height}` : '1' })}><img src=${app.address(sum)} alt=""><span class="slide-pane" ${css(this.placed(i))}><canvas data-strip=${i} ?hidden=${!map} aria-hidden="true"></canvas></span></span></button>
        <span class="slide-text"><b>${i + 1}</b>${total === undefined ? nothing : html`<small>${map?.told(total)}</small>`}
        ${app.offline ? nothing : html`<button class="quiet" data-act="without" aria-label=${`Take picture ${i + 1} away`} @click=${() => app.without(i)}>×</button>`}</span></div>`;
    })}</div>`;
  }

  private placed(image: number): Record<string, string> {
    const seen = app.seen(image);
    const [left, top, width, height] = seen?.crop ?? [0, 0, 1, 1];
    const share = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(3)}%`;
    return { left: share(left, seen?.width ?? 1), top: share(top, seen?.height ?? 1), width: share(width, seen?.width ?? 1), height: share(height, seen?.height ?? 1) };
  }

  /** Models that see a picture whole and in tiles have a map for each. */
  private tiles(): unknown {
    const all = app.views().filter((view) => view.picture === app.state.image);
    if (all.length < 2) return nothing;
    return html`<div class="views">${choices('What the model saw', all.map((view): [string, string] => [String(view.tile), `${view.name || `view ${view.tile + 1}`}, ${view.rows} × ${view.columns}`]), String(app.seen()?.tile ?? 0), (tile) => app.set({ tile: Number(tile), patch: -1 }, true))}</div>`;
  }

  protected override updated(_changed: PropertyValues): void {
    const map = currentMap();
    const canvas = this.querySelector<HTMLCanvasElement>('canvas.map');
    if (map && canvas) {
      const key = JSON.stringify([map.values, map.range, map.signed, app.state.smooth, known()]);
      if (key !== this.painted) paint(canvas, map, map.range, map.signed, app.state.smooth);
      this.painted = key;
      const bar = this.querySelector<HTMLCanvasElement>('canvas.bar-scale');
      if (bar) legend(bar, map.signed);
    } else {
      this.painted = '';
    }
    for (const slide of this.querySelectorAll<HTMLCanvasElement>('canvas[data-strip]')) {
      const own = currentMap(app.seen(Number(slide.dataset.strip)));
      if (own) paint(slide, own, own.range, own.signed, app.state.smooth);
    }
    const mask = this.querySelector<HTMLCanvasElement>('canvas.mask');
    const picture = app.picture();
    if (mask && picture && (region.canvas !== mask || mask.dataset.sum !== picture.sha256)) {
      region.canvas = mask;
      region.empty = true;
      mask.width = picture.width;
      mask.height = picture.height;
      mask.dataset.sum = picture.sha256;
    }
  }

  private patchAt(event: PointerEvent): number {
    const grid = currentMap() ?? app.seen();
    const pane = this.querySelector('.pane');
    if (!grid || !pane) return -1;
    const box = pane.getBoundingClientRect();
    const column = Math.floor(((event.clientX - box.left) / box.width) * grid.columns);
    const row = Math.floor(((event.clientY - box.top) / box.height) * grid.rows);
    return column < 0 || row < 0 || column >= grid.columns || row >= grid.rows ? -1 : (app.seen()?.offset ?? 0) + row * grid.columns + column;
  }

  private pixelAt(event: PointerEvent): { x: number; y: number } {
    const canvas = region.canvas as HTMLCanvasElement;
    const box = canvas.getBoundingClientRect();
    return { x: ((event.clientX - box.left) / box.width) * canvas.width, y: ((event.clientY - box.top) / box.height) * canvas.height };
  }

  private moved(event: PointerEvent): void {
    if (this.from && region.canvas) this.mark(this.from, this.pixelAt(event));
    else app.hovered(this.patchAt(event));
  }

  private pressed(event: PointerEvent): void {
    if (!MARKED.includes(app.state.view) || region.tool === 'look' || !region.canvas) return;
    event.preventDefault();
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
    this.from = this.pixelAt(event);
    if (region.tool !== 'brush') clear();
    this.path = [this.from];
    this.mark(this.from, this.from);
  }

  private released(event: PointerEvent): void {
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

  private kept(): void {
    if (app.hover >= 0 && region.tool === 'look') app.set({ patch: app.state.patch === app.hover ? -1 : app.hover }, true);
  }

  private key(event: KeyboardEvent): void {
    const grid = currentMap() ?? app.seen();
    if (!grid) return;
    const from = app.seen()?.offset ?? 0;
    const at = Math.max(0, app.at());
    let row = Math.floor(at / grid.columns);
    let column = at % grid.columns;
    switch (event.key) {
      case 'ArrowLeft': column--; break;
      case 'ArrowRight': column++; break;
      case 'ArrowUp': row--; break;
      case 'ArrowDown': row++; break;
      case 'Enter': case ' ':
        event.preventDefault();
        app.set({ patch: app.state.patch === from + at ? -1 : from + at }, true);
        return;
      case 'Escape':
        app.set({ patch: -1 }, true);
        app.hovered(-1);
        return;
      default: return;
    }
    event.preventDefault();
    event.stopPropagation();
    row = Math.min(grid.rows - 1, Math.max(0, row));
    column = Math.min(grid.columns - 1, Math.max(0, column));
    app.hovered(from + row * grid.columns + column);
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
  const [left, top, width, height] = (seen?.crop ?? [0, 0, canvas.width, canvas.height]) as number[];
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

/** The marks as a region of the library: a box, or the lengths of runs of pixels outside and inside, row by row. */
export function markedRegion(): Value | undefined {
  const canvas = region.canvas;
  const context = canvas?.getContext('2d', { willReadFrequently: true });
  if (!canvas || !context || region.empty) return undefined;
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
  const bounds = { region: 'box', x0, y0, x1, y1 };
  return area === (x1 - x0) * (y1 - y0) ? bounds : { region: 'mask', width, height, runs, bounds };
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
