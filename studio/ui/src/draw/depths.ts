// Words at each depth.

import { html } from 'lit';
import { css } from './css';
import { plainBar } from './positions';
import { depthName } from './reading';
import { percent, visible } from './text';
import { empty } from './words';
import type { Explained } from './source';

/** What the position that predicts the word would say at each depth; a click on a row chooses the layer before it. */
export function depths(word: Explained, layer: number, choose: (layer: number) => void): unknown {
  const rows = word.lens ?? [];
  if (rows.length === 0) return empty('No lens was read for this word.');
  const columns = Array.from({ length: Math.min(8, Math.max(...rows.map((row) => row.words.length))) }, (_, k) => k);
  const last = rows[rows.length - 1].layer;
  const tint = (p: number | null): string => `color-mix(in oklab, var(--accent) ${Math.round(34 * Math.sqrt(Math.max(0, p ?? 0)))}%, transparent)`;
  return html`<div class="scroll-x" tabindex="0" role="group" aria-label="Words at each depth"><table class="depths"><thead><tr><th scope="col">depth</th><th scope="col">target</th>${columns.map((k) => html`<th scope="col">${k + 1}</th>`)}</tr></thead>
    <tbody>${rows.map((row) => html`<tr class=${row.layer > 0 && row.layer - 1 === layer ? 'chosen-layer' : ''} @click=${() => { if (row.layer > 0) choose(layer === row.layer - 1 ? -1 : row.layer - 1); }}>
      <th scope="row">${depthName(row.layer)}${row.layer === last ? ' (end)' : ''}</th><td class="num">${percent(row.targetProbability)}${plainBar(row.targetProbability ?? 0)}</td>
      ${columns.map((k) => {
        const one = row.words[k];
        return one ? html`<td class=${word.target.ids.includes(one.id) ? 'is-target' : ''} ${css({ 'background-color': tint(one.score) })} title=${`${visible(one.text)}: ${percent(one.score)}`}><bdi>${visible(one.text)}</bdi></td>` : html`<td></td>`;
      })}</tr>`)}</tbody></table></div>`;
}
