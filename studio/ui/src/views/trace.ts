// Trace: corrupts the picture, puts states back one by one, and shows what brings the word back.

import { html, nothing } from 'lit';
import { app, Part } from '../app';
import { cellValue, METRICS, traceRequest } from '../maps';
import { choices, head, shown } from '../parts';
import { number, percent, place, QUANTITIES } from '../text';
import type { Value } from '../api';
import type { Cells } from '../matrix';
import '../matrix';

const WAYS: [string, string][] = [['noise', 'Noise'], ['mean', 'Mean'], ['zero', 'Zero'], ['blur', 'Blur']];

export class TraceView extends Part {
  override render(): unknown {
    const word = app.word();
    const entry = word ? app.peek(traceRequest()) : undefined;
    return html`
      ${head('What carries it', QUANTITIES.trace)}
      <div class="row">${app.offline ? nothing : choices('Corruption', WAYS, app.state.by, (by) => app.set({ by }))}
        ${app.offline ? nothing : html`<button class="primary" data-act="trace" ?disabled=${!word || (entry !== undefined && !entry.ended)} @click=${() => { app.need(traceRequest()); app.changed(); }}>Trace “${word?.text ?? '…'}”</button>`}
        ${entry?.progress?.cost ? html`<small>${entry.progress.cost.replays} runs in ${entry.progress.cost.passes} passes</small>` : nothing}</div>
      ${entry ? shown(entry, () => this.map(entry.result?.value)) : html`<p class="hint">Tracing runs the model once for each state. It takes a while, and can be cancelled within a pass.</p>`}`;
  }

  private map(value: Value): unknown {
    const map = value.maps[0];
    const values: (number | null)[][] = map.cells.map((line: Value[]) => line.map(cellValue));
    const base = cellValue(map.base) ?? 0;
    const clean = cellValue(map.other ?? map.base) ?? 1;
    const column = map.columns.findIndex((label: string) => app.patchOf(label) === app.state.patch && app.state.patch >= 0);
    const zones: { name: string; from: number; to: number }[] = [];
    map.columns.forEach((label: string, i: number) => {
      const name = label.replace(/\[.*/, '');
      const last = zones.at(-1);
      if (last?.name === name) last.to = i + 1;
      else zones.push({ name, from: i, to: i + 1 });
    });
    const cells: Cells = {
      zones, values, signed: false, range: { low: Math.min(base, clean), high: Math.max(base, clean) }, rowNames: map.rows, columnNames: map.columns.map(place),
      rowAxis: map.rowAxis, columnAxis: map.columnAxis, unit: app.state.metric === 'probability' ? '' : 'nats', row: app.state.layer, column, cell: 26,
      told: (r, c) => `${map.rowAxis} ${map.rows[r]}, ${place(map.columns[c])}: ${app.state.metric === 'probability' ? percent(values[r][c] ?? NaN) : `${number(values[r][c])} nats`}`,
    };
    return html`<div class="row">${choices('Measure', METRICS, app.state.metric, (metric) => app.set({ metric }, true))}</div>
      ${value.conclusions.map((one: string) => html`<p class="lead">${one}</p>`)}
      <lv-matrix .cells=${cells} name="Trace" @choose=${(event: CustomEvent<[number, number]>) => app.set({ layer: event.detail[0], patch: app.patchOf(map.columns[event.detail[1]]) })}></lv-matrix>
      <p class="caption">The corrupted run has ${percent(map.base.probability)} for “${value.target}”${map.other ? html`, the clean one ${percent(map.other.probability)}` : nothing}. ${map.notes.join('; ')}. Choose a row to lay it over the picture.</p>`;
  }
}
customElements.define('lv-trace', TraceView);
