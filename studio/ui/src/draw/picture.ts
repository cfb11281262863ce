// A picture with a map of its patches over it: a pointer or the arrow keys point at a patch, a click or Enter keeps one.

import { html, nothing, svg, type PropertyValues } from 'lit';
import { strength, type Laid, type Range } from './colours';
import { css } from './css';
import { Drawn } from './element';
import { paint, type Grid } from './heatmap';
import { WHOLE, type Shot } from './source';

/** How a map is drawn. */
export interface Drawing { range: Range; signed: boolean; smooth: boolean; how: Laid; opacity: number }

/** Patches that are marked, by their numbers; -1 for none. */
export interface Marks {
  /** Whether patches of at least half of the scale are outlined. */
  half?: boolean;
  /** Whether patches below zero are hatched. */
  hatched?: boolean;
  top?: number[];
  pin?: number;
  hover?: number;
  best?: number;
}

/** Lines around the patches of at least half of the scale: seen on any picture, by everyone. */
export function outline({ rows, columns, values }: Grid, range: Range): string {
  const strong = (r: number, c: number): boolean => r >= 0 && c >= 0 && r < rows && c < columns && (values[r * columns + c] ?? -1) >= range.high / 2;
  let path = '';
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      if (!strong(r, c)) continue;
      if (!strong(r - 1, c)) path += `M${c} ${r}h1`;
      if (!strong(r + 1, c)) path += `M${c} ${r + 1}h1`;
      if (!strong(r, c - 1)) path += `M${c} ${r}v1`;
      if (!strong(r, c + 1)) path += `M${c + 1} ${r}v1`;
    }
  }
  return path;
}

/** Lines through the cells below zero: the sign is seen without colours. */
export function hatch(values: (number | null)[], columns: number, range: Range): string {
  let path = '';
  values.forEach((v, i) => {
    if (v === null || v >= 0 || strength(v, range, true) === 0) return;
    const x = i % columns;
    const y = Math.floor(i / columns);
    path += `M${x + 0.1} ${y + 0.6}l.5 -.5M${x + 0.1} ${y + 0.9}l.8 -.8M${x + 0.4} ${y + 0.9}l.5 -.5`;
  });
  return path;
}

const share = (part: number): string => `${(100 * part).toFixed(3)}%`;

export class PictureElement extends Drawn {
  static override properties = { shot: { attribute: false }, grid: { attribute: false }, drawing: { attribute: false }, marks: { attribute: false }, ratio: {}, told: {}, name: {}, live: { type: Boolean }, over: { attribute: false } };
  declare shot: Shot | undefined;
  /** Rows and columns of the patches, and their values where there is a map. */
  declare grid: (Omit<Grid, 'values'> & { values?: Grid['values'] }) | undefined;
  declare drawing: Drawing | undefined;
  declare marks: Marks;
  /** Width by height of what is shown. */
  declare ratio: number;
  /** What it is, in words. */
  declare told: string;
  declare name: string;
  /** Whether it can be pointed at. */
  declare live: boolean;
  /** What else lies over it. */
  declare over: unknown;

  constructor() {
    super();
    this.ratio = 1;
    this.told = '';
    this.name = '';
    this.live = false;
    this.marks = {};
    this.over = nothing;
  }

  override render(): unknown {
    const { shot, grid, drawing } = this;
    if (!shot) return nothing;
    const [left, top, width, height] = shot.part ?? WHOLE;
    const cut = width < 0.999 || height < 0.999;
    const map = grid?.values && drawing;
    const canvas = html`<canvas class="map" ?hidden=${!map} ${css({ opacity: String(drawing?.opacity ?? 1) })} aria-hidden="true"></canvas>${grid ? this.lines(grid) : nothing}`;
    const place = { left: share(left), top: share(top), width: share(width), height: share(height) };
    return html`<div class="picture ${map && drawing?.how === 'grey' ? 'grey' : ''}" ${css({ 'aspect-ratio': String(this.ratio) })}>
      <img src=${shot.address} alt=${this.told} draggable="false">
      ${this.live
        ? html`<div class="pane ${cut ? 'cut' : ''}" tabindex="0" role="application" aria-roledescription="patch grid" aria-label=${this.name} ${css(place)}
            @pointermove=${(event: PointerEvent) => this.say('point', this.patchAt(event))} @pointerleave=${() => this.say('point', -1)} @blur=${() => this.say('point', -1)}
            @click=${(event: MouseEvent) => { const at = this.patchAt(event); if (at >= 0) this.say('choose', at); }} @keydown=${(event: KeyboardEvent) => this.key(event)}>${canvas}</div>`
        : html`<div class="pane" aria-hidden="true" ${css(place)}>${canvas}</div>`}
      ${this.over}</div>`;
  }

  private lines(grid: Omit<Grid, 'values'> & { values?: Grid['values'] }): unknown {
    const { half, hatched, top = [], pin = -1, hover = -1, best = -1 } = this.marks;
    const range = this.drawing?.range;
    const whole = grid.values && range ? { ...grid, values: grid.values } : undefined;
    const hatches = whole && hatched && range ? hatch(whole.values, grid.columns, range) : '';
    const edge = whole && half && range ? outline(whole, range) : '';
    const cell = (patch: number, name: string): unknown => {
      const [x, y] = [patch % grid.columns, Math.floor(patch / grid.columns)];
      return svg`<rect x=${x} y=${y} width="1" height="1" class="halo ${name}"/><rect x=${x} y=${y} width="1" height="1" class=${name}/>`;
    };
    return html`<svg class="marks" viewBox="0 0 ${grid.columns} ${grid.rows}" preserveAspectRatio="none" aria-hidden="true">
      ${hatches ? svg`<path class="hatch" d=${hatches}/>` : nothing}
      ${edge ? svg`<path class="halo half" d=${edge}/><path class="half" d=${edge}/>` : nothing}
      ${top.map((patch) => cell(patch, 'top'))}
      ${pin >= 0 ? cell(pin, 'pin') : nothing}
      ${hover >= 0 && hover !== pin ? cell(hover, 'hover') : best >= 0 && best !== pin ? cell(best, 'best') : nothing}</svg>`;
  }

  protected override updated(_changed: PropertyValues): void {
    const canvas = this.querySelector<HTMLCanvasElement>('canvas.map');
    const { grid, drawing } = this;
    if (canvas && grid?.values && drawing) paint(canvas, { ...grid, values: grid.values }, drawing.range, drawing.signed, drawing.smooth, drawing.how === 'grey' ? 'colour' : drawing.how);
  }

  private patchAt(event: MouseEvent): number {
    const pane = this.querySelector('.pane');
    if (!this.grid || !pane) return -1;
    const box = pane.getBoundingClientRect();
    const column = Math.floor(((event.clientX - box.left) / box.width) * this.grid.columns);
    const row = Math.floor(((event.clientY - box.top) / box.height) * this.grid.rows);
    return column < 0 || row < 0 || column >= this.grid.columns || row >= this.grid.rows ? -1 : row * this.grid.columns + column;
  }

  private key(event: KeyboardEvent): void {
    const { rows, columns } = this.grid ?? { rows: 0, columns: 0 };
    if (!rows) return;
    const { hover = -1, pin = -1, best = -1 } = this.marks;
    const at = Math.max(0, hover >= 0 ? hover : pin >= 0 ? pin : best);
    let row = Math.floor(at / columns);
    let column = at % columns;
    switch (event.key) {
      case 'ArrowLeft': column--; break;
      case 'ArrowRight': column++; break;
      case 'ArrowUp': row--; break;
      case 'ArrowDown': row++; break;
      case 'Home': column = 0; break;
      case 'End': column = columns - 1; break;
      case 'Enter': case ' ': event.preventDefault(); this.say('choose', at); return;
      case 'Escape': this.say('release', undefined); return;
      default: return;
    }
    event.preventDefault();
    event.stopPropagation();
    this.say('point', Math.min(rows - 1, Math.max(0, row)) * columns + Math.min(columns - 1, Math.max(0, column)));
  }
}
customElements.define('lv-picture', PictureElement);
