// Heads down, layers across: one cell for each head, and the strongest as a list.

import { html, nothing } from 'lit';
import { rangeOf } from './colours';
import { css } from './css';
import { Drawn } from './element';
import './matrix';
import { headName } from './reading';
import type { Cells } from './matrix';

/** A number of each head, and what is told of it. */
export interface HeadMeasure {
  values: (number | null)[][];
  signed: boolean;
  unit: string;
  name: string;
  told: (v: number | null) => string;
  /** Heads that are silenced. */
  off?: string[];
  /** Heads whose positions were read in words. */
  known?: [number, number][];
  /** Whether the least are missed most. */
  least?: boolean;
  /** What the list is called; usually what `least` says. */
  list?: string;
  /** How many the list shows. */
  count?: number;
}

export class HeadMap extends Drawn {
  static override properties = { measure: { attribute: false }, head: { attribute: false }, layer: { type: Number }, fixed: { type: Boolean }, theme: {} };
  declare measure: HeadMeasure;
  /** The chosen one, as layer and head. */
  declare head: readonly number[] | null;
  declare layer: number;
  /** Whether none can be chosen. */
  declare fixed: boolean;
  declare theme: unknown;
  private given?: (number | null)[][];
  private down: (number | null)[][] = [];

  constructor() {
    super();
    this.head = null;
    this.layer = -1;
    this.fixed = false;
  }

  override render(): unknown {
    if (!this.measure) return nothing;
    const { values, signed, told, unit, name, off = [], known = [], least = false, list = least ? 'Missed most' : 'Strongest heads', count = 8 } = this.measure;
    if (!values.length || !values[0].length) return html`<p class="empty">No head increases were kept for this word.</p>`;
    const [layer, one] = this.head ?? [-1, -1];
    const down = this.turn(values);
    const turned = (head: string): [number, number] => { const [l, h] = head.split('.').map(Number); return [h, l]; };
    const cells: Cells = {
      values: down, signed, range: signed || unit !== 'share' ? rangeOf(values.flat(), signed) : { low: 0, high: 1 }, rowNames: down.map((_, i) => String(i)), columnNames: values.map((_, i) => String(i)),
      rowAxis: 'head', columnAxis: 'layer', unit, row: one, column: layer, cell: 22, crossed: off.map(turned), dots: known.map(([l, h]): [number, number] => [h, l]), band: this.layer,
      told: (r, c) => `head ${headName(c, r)}: ${told(down[r][c])}${off.includes(headName(c, r)) ? ', silenced' : ''}`,
    };
    const all = values.flatMap((line, r) => line.map((v, c) => ({ at: [r, c] as [number, number], v: v ?? 0 }))).sort((a, b) => (least ? a.v - b.v : b.v - a.v)).slice(0, count);
    const end = Math.max(...all.map((head) => Math.abs(head.v)), 1e-9);
    return html`<div class="head-map"><lv-matrix .cells=${cells} .name=${name} @choose=${(event: CustomEvent<[number, number]>) => { event.stopPropagation(); if (!this.fixed) this.say('head', [event.detail[1], event.detail[0]]); }}></lv-matrix>
      <div class="head-side"><h3>${list}</h3>${known.length ? html`<p class="caption">layer.head; dots in the map mark heads that were read in words too</p>` : nothing}
      <ol class="top-heads">${all.map((head) => html`<li>${this.fixed ? html`<span class="line">${this.line(head, end, told)}</span>` : html`<button type="button" class="line" data-head=${headName(...head.at)} aria-pressed=${headName(...head.at) === headName(layer, one) ? 'true' : 'false'} @click=${() => this.say('head', head.at)}>${this.line(head, end, told)}</button>`}</li>`)}</ol></div></div>`;
  }

  /** Turned once: what is drawn is known by it. */
  private turn(values: (number | null)[][]): (number | null)[][] {
    if (this.given !== values) {
      this.given = values;
      this.down = values[0].map((_, head) => values.map((line) => line[head]));
    }
    return this.down;
  }

  private line(head: { at: [number, number]; v: number }, end: number, told: HeadMeasure['told']): unknown {
    return html`<span class="name">${headName(...head.at)}</span><span class="track"><i class=${head.v < 0 ? 'fall' : 'rise'} ${css({ width: `${(100 * Math.abs(head.v)) / end}%` })}></i></span><span class="num">${told(head.v)}</span>`;
  }
}
customElements.define('lv-head-map', HeadMap);
