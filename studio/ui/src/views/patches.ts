// Patches: maps of the picture by several methods, and what the word loses when a region is hidden.

import { html, nothing } from 'lit';
import { app, Part, told } from '../app';
import { methodRequest, patchMaps } from '../maps';
import { choices, head, refusal, shown } from '../parts';
import { overlaid } from '../overlaid';
import { clear, markStrongest, maskFile, region, type Tool } from '../stage';
import { sizes } from '../superpixels';
import { QUANTITIES } from '../text';
import { server, type Problem } from '../api';
import { regionEffect, regionRequest } from './region';

export class PatchesView extends Part {
  private problem?: Problem;

  override render(): unknown {
    const entry = app.explain();
    return html`
      ${head('Which patches', html`Several methods say which patches matter for “${app.word()?.text ?? '…'}”. They need not agree: hide a region to see which is right.`)}
      ${shown(entry, () => (entry.result?.kind === 'explanation' ? this.maps() : html`<p>This model gives no shares of a logit, so there are no such maps. Trace and Attention work.</p>`))}
      ${entry.result?.kind === 'explanation' && !app.offline ? this.knock() : app.offline ? this.kept() : nothing}`;
  }

  private maps(): unknown {
    const all = patchMaps();
    const chosen = all.find((one) => one.id === app.state.method)?.id ?? all[0]?.id;
    const more = app.methods.filter((method) => !all.some((one) => one.id === method.name));
    const asked = app.state.method && !all.some((one) => one.id === app.state.method) && app.word() && !app.offline ? app.need(methodRequest(app.state.method)) : undefined;
    return html`<div class="thumbs" role="group" aria-label="Methods">${all.map(({ id, map }) => html`
        <button class="thumb" data-method=${id} aria-pressed=${id === chosen ? 'true' : 'false'} @click=${() => app.set({ method: id })}>
          ${overlaid(map)}
          <b>${map.title}</b><small>${map.unit}${map.signed ? ', signed' : ''}</small></button>`)}</div>
      ${more.length && !app.offline ? html`<label class="row">Another method <select data-act="method" @change=${(event: Event) => app.set({ method: (event.target as HTMLSelectElement).value })}>
        <option value="" ?selected=${!more.some((method) => method.name === app.state.method)}>choose …</option>
        ${more.map((method) => html`<option value=${method.name} ?selected=${method.name === app.state.method}>${method.title}${method.baseline ? ' (baseline)' : ''}</option>`)}</select></label>` : nothing}
      ${asked && !asked.result ? shown(asked, () => nothing) : nothing}`;
  }

  private knock(): unknown {
    return html`<section class="knock"><h3>Hide a region</h3><p class="soft">${QUANTITIES.occlude} ${QUANTITIES.necessity}</p>
      <div class="row">
        ${choices<Tool>('Tool', [['look', 'Look'], ['rectangle', 'Rectangle'], ['brush', 'Brush'], ['lasso', 'Lasso'], ['superpixels', 'Superpixels']], region.tool, (tool) => { region.tool = tool; app.changed(); })}
        ${region.tool === 'superpixels' ? sizes() : nothing}
        <button data-act="strongest" @click=${() => { markStrongest(0.12); app.changed(); }}>Mark the strongest patches</button>
        <button class="quiet" data-act="clear" ?disabled=${region.empty} @click=${() => { clear(); app.changed(); }}>Clear</button>
        <button class="primary" data-act="knock" ?disabled=${region.empty} @click=${() => void this.hide()}>Hide it</button>
      </div>
      ${region.empty && !app.state.mask ? html`<p class="hint">${region.tool === 'superpixels' ? 'Press on pieces of the picture; another press takes one back.' : 'Choose a tool and draw on the picture.'}</p>` : nothing}
      ${this.problem ? refusal(this.problem) : nothing}
      ${app.state.mask ? this.result() : nothing}</section>`;
  }

  private kept(): unknown {
    return app.state.mask ? html`<section class="knock"><h3>A region hidden</h3>${this.result()}</section>` : nothing;
  }

  /** Sends the marks as a picture, and asks what hiding them does. */
  private async hide(): Promise<void> {
    this.problem = undefined;
    try {
      const kept = await server.send(await maskFile(), 'mask.png');
      app.set({ mask: kept.sha256 });
    } catch (refused) {
      this.problem = told(refused);
    }
    app.changed();
  }

  private result(): unknown {
    if (!app.word()) return nothing;
    const entry = app.need(regionRequest());
    return shown(entry, (result) => regionEffect(result.value));
  }
}
customElements.define('lv-patches', PatchesView);
