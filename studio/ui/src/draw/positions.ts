// The positions of a head as a table: what it read there, and what that position holds in words.

import { html, nothing } from 'lit';
import { css } from './css';
import { Drawn, PIN, POINT } from './element';
import type { Reading } from './reading';
import { segmented } from './segmented';
import { decimal, percent, visible } from './text';
import { empty, wordList } from './words';
import type { Head, Read } from './source';

/** How many rows a table shows at first, and how many more at a time. */
export const PAGE = 12;
export const MORE = 100;

type Key = 'position' | 'increase' | 'attention';
interface Row { position: number; increase: number | null; attention: number | null; read?: Read }

/** A position with its pixels or its token. */
export function positionCell(reading: Reading, position: number): unknown {
  const token = reading.tokens[position];
  if (reading.patch(position)) {
    return html`<div><lv-piece .shot=${reading.piece(position)} .size=${26}></lv-piece><span>${reading.views.length > 1 ? `picture ${token.image + 1}, ` : ''}${reading.placeOf(position)}<small> #${position}</small></span></div>`;
  }
  return html`<div><bdi class="tok">${token.image >= 0 ? reading.placeOf(position) : visible(token.text)}</bdi><small> ${token.role} #${position}</small></div>`;
}

/** A bar under a number, its colour the sign. */
export const signedBar = (v: number | null, end: number): unknown => html`<span class="cell-bar"><i class=${(v ?? 0) < 0 ? 'fall' : 'rise'} ${css({ width: `${Math.min(100, (100 * Math.abs(v ?? 0)) / end)}%` })}></i></span>`;
export const plainBar = (share: number): unknown => html`<span class="cell-bar plain"><i ${css({ width: `${Math.min(100, 100 * share)}%` })}></i></span>`;

/** A button for the rows that are not shown yet. */
export const moreOf = (left: number, show: () => void): unknown => (left > 0 ? html`<button type="button" class="more" @click=${show}>Show ${Math.min(left, MORE)} more of ${left}</button>` : nothing);

/** Colours of a row: pointed at, kept. */
export const marked = (position: number, hover: number, pin: number): string => `${position === hover ? 'hot' : ''} ${position === pin ? 'pinned' : ''}`;

export class Positions extends Drawn {
  static override properties = { reading: { attribute: false }, head: { attribute: false }, chosen: { type: Boolean }, hover: { type: Number }, pin: { type: Number }, key_: { state: true }, down: { state: true }, count: { state: true }, all: { state: true } };
  declare reading: Reading;
  declare head: Head | undefined;
  /** Whether a head is chosen at all. */
  declare chosen: boolean;
  declare hover: number;
  declare pin: number;
  declare key_: Key;
  declare down: boolean;
  declare count: number;
  declare all: boolean;
  private shown?: Head;

  constructor() {
    super();
    Object.assign(this, { chosen: false, hover: -1, pin: -1, key_: 'increase', down: true, count: PAGE, all: false });
  }

  protected override willUpdate(): void {
    if (this.shown !== this.head) { this.shown = this.head; this.count = PAGE; }
  }

  private rows(head: Head, all: boolean): Row[] {
    const kept = new Map(head.positions.map((one) => [one.position, one]));
    const rows: Row[] = all
      ? head.positionIncrease.map((increase, position) => ({ position, increase, attention: head.attention[position], read: kept.get(position) }))
      : head.positions.map((one) => ({ position: one.position, increase: one.increase, attention: one.attention, read: one }));
    const side = this.down ? -1 : 1;
    return rows.sort((a, b) => side * ((a[this.key_] ?? -Infinity) - (b[this.key_] ?? -Infinity)));
  }

  private heading(text: string, key: Key): unknown {
    const active = this.key_ === key;
    return html`<th scope="col" class="sortable" aria-sort=${active ? (this.down ? 'descending' : 'ascending') : 'none'}><button type="button" @click=${() => { this.down = active ? !this.down : key !== 'position'; this.key_ = key; this.count = PAGE; }}>${text}${active ? (this.down ? ' \u2193' : ' \u2191') : ''}</button></th>`;
  }

  override render(): unknown {
    const { reading, head } = this;
    if (!reading) return nothing;
    if (!head) return empty(this.chosen ? 'This head was measured as a whole only. Choose one that has a dot in the head map, or explain again with more --heads.' : 'No head was kept position by position.');
    const all = this.all || head.positions.length === 0;
    const rows = this.rows(head, all);
    const most = (key: 'increase' | 'attention'): number => rows.reduce((end, row) => Math.max(end, Math.abs(row[key] ?? 0)), 1e-12);
    const ends = { increase: most('increase'), attention: most('attention') };
    return html`${segmented('Which positions', [[false, `With words (${head.positions.length})`], [true, `All (${reading.tokens.length})`]], all, (v) => { this.all = v; this.count = PAGE; })}
      <div class="scroll-x" tabindex="0" role="group" aria-label="Positions"><table class="positions ${all ? 'plain' : ''}"><thead><tr>${this.heading('Position', 'position')}${this.heading('Increase', 'increase')}${this.heading('Attention', 'attention')}
        <th scope="col" title="words of the residual stream that enters the layer there">Layer input</th><th scope="col" title="words of the sum of earlier attention outputs there">Key input</th>
        <th scope="col" title="words of the sum of earlier feed-forward outputs there">Value input</th><th scope="col" title="words of what the head moves from there">Head writes</th></tr></thead>
      <tbody>${rows.slice(0, this.count).map((row) => html`<tr data-position=${row.position} tabindex="0" class=${marked(row.position, this.hover, this.pin)}
        @pointerenter=${() => this.say(POINT, row.position)} @pointerleave=${() => this.say(POINT, -1)} @focus=${() => this.say(POINT, row.position)} @blur=${() => this.say(POINT, -1)}
        @click=${() => this.say(PIN, row.position)} @keydown=${(event: KeyboardEvent) => { if (event.key === 'Enter') this.say(PIN, row.position); if (event.key === 'Escape') this.say(PIN, -1); }}>
        <th scope="row" class="place">${positionCell(reading, row.position)}</th><td class="num">${decimal(row.increase, true)}${signedBar(row.increase, ends.increase)}</td><td class="num">${percent(row.attention)}${plainBar((row.attention ?? 0) / ends.attention)}</td>
        ${(row.read ? [row.read.layerInput, row.read.keyInput, row.read.valueInput, row.read.valueOutput] : [[], [], [], []]).map((words) => html`<td>${wordList(words.slice(0, 5))}</td>`)}</tr>`)}</tbody></table></div>
      ${moreOf(rows.length - this.count, () => { this.count += MORE; })}`;
  }
}
customElements.define('lv-positions', Positions);
