// Attention: from a word to the heads that look at the picture for it.

import { html, nothing } from 'lit';
import { css } from '../draw/css';
import { app, Part } from '../app';
import { attentionRequest } from '../maps';
import { overlaid } from '../overlaid';
import { head, shown } from '../parts';
import { rangeOf } from '../draw/colours';
import { percent } from '../text';
import type { Request } from '../api';
import type { AttentionResult } from '../openapi';

export class AttentionView extends Part {
  override render(): unknown {
    const all: Request<'attention'> = { request: 'attention', target: null, named: [], heads: 6 };
    const words = app.need(all);
    const entry = app.word() ? app.need(attentionRequest()) : words;
    return html`
      ${head('Where it looks', html`The heads that look at one place of the picture when “${app.word()?.text ?? '…'}” is predicted, those first that are likeliest to point at what is spoken of. Attention tells where was looked, not what decided.`)}
      ${shown(entry, () => (entry.result?.kind === 'attention-result' ? this.gallery(entry.result.value) : html`<p>This model reads pictures by cross-attention; <code>lynceus attention</code> shows it.</p>`))}
      ${words.result?.kind === 'attention-result' ? this.shares(words.result.value) : nothing}`;
  }

  private gallery(value: AttentionResult): unknown {
    const picture = app.picture();
    const at = app.seen()?.index ?? 0;
    const view = value.views[at];
    if (!value.views.length || !picture) return html`<p>There is no picture to look at.</p>`;
    return html`<div class="thumbs" role="group" aria-label="Heads">${value.heads.map((one) => {
      const name = `${one.head.layer}.${one.head.head}`;
      return html`<button class="thumb" data-head=${name} aria-pressed=${name === app.state.head ? 'true' : 'false'} @click=${() => app.set({ head: name })}>
        ${view ? overlaid({ ...view, values: one.maps[at], signed: false, range: rangeOf(one.maps.flat(), false) }) : nothing}
        <b>Head ${name}</b><small>${percent(one.mass)} on the picture</small></button>`;
    })}</div>
    ${value.sinks.positions.length ? html`<p class="caption">Sinks, where heads rest: ${value.sinks.labels.join(', ')}.</p>` : nothing}`;
  }

  private shares(value: AttentionResult): unknown {
    return html`<h3>Mean over all heads, for each word</h3><div class="scroll" tabindex="0" role="region" aria-label="Shares of attention"><table><thead><tr><th scope="col">Word</th><th scope="col">Attention to picture</th><th scope="col">Attention to question</th><th scope="col">At sinks</th></tr></thead>
      <tbody>${value.words.map((word) => html`<tr><th scope="row">${word.text}</th>${[word.image, word.question, word.sinks].map((share) => html`<td class="num"><span class="bar-cell"><span class="fill" ${css({ width: `${Math.round(100 * (share ?? 0))}%` })}></span></span><span>${percent(share)}</span></td>`)}</tr>`)}</tbody></table></div>`;
  }
}
customElements.define('lv-attention', AttentionView);
