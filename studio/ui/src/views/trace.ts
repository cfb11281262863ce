// Trace: corrupts the picture, puts states back one by one, and shows what brings the word back.

import { html, nothing } from 'lit';
import { app, Part, type Entry } from '../app';
import { cellGrid, cellValue, corruption, CORRUPTIONS, metric, METRICS, traceRequest } from '../maps';
import { choices, head, shown } from '../parts';
import { term } from '../terms';
import { number, percent, place, QUANTITIES, sentence } from '../text';
import type { CausalMap, ChangedCausalMap, Measures } from '../openapi';
import type { Cells } from '../draw/matrix';
import '../draw/matrix';

export class TraceView extends Part {
  private chosen = -1;

  override render(): unknown {
    const word = app.word();
    const entry = word ? app.recall(traceRequest()) : undefined;
    return html`
      ${head('What carries it', QUANTITIES.trace)}
      <div class="row">${app.offline ? nothing : choices('Corruption', CORRUPTIONS, corruption(), (by) => app.set({ by }))}
        ${app.offline ? nothing : html`<button class="primary" data-act="trace" ?disabled=${!word || (entry !== undefined && !entry.ended)} @click=${() => { app.need(traceRequest()); app.changed(); }}>Trace “${word?.text ?? '…'}”</button>`}
        ${entry?.progress?.cost ? html`<small>${entry.progress.cost.replays} runs in ${entry.progress.cost.passes} passes</small>` : nothing}</div>
      ${entry && !entry.ended ? this.filling(entry) : nothing}
      ${entry ? shown(entry, (result) => this.map(result.value)) : html`<p class="hint">Tracing runs the model once for each state. It takes a while, and can be cancelled within a pass.</p>`}`;
  }

  /** The map as far as it is measured. */
  private filling(entry: Entry<'trace'>): unknown {
    const rows = app.layers() + 1;
    const total = entry.progress?.cost?.replays ?? entry.progress?.total ?? 0;
    if (!entry.cells || rows < 2 || !total || total % rows !== 0) return nothing;
    const columns = total / rows;
    const values: (number | null)[][] = Array.from({ length: rows }, (_, r) => Array.from({ length: columns }, (_, c) => cellValue(entry.cells?.get(r * columns + c))));
    const known = values.flat().filter((v): v is number => v !== null);
    const cells: Cells = {
      values, signed: false, range: metric() === 'probability' ? { low: 0, high: 1 } : { low: Math.min(...known), high: Math.max(...known) }, rowNames: values.map((_, r) => (r === 0 ? 'embedding' : String(r - 1))), columnNames: [],
      rowAxis: 'after layer', columnAxis: 'position', unit: metric() === 'probability' ? 'probability' : 'nats', row: -1, column: -1, cell: 26,
      told: (r, c) => (values[r][c] === null ? 'not measured yet' : `position ${c}: ${metric() === 'probability' ? percent(values[r][c] ?? NaN) : number(values[r][c])}`),
    };
    return html`<div class="filling"><lv-matrix .cells=${cells} name="Trace, as far as it is"></lv-matrix></div>`;
  }

  private map(value: ChangedCausalMap): unknown {
    const map = value.maps[0];
    const { values } = cellGrid(map);
    const base = cellValue(map.base) ?? 0;
    const clean = cellValue(map.other ?? map.base) ?? 1;
    const column = this.chosen >= 0 && this.chosen < map.columns.length ? this.chosen : map.columns.findIndex((label) => app.patchOf(label) === app.state.patch && app.state.patch >= 0);
    const zones: { name: string; from: number; to: number }[] = [];
    map.columns.forEach((label, i) => {
      const name = label.replace(/\[.*/, '');
      const last = zones.at(-1);
      if (last?.name === name) last.to = i + 1;
      else zones.push({ name, from: i, to: i + 1 });
    });
    const cells: Cells = {
      zones, values, signed: false, range: { low: Math.min(base, clean), high: Math.max(base, clean) }, rowNames: map.rows, columnNames: map.columns.map(place),
      rowAxis: map.rowAxis, columnAxis: map.columnAxis, unit: metric() === 'probability' ? 'probability' : 'nats', row: app.state.layer, column, cell: 26,
      told: (r, c) => `${map.rowAxis} ${map.rows[r]}, ${place(map.columns[c])}: ${metric() === 'probability' ? percent(values[r][c] ?? NaN) : `${number(values[r][c])} nats`}`,
    };
    return html`<div class="row">${choices('Measure', METRICS, metric(), (chosen) => app.set({ metric: chosen }, true))}</div>
      ${value.conclusions.map((one) => html`<p class="lead">${one}</p>`)}
      <lv-matrix .cells=${cells} name="Trace" @choose=${(event: CustomEvent<[number, number]>) => { this.chosen = event.detail[1]; app.set({ layer: event.detail[0], patch: app.patchOf(map.columns[event.detail[1]]) }); this.requestUpdate(); }}></lv-matrix>
      ${this.cell(map, column)}
      <p class="caption">The corrupted run has ${percent(map.base.probability)} for “${value.target}”${map.other ? html`, the clean one ${percent(map.other.probability)}` : nothing}. ${sentence(map.notes.join('; '))} Choose a row to lay it over the picture.</p>`;
  }

  /** The chosen cell: all that was measured of its run. */
  private cell(map: CausalMap, column: number): unknown {
    const { layer } = app.state;
    const cell = map.cells[layer]?.[column];
    if (!cell) return nothing;
    const row = (name: string, one: Measures): unknown => html`<tr><th scope="row">${name}</th><td class="num">${percent(one.probability)}</td><td class="num">${number(one.logProbability)}</td><td class="num">${number(one.logitDifference)}</td></tr>`;
    return html`<h3>${map.rowAxis} ${map.rows[layer]}, ${place(map.columns[column])}</h3><div class="scroll" tabindex="0" role="region" aria-label="The chosen run"><table><thead><tr><th scope="col">Run</th><th scope="col">${term('probability', 'Probability')}</th><th scope="col">${term('log probability', 'Log probability')}</th><th scope="col">Logit difference</th></tr></thead>
      <tbody>${row('corrupted', map.base)}${row('this state put back', cell)}${map.other ? row('clean', map.other) : nothing}</tbody></table></div>`;
  }
}
customElements.define('lv-trace', TraceView);
