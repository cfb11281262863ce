// Single neurons, and what feeds them.

import { html, nothing } from 'lit';
import { Drawn, PIN, POINT } from './element';
import { marked, MORE, moreOf, PAGE, positionCell, signedBar } from './positions';
import { headName, type Reading } from './reading';
import { segmented } from './segmented';
import { decimal } from './text';
import { empty, NONE, wordList } from './words';
import type { Explained } from './source';

type Kind = 'ffn' | 'attention' | 'queries';
const PARTS: Record<string, string> = { embedding: 'embedding', attention: 'attention', feedForward: 'feed-forward' };

export class Neurons extends Drawn {
  static override properties = { reading: { attribute: false }, word: { attribute: false }, hover: { type: Number }, pin: { type: Number }, kind: { state: true }, count: { state: true } };
  declare reading: Reading;
  declare word: Explained | undefined;
  declare hover: number;
  declare pin: number;
  declare kind: Kind;
  declare count: number;
  private shown?: Explained;

  constructor() {
    super();
    Object.assign(this, { hover: -1, pin: -1, kind: 'ffn', count: PAGE });
  }

  protected override willUpdate(): void {
    if (this.shown !== this.word) { this.shown = this.word; this.count = PAGE; }
  }

  override render(): unknown {
    const { word } = this;
    if (!word) return nothing;
    const [headings, rows] = this.table(word);
    return html`${segmented<Kind>('Kind of neurons', [['ffn', `Feed-forward (${word.neurons.length})`], ['attention', `Attention (${word.attentionNeurons.length})`], ['queries', `What feeds them (${word.queries.length})`]], this.kind, (kind) => { this.kind = kind; this.count = PAGE; })}
      ${rows.length ? html`<div class="scroll-x" tabindex="0" role="group" aria-label="Neurons"><table class="neurons"><thead><tr>${headings.map((text) => html`<th scope="col">${text}</th>`)}</tr></thead><tbody>${rows.slice(0, this.count).map((row) => row())}</tbody></table></div>` : empty('None were kept for this word.')}
      ${moreOf(rows.length - this.count, () => { this.count += MORE; })}`;
  }

  private table(word: Explained): [string[], (() => unknown)[]] {
    const end = (values: (number | null)[]): number => Math.max(...values.map((v) => Math.abs(v ?? 0)), 1e-12);
    const signed = (v: number | null, most: number): unknown => html`<td class="num">${decimal(v, true)}${signedBar(v, most)}</td>`;
    switch (this.kind) {
      case 'ffn': {
        const most = end(word.neurons.map((one) => one.increase));
        return [['Layer', 'Neuron', 'Increase', 'Coefficient', 'Raises', 'Lowers'], word.neurons.map((one) => () => html`<tr><td class="num">${one.layer}</td><td class="num">${one.index}</td>${signed(one.increase, most)}<td class="num">${decimal(one.coefficient)}</td><td>${wordList(one.promotes.slice(0, 6))}</td><td>${wordList(one.suppresses.slice(0, 5))}</td></tr>`)];
      }
      case 'attention': {
        const most = end(word.attentionNeurons.map((one) => one.increase));
        return [['Head', 'Dimension', 'Position', 'Increase', 'Coefficient', 'Raises'], word.attentionNeurons.map((one) => () => html`<tr data-position=${one.position} class=${marked(one.position, this.hover, this.pin)} @pointerenter=${() => this.say(POINT, one.position)} @pointerleave=${() => this.say(POINT, -1)} @click=${() => this.say(PIN, one.position)}>
          <td class="num">${headName(one.layer, one.head)}</td><td class="num">${one.dimension}</td><th scope="row" class="place">${positionCell(this.reading, one.position)}</th>${signed(one.increase, most)}<td class="num">${decimal(one.coefficient)}</td><td>${wordList(one.promotes.slice(0, 6))}</td></tr>`)];
      }
      case 'queries': {
        const most = end(word.queries.map((one) => one.score));
        return [['Part', 'Layer', 'Neuron', 'Share × increase', 'Words'], word.queries.map((one) => () => html`<tr><td>${PARTS[one.part] ?? one.part}</td><td class="num">${one.layer < 0 ? NONE : one.layer}</td><td class="num">${one.neuron < 0 ? 'whole layer' : one.neuron}</td>${signed(one.score, most)}<td>${wordList(one.words)}</td></tr>`)];
      }
    }
  }
}
customElements.define('lv-neurons', Neurons);
