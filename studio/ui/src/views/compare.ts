// Compare: maps of one word by several methods or two models, how they agree, and which of them the model bears out.

import { html, nothing, svg } from 'lit';
import { css } from '../draw/css';
import { app, Part } from '../app';
import { allMaps, compared, compareRequest, rivalMaps, title } from '../rivals';
import { overlaid } from '../overlaid';
import { head, progress, refusal, shown } from '../parts';
import '../draw/colour-bar';
import { term } from '../terms';
import { real, QUANTITIES } from '../text';
import type { Comparison, Curves } from '../openapi';
import type { Cells } from '../draw/matrix';
import '../draw/matrix';

export class CompareView extends Part {
  override render(): unknown {
    const explained = app.explain();
    const word = app.word();
    const entry = word ? app.recall(compareRequest()) : undefined;
    const found = compared();
    return html`
      ${head('Which map to trust here', html`Methods need not agree about “${word?.text ?? '…'}”. Patches go away in the order of each map: a good one names first what the word cannot do without.`)}
      ${shown(explained, () => (explained.result?.kind === 'explanation' || found ? this.two() : html`<p class="hint">This model gives no shares of a logit, so only the comparison below has maps.</p>`))}
      <section class="judged"><h3>Judged by the model</h3>
        ${found ? html`<p class="lead" data-found="compare">${found.conclusion}</p>` : nothing}
        ${found?.advice ? html`<p data-found="advice">${found.advice.text}</p>` : nothing}
        ${entry && !found ? shown(entry, () => nothing) : nothing}
        ${!entry && !app.offline ? html`<p class="soft">${QUANTITIES.deletion}</p><p><button class="primary" data-act="compare" ?disabled=${!word} @click=${() => { app.need(compareRequest()); app.changed(); }}>Compare the methods on “${word?.text ?? '…'}”</button></p>` : nothing}
        ${!entry && app.offline ? html`<p class="hint">This was not asked before the page was saved.</p>` : nothing}
        ${found ? html`${this.table(found)}${this.agreement(found)}` : nothing}</section>`;
  }

  /** The two maps on one picture, with a slider between them, and their difference. */
  private two(): unknown {
    const { own, other, difference, entry } = rivalMaps();
    const picture = app.picture();
    if (!own || !picture) return html`<p class="hint">There is no map of this word.</p>`;
    const all = allMaps();
    const models = app.models.filter((model) => model.name !== app.state.model);
    const pick = (id: string, now: string, change: (value: string) => void, others: boolean): unknown => html`<select data-act=${id} aria-label=${id === 'own' ? 'The map on the left' : 'The map on the right'} @change=${(event: Event) => change((event.target as HTMLSelectElement).value)}>
      ${all.map((one) => html`<option value=${one.id} ?selected=${one.id === now}>${one.map.title}</option>`)}
      ${others && models.length && !app.offline ? html`<optgroup label="The same method on another model">${models.map((model) => html`<option value=${`model:${model.name}`} ?selected=${`model:${model.name}` === now}>${model.name}</option>`)}</optgroup>` : nothing}</select>`;
    return html`<div class="duel">
      <div><div class="duel-names">${pick('own', own.id, (method) => app.set({ method }), false)}<span class="soft">against</span>${pick('rival', app.state.rival || other?.id || '', (rival) => app.set({ rival }), true)}</div>
        ${entry?.problem ? refusal(entry.problem) : nothing}${entry && !entry.ended ? progress(entry) : nothing}
        <div class="split" ${css({ '--at': `${100 * app.state.split}%` })}>${overlaid(own.map, app.state.image, 0.85)}
          ${other ? html`<div class="two">${overlaid(other.map, app.state.image, 0.85)}</div><span class="divide" aria-hidden="true"></span>` : nothing}</div>
        ${other ? html`<label class="slider"><span class="visually-hidden">How much of the left map is shown</span><input type="range" min="0" max="1" step="0.01" data-act="split" .value=${String(app.state.split)} @input=${(event: Event) => app.set({ split: Number((event.target as HTMLInputElement).value) }, true)}></label>` : nothing}</div>
      ${other && difference ? html`<div><div class="duel-names"><b>Difference</b></div>
        <div class="split faded">${overlaid(difference, app.state.image, 0.85, true)}</div>
        <lv-colour-bar .range=${difference.range} signed .how=${'colour'} .end=${difference.end} .unit=${'left less right'}></lv-colour-bar>
        <p class="caption">${difference.caption}</p></div>` : nothing}</div>`;
  }

  private table(found: Comparison): unknown {
    const known = new Map(allMaps().map((one) => [one.id, one.map]));
    const now = rivalMaps().own?.id;
    const bar = (v: number | null, good: boolean): unknown => html`<span class="bar-cell"><span class="fill ${good ? '' : 'bad'}" ${css({ width: `${Math.round(100 * Math.min(1, Math.max(0, v ?? 0)))}%` })}></span></span><span>${v === null ? '–' : v.toFixed(2)}</span>`;
    return html`<div class="scroll" tabindex="0" role="region" aria-label="Methods, the best first"><table class="methods">
      <thead><tr><th scope="col">Method</th><th scope="col"><span class="visually-hidden">Map</span></th><th scope="col">${term('deletion', 'Deletion ↓')}</th><th scope="col">${term('insertion', 'Insertion ↑')}</th><th scope="col">Curve</th><th scope="col">Time</th></tr></thead>
      <tbody>${found.methods.map((one) => html`<tr class=${one.method === now ? 'on' : ''}>
        <th scope="row"><button class="link" data-rank=${one.method} @click=${() => app.set({ method: one.method })}>${title(one.method)}</button>${one.baseline ? html`<br><small>${term('baseline', 'knows nothing of the model')}</small>` : nothing}</th>
        <td>${known.has(one.method) ? html`<div class="mini">${overlaid(known.get(one.method))}</div>` : nothing}</td>
        <td class="num">${one.curves ? bar(one.curves.deletionArea, false) : '–'}</td><td class="num">${one.curves ? bar(one.curves.insertionArea, true) : '–'}</td>
        <td>${one.curves ? this.curve(one.curves) : nothing}</td><td class="num soft">${real(one.seconds).toFixed(1)} s</td></tr>`)}</tbody></table></div>
      <p class="caption">Probability of “${found.word}”, from all patches there to none (deletion, solid) and back (insertion, dashed), the strongest of each map first. A patch that is gone has the mean of all.</p>`;
  }

  private curve(curves: Curves): unknown {
    const line = (values: (number | null)[]): string => values.map((v, i) => `${i ? 'L' : 'M'}${(real(curves.parts[i]) * 96 + 2).toFixed(1)} ${(30 - 26 * real(v)).toFixed(1)}`).join('');
    return html`<svg class="curve" viewBox="0 0 100 32" role="img" aria-label=${`deletion ends at ${real(curves.deletion.at(-1)).toFixed(2)}`}>${svg`<path d="M2 30H98" class="rule"/><path d=${line(curves.deletion)} class="gone"/><path d=${line(curves.insertion)} class="back"/>`}</svg>`;
  }

  private agreement(found: Comparison): unknown {
    const names = found.methods.map((one) => one.method);
    const cells: Cells = {
      values: found.agreement, signed: true, range: { low: -1, high: 1 }, rowNames: names.map(title), columnNames: names.map((_, i) => String(i + 1)), rowAxis: 'method', columnAxis: 'the same, in this order', unit: '', row: names.indexOf(rivalMaps().own?.id ?? ''), column: names.indexOf(rivalMaps().other?.id ?? ''), cell: 17,
      told: (r, c) => `${title(names[r])} and ${title(names[c])}: rank correlation ${found.agreement[r][c]?.toFixed(2) ?? 'unknown'}, ${Math.round(100 * real(found.overlap[r][c]))} % of the ${found.top} strongest patches in common`,
    };
    return html`<h3>How they agree</h3><lv-matrix class="wide-names" .cells=${cells} name="Agreement" @choose=${(event: CustomEvent<[number, number]>) => app.set({ method: names[event.detail[0]], rival: names[event.detail[1]] })}></lv-matrix>
      <p class="caption">${QUANTITIES.agreement} Choose a cell to lay its two maps against each other.</p>`;
  }
}
customElements.define('lv-compare', CompareView);
