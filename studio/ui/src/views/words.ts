// Words: what each state would say, layer by layer.

import { html, nothing, type PropertyValues } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { css } from '../draw/css';
import { app, Part } from '../app';
import '../draw/neurons';
import { depthName } from '../draw/reading';
import { lensRequest } from '../maps';
import { head, shown } from '../parts';
import { pinned, pointed, positionOf, served } from '../served';
import { percent, place, QUANTITIES, real } from '../text';
import type { Request } from '../api';
import type { LensGrid, LensGridRow } from '../openapi';

export class WordsView extends Part {
  override render(): unknown {
    const before = app.words().slice(0, Math.max(0, app.wordIndex())).map((word) => word.text).join(' ');
    const textRequest: Request<'lens'> = { request: 'lens', question: app.question(before), positions: ['question', 'last'], top: 3 };
    const patches = app.need(lensRequest());
    const text = app.need(textRequest);
    return html`
      ${head('Words inside', QUANTITIES.lens,
        html`<label class="row">Light patches that say <input type="search" data-act="search" placeholder="a word" .value=${app.state.search} @input=${(event: Event) => app.set({ search: (event.target as HTMLInputElement).value }, true)}></label>`)}
      ${shown(patches, (result) => this.patches(result.value))}
      ${shown(text, (result) => this.grid(result.value))}
      ${this.neurons()}`;
  }

  /** The word of each patch at the chosen layer, and all layers of one patch. */
  private patches(value: LensGrid): unknown {
    const seen = app.seen();
    const here = (row: LensGridRow): boolean => { const at = app.patchOf(row.label) - (seen?.offset ?? 0); return at >= 0 && at < (seen ? seen.rows * seen.columns : 0); };
    const rows = seen ? value.rows.filter(here) : value.rows;
    const layers = rows[0]?.layers.length ?? 0;
    const layer = app.state.layer >= 0 && app.state.layer < layers ? app.state.layer : layers - 1;
    const at = app.at();
    const row = at >= 0 ? rows[at] : undefined;
    const from = seen?.offset ?? 0;
    const columns = seen?.columns ?? Math.round(Math.sqrt(rows.length));
    const search = app.state.search.trim().toLowerCase();
    const hits = search ? rows.filter((one) => one.layers[layer].some((word) => word.text.trim().toLowerCase() === search)).length : 0;
    return html`<div class="row"><label>Depth <input type="range" min="0" max=${layers - 1} step="1" .value=${String(layer)} data-act="layer" @input=${(event: Event) => app.set({ layer: Number((event.target as HTMLInputElement).value) }, true)}> <b>${depthName(layer)}</b></label>${search ? html`<span class="soft" role="status" data-found="hits">${hits ? `${hits} of ${rows.length} patches have “${search}” among their first five` : `no patch has “${search}” among its first five here: try another depth`}</span>` : nothing}</div>
      <div class="scroll" tabindex="0" role="region" aria-label="Words of the patches"><div class="word-grid" ${css({ '--columns': String(columns) })}>${guard([value, layer, search, from, columns], () => rows.map((one, i) => {
        const top = one.layers[layer][0];
        const hit = search && one.layers[layer].some((word) => word.text.trim().toLowerCase() === search);
        return html`<button class="cell ${hit ? 'hit' : ''}" ${css({ '--p': real(top.score).toFixed(3) })} title=${`${top.text.trim()}: ${percent(top.score)}`}
          @pointerenter=${() => app.hovered(from + i)} @pointerleave=${() => app.hovered(-1)} @click=${() => app.set({ patch: app.state.patch === from + i ? -1 : from + i }, true)}>${top.text.trim() || '·'}</button>`;
      }))}</div></div>
      <div class="by-layer">${row ? html`<h3>${place(row.label)}</h3><ol class="layers">${row.layers.map((words, i) => html`<li><small>${depthName(i)}</small>${words.slice(0, 5).map((word) => html`<span class="lens-word" ${css({ '--p': real(word.score).toFixed(3) })}>${word.text.trim()} <small>${percent(word.score)}</small></span>`)}</li>`)}</ol>` : html`<p class="hint">Point at a patch to see its words in all layers.</p>`}</div>`;
  }

  /** Single neurons that raise the word, and what feeds them. */
  private neurons(): unknown {
    const reading = served();
    const word = app.explained();
    return reading && word ? html`<h3>Neurons that raise “${app.word()?.text}”</h3><lv-neurons .reading=${reading} .word=${word} .hover=${positionOf(app.hover)} .pin=${positionOf(app.state.patch)} @point=${pointed} @pin=${pinned}></lv-neurons>` : nothing;
  }

  /** Which cell is pointed at: thousands of others need not be drawn again for it. */
  protected override updated(_changed: PropertyValues): void {
    this.querySelector('.word-grid .on')?.classList.remove('on');
    const at = app.at();
    if (at >= 0) this.querySelectorAll('.word-grid .cell')[at]?.classList.add('on');
  }

  /** Token × layer. */
  private grid(value: LensGrid): unknown {
    const { rows } = value;
    if (!rows.length) return nothing;
    return html`<h3>Words of the question, and the place that predicts “${app.word()?.text ?? ''}”</h3><div class="scroll" tabindex="0" role="region" aria-label="Lens by layer"><table class="lens"><thead><tr><th scope="col">Position</th>${rows[0].layers.map((_, i) => html`<th scope="col">${depthName(i)}</th>`)}</tr></thead>
      <tbody>${rows.map((row, i) => html`<tr><th scope="row"><b>${row.token.trim()}</b> <small>${i === rows.length - 1 ? 'predicts' : place(row.label)}</small></th>${row.layers.map((words) => html`<td ${css({ '--p': real(words[0].score).toFixed(3) })} title=${words.map((word) => `${word.text.trim()} ${percent(word.score)}`).join(', ')}><span>${words[0].text.trim() || '·'}</span> <small>${percent(words[0].score)}</small></td>`)}</tr>`)}</tbody></table></div>`;
  }
}
customElements.define('lv-words', WordsView);
