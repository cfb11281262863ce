// A matrix of numbers on a canvas: a pointer or the arrow keys read it, a click or Enter chooses a cell.

import { html, nothing, svg, type PropertyValues } from 'lit';
import { inkOn, isDark, solid, type Range } from './colours';
import './colour-bar';
import { css } from './css';
import { Drawn } from './element';
import { hatch } from './picture';
import { decimal } from './text';

export interface Cells {
  values: (number | null)[][];
  range: Range;
  signed: boolean;
  rowNames: string[];
  columnNames: string[];
  rowAxis: string;
  columnAxis: string;
  unit: string;
  /** Row and column that are chosen; -1 for none. */
  row: number;
  column: number;
  /** Cells that are crossed out. */
  crossed?: [number, number][];
  /** Cells of which more is known. */
  dots?: [number, number][];
  /** A column that is pointed out; -1 for none. */
  band?: number;
  /** Columns that belong together, in order. */
  zones?: { name: string; from: number; to: number }[];
  /** Least height and width of a cell in pixels. */
  cell: number;
  told: (row: number, column: number) => string;
}

const end = (v: number): string => (Number.isInteger(v) ? String(v).replace('-', '\u2212') : decimal(v));

export class Matrix extends Drawn {
  static override properties = { cells: { attribute: false }, name: {}, at: { state: true } };
  declare cells: Cells;
  declare name: string;
  declare at: [number, number] | null;
  private painted?: (number | null)[][];
  private key_ = '';

  constructor() {
    super();
    this.at = null;
    this.name = '';
  }

  override render(): unknown {
    if (!this.cells) return nothing;
    const { values, rowNames, columnNames, rowAxis, columnAxis, row, column, cell, range, unit } = this.cells;
    const rows = values.length;
    const columns = values[0]?.length ?? 0;
    const [r, c] = this.at ?? [row, column];
    const box = (share: number): string => `${100 * share}%`;
    const sparse = (n: number): number => (n <= 16 ? 1 : Math.ceil(n / 12));
    return html`<div class="matrix" ${css({ '--rows': String(rows), '--columns': String(columns), '--cell': `${cell}px` })}>
      <div class="axis-title">${rowAxis} ↓ &nbsp; ${columnAxis} →</div>
      <div class="row-names" aria-hidden="true">${rowNames.map((name, i) => html`<span class=${i === row ? 'on' : ''}>${i % sparse(rows) === 0 ? name : ''}</span>`)}</div>
      <div class="plate" tabindex="0" role="application" aria-roledescription="matrix" aria-label=${`${this.name}, ${rows} by ${columns}. Arrow keys move, Enter chooses.`}
        @pointermove=${(event: PointerEvent) => { this.at = this.cellAt(event); }} @pointerleave=${() => { this.at = null; }}
        @click=${(event: PointerEvent) => this.choose(this.cellAt(event))} @keydown=${(event: KeyboardEvent) => this.key(event)}>
        <canvas aria-hidden="true"></canvas>
        ${this.marks(rows, columns)}
        ${this.cells.crossed?.map(([r, c]) => html`<span class="crossed" ${css({ left: box(c / columns), top: box(r / rows), width: box(1 / columns), height: box(1 / rows) })}></span>`) ?? nothing}
        ${row >= 0 && column >= 0 ? html`<span class="cursor kept" ${css({ left: box(column / columns), top: box(row / rows), width: box(1 / columns), height: box(1 / rows) })}></span>` : nothing}
        ${this.at ? html`<span class="cursor" ${css({ left: box(c / columns), top: box(r / rows), width: box(1 / columns), height: box(1 / rows) })}></span>` : nothing}
      </div>
      ${this.cells.zones ? html`<div class="zones" aria-hidden="true">${this.cells.zones.map((zone) => html`<span ${css({ left: box(zone.from / columns), width: box((zone.to - zone.from) / columns) })}>${(zone.to - zone.from) / columns > 0.07 ? zone.name : ''}</span>`)}</div>` : nothing}
      <div class="column-names" aria-hidden="true">${columns <= 40 ? columnNames.map((name, i) => html`<span class=${i === column ? 'on' : ''}>${i % sparse(columns) === 0 ? name : ''}</span>`) : nothing}</div>
      <div class="told" role="status">${r >= 0 && c >= 0 && r < rows && c < columns ? html`<span>${this.cells.told(r, c)}</span>` : html`<span class="soft">point at a cell to read it, click to choose</span>`}</div>
      <lv-colour-bar class="legend" .range=${range} ?signed=${this.cells.signed} .unit=${unit} .end=${end} .at=${values[r]?.[c]}></lv-colour-bar>
    </div>`;
  }

  /** Hatches below zero, dots, and the column that is pointed out. */
  private marks(rows: number, columns: number): unknown {
    const { values, range, signed, dots = [], band = -1 } = this.cells;
    const hatches = signed ? hatch(values.flat(), columns, range) : '';
    const shade = (r: number, c: number): string => inkOn(solid(values[r]?.[c] ?? 0, range, signed));
    return html`${hatches ? html`<svg class="hatches" viewBox="0 0 ${columns} ${rows}" preserveAspectRatio="none" aria-hidden="true">${svg`<path class="hatch" d=${hatches}/>`}</svg>` : nothing}
      ${band >= 0 && band < columns ? html`<span class="band" ${css({ left: `${(100 * band) / columns}%`, width: `${100 / columns}%` })}></span>` : nothing}
      ${dots.map(([r, c]) => html`<span class="known" ${css({ left: `${(100 * (c + 0.5)) / columns}%`, top: `${(100 * (r + 0.5)) / rows}%`, background: shade(r, c) })}></span>`)}`;
  }

  protected override updated(_changed: PropertyValues): void {
    const canvas = this.querySelector<HTMLCanvasElement>('.plate canvas');
    if (!canvas || !this.cells) return;
    const { values, range, signed } = this.cells;
    const key = `${range.low} ${range.high} ${signed} ${isDark()}`;
    if (this.painted === values && this.key_ === key) return;
    this.painted = values;
    this.key_ = key;
    canvas.height = values.length;
    canvas.width = values[0]?.length ?? 0;
    const context = canvas.getContext('2d');
    if (!context || !canvas.width) return;
    const image = context.createImageData(canvas.width, canvas.height);
    values.forEach((line, r) => line.forEach((v, c) => {
      if (v === null || !Number.isFinite(v)) return;
      const rgb = solid(v, range, signed);
      const at = 4 * (r * canvas.width + c);
      image.data[at] = rgb[0];
      image.data[at + 1] = rgb[1];
      image.data[at + 2] = rgb[2];
      image.data[at + 3] = 255;
    }));
    context.putImageData(image, 0, 0);
  }

  private cellAt(event: PointerEvent): [number, number] | null {
    const plate = this.querySelector('.plate') as HTMLElement;
    const box = plate.getBoundingClientRect();
    const rows = this.cells.values.length;
    const columns = this.cells.values[0]?.length ?? 0;
    const r = Math.floor(((event.clientY - box.top) / box.height) * rows);
    const c = Math.floor(((event.clientX - box.left) / box.width) * columns);
    return r < 0 || c < 0 || r >= rows || c >= columns ? null : [r, c];
  }

  private choose(at: [number, number] | null): void {
    if (at) this.say('choose', at);
  }

  private key(event: KeyboardEvent): void {
    const rows = this.cells.values.length;
    const columns = this.cells.values[0]?.length ?? 0;
    let [r, c] = this.at ?? [Math.max(0, this.cells.row), Math.max(0, this.cells.column)];
    switch (event.key) {
      case 'ArrowLeft': c--; break;
      case 'ArrowRight': c++; break;
      case 'ArrowUp': r--; break;
      case 'ArrowDown': r++; break;
      case 'Enter': case ' ': event.preventDefault(); this.choose([r, c]); return;
      case 'Escape': this.at = null; return;
      default: return;
    }
    event.preventDefault();
    event.stopPropagation();
    this.at = [Math.min(rows - 1, Math.max(0, r)), Math.min(columns - 1, Math.max(0, c))];
  }
}
customElements.define('lv-matrix', Matrix);
