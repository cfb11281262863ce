// Heads: every head of every layer at once; a click shows where it looks.

import { html } from 'lit';
import { app, Part } from '../app';
import { attentionRequest } from '../maps';
import { choices, head, shown } from '../parts';
import { rangeOf } from '../scales';
import { number, percent, QUANTITIES } from '../text';
import type { Value } from '../api';
import type { Cells } from '../matrix';
import '../matrix';

const MEASURES: [string, string][] = [['increase', 'Log increase'], ['image', 'Attention to picture'], ['question', 'Attention to question'], ['first', 'First position']];
const ZONES: Record<string, string> = { image: 'image', question: 'question', first: 'first position' };

export class HeadsView extends Part {
  override render(): unknown {
    const measure = app.state.measure in QUANTITIES ? app.state.measure : 'increase';
    const increase = measure === 'increase';
    const entry = increase ? app.explain() : app.word() ? app.need(attentionRequest()) : app.evidence();
    return html`
      ${head('Which heads', html`Layers × heads, when “${app.word()?.text ?? '…'}” is predicted. Choose one to see where it looks.`,
        choices('Measure', MEASURES, measure, (option) => app.set({ measure: option })))}
      ${shown(entry, () => this.matrix(measure, entry.result?.value))}
      <p class="caption">${QUANTITIES[measure as 'increase']}</p>`;
  }

  private matrix(measure: string, value: Value): unknown {
    const zone = value.grids?.find((one: Value) => one.zone === ZONES[measure]);
    const values: number[][] | undefined = measure === 'increase' ? app.explained()?.heads : zone?.mass;
    if (!values) return html`<p>This model tells no such numbers of its heads.</p>`;
    const signed = measure === 'increase';
    const [layer, one] = app.state.head ? app.state.head.split('.').map(Number) : [-1, -1];
    const cells: Cells = {
      values, signed, range: signed ? rangeOf(values.flat(), true) : { low: 0, high: 1 }, rowNames: values.map((_, i) => String(i)), columnNames: values[0].map((_, i) => String(i)),
      rowAxis: 'layer', columnAxis: 'head', unit: signed ? 'nats' : 'share', row: layer, column: one, cell: 26,
      told: (r, c) => `head ${r}.${c}: ${signed ? `${number(values[r][c])} nats` : percent(values[r][c])}`,
    };
    const order = values.flatMap((line, r) => line.map((v, c) => ({ name: `${r}.${c}`, v }))).sort((a, b) => b.v - a.v).slice(0, 8);
    return html`<div class="beside"><lv-matrix .cells=${cells} name="Heads" @choose=${(event: CustomEvent<[number, number]>) => app.set({ head: event.detail.join('.') })}></lv-matrix>
      <div><h3>Strongest</h3><ol class="ranks">${order.map((one) => html`<li><button class="link" data-head=${one.name} aria-pressed=${one.name === app.state.head ? 'true' : 'false'} @click=${() => app.set({ head: one.name })}>${one.name}</button><span class="num">${signed ? `${number(one.v)} nats` : percent(one.v)}</span></li>`)}</ol></div></div>`;
  }
}
customElements.define('lv-heads', HeadsView);
