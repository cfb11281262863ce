// Patches: maps of the picture by several methods, and what the word loses when a region is hidden.

import { html, nothing } from 'lit';
import { css } from '../draw/css';
import { app, Part, told } from '../app';
import { measured, methodRequest, patchMaps } from '../maps';
import { choices, head, refusal, shown } from '../parts';
import { overlaid } from '../overlaid';
import { clear, markStrongest, maskFile, region, type Tool } from '../stage';
import { sizes } from '../superpixels';
import { number, percent, plain, real, QUANTITIES } from '../text';
import { server, type Problem, type Request } from '../api';
import type { ChangedCausalMap, Measures } from '../openapi';

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
    const request: Request<'occlude'> = { request: 'occlude', measure: measured(), parts: { kind: 'masks', pictures: [{ kind: 'stored', sha256: app.state.mask }], rings: 2, ...(app.state.image ? { of: app.state.image } : {}) } };
    const entry = app.need(request);
    return shown(entry, (result) => this.losses(result.value));
  }

  private losses(value: ChangedCausalMap): unknown {
    const map = value.maps[0];
    const names: Record<string, string> = { object: 'the region hidden', 'all but it': 'all but the region hidden' };
    const rows: [string, Measures][] = [['nothing hidden', map.base], ...map.columns.map((name, i): [string, Measures] => [names[name] ?? `the region and ${name.replace('+ ', '')} around it`, map.cells[0][i]])];
    return html`<p class="lead" data-found="knock">${plain(value.conclusions[0] ?? '')}</p>
      <div class="scroll" tabindex="0" role="region" aria-label="What the word loses"><table><thead><tr><th scope="col">Run</th><th scope="col">Probability of “${value.target}”</th><th scope="col">Against “${value.against}”</th></tr></thead>
      <tbody>${rows.map(([name, cell]) => html`<tr><th scope="row">${name}</th><td class="num"><span class="bar-cell"><span class="fill" ${css({ width: `${100 * real(cell.probability)}%` })}></span></span><span>${percent(cell.probability)}</span></td><td class="num">${number(cell.logitDifference)} nats</td></tr>`)}</tbody></table></div>`;
  }
}
customElements.define('lv-patches', PatchesView);
