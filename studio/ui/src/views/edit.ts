// Edit: the picture is changed, the question asked again, and what the word loses stands beside the same change elsewhere.

import { html, nothing } from 'lit';
import { css } from '../draw/css';
import { app, Part, told, type Entry, type Word } from '../app';
import { add, askedAbout, chain, changed, judgedAbout, said, swap, swapped, take, type Operation } from '../edits';
import { choices, head, refusal, shown } from '../parts';
import { clear, markBox, markedRegion, region, type Tool } from '../stage';
import { sizes } from '../superpixels';
import { percent, QUANTITIES, real, signed } from '../text';
import { server, type Edited, type Picture, type Problem } from '../api';
import type { Evidence } from '../openapi';

const DOES: [string, string][] = [['blank', 'Blank'], ['paint', 'Paint'], ['blur', 'Blur'], ['crop', 'Crop'], ['mark', 'Mark'], ['around', 'All around'], ['swap', 'Swap']];
const COLOURS = ['red', 'green', 'blue', 'yellow', 'magenta', 'cyan', 'orange', 'white', 'grey', 'black'];
const SHAPES: [string, string][] = [['BOX', 'box'], ['ELLIPSE', 'ring'], ['CONTOUR', 'contour'], ['ARROW', 'arrow'], ['SCRIBBLE', 'scribble'], ['POINT', 'point'], ['TRIANGLE', 'triangle']];
const AROUND: [string, string][] = [['blur-outside', 'blurred'], ['grey-outside', 'without colours'], ['dim-outside', 'darkened']];

export class EditView extends Part {
  private does = 'blank';
  private colour = 'red';
  private shape = 'ELLIPSE';
  private around = 'blur-outside';
  private problem?: Problem;

  override connectedCallback(): void {
    super.connectedCallback();
    if (region.tool === 'look') region.tool = 'rectangle';
  }

  override render(): unknown {
    if (app.offline) return html`${head('Edit the picture', QUANTITIES.edit)}<p class="hint">Pictures are changed in the studio, not in a saved page.</p>`;
    if (!app.picture()) return html`${head('Edit the picture', QUANTITIES.edit)}<p class="hint">There is no picture to change.</p>`;
    return html`${head('Edit the picture', QUANTITIES.edit)}
      <div class="row">${choices('What is done', DOES, this.does, (does) => { this.does = does; this.requestUpdate(); })}</div>
      ${this.does === 'swap' ? this.pictures() : this.tools()}
      ${this.problem ? refusal(this.problem) : nothing}
      ${this.steps()}
      ${this.outcome()}`;
  }

  private select(name: string, options: (readonly [string, string])[], now: string, choose: (option: string) => void): unknown {
    return html`<label class="row">${name} <select data-choice=${name} @change=${(event: Event) => choose((event.target as HTMLSelectElement).value)}>${options.map(([value, text]) => html`<option value=${value} ?selected=${value === now}>${text}</option>`)}</select></label>`;
  }

  private tools(): unknown {
    const picture = app.picture() as Picture;
    const area = markedRegion()?.area;
    const at = area?.region === 'box' ? [area.x0, area.y0, area.x1, area.y1] : [];
    const field = (name: string, i: number, most: number): unknown => html`<label>${name} <input type="number" data-edge=${i} min="0" max=${most} .value=${at.length ? String(at[i]) : ''} @change=${() => this.fields()}></label>`;
    return html`<div class="row">
        ${choices<Tool>('Tool', [['rectangle', 'Rectangle'], ['brush', 'Brush'], ['superpixels', 'Superpixels']], region.tool === 'brush' || region.tool === 'superpixels' ? region.tool : 'rectangle', (tool) => { region.tool = tool; app.changed(); })}
        ${region.tool === 'superpixels' ? sizes() : nothing}
        ${this.does === 'paint' || this.does === 'mark' ? this.select('Colour', COLOURS.map((one) => [one, one] as const), this.colour, (colour) => { this.colour = colour; this.requestUpdate(); }) : nothing}
        ${this.does === 'mark' ? this.select('Shape', SHAPES, this.shape, (shape) => { this.shape = shape; this.requestUpdate(); }) : nothing}
        ${this.does === 'around' ? this.select('All else is', AROUND, this.around, (around) => { this.around = around; this.requestUpdate(); }) : nothing}
        <button class="quiet" ?disabled=${region.empty} @click=${() => { clear(); app.changed(); }}>Clear</button>
        <button class="primary" data-act="change" ?disabled=${region.empty} @click=${() => this.change()}>Change it</button></div>
      <div class="row edges" role="group" aria-label="The region in pixels">${field('left', 0, picture.width)}${field('top', 1, picture.height)}${field('right', 2, picture.width)}${field('bottom', 3, picture.height)}
        ${region.empty ? html`<small>Draw on the picture, or write its edges in pixels; the picture is ${picture.width} × ${picture.height}.</small>` : nothing}</div>`;
  }

  private fields(): void {
    const edges = [0, 1, 2, 3].map((i) => Number(this.querySelector<HTMLInputElement>(`[data-edge="${i}"]`)?.value || NaN));
    if (edges.every(Number.isFinite) && edges[2] > edges[0] && edges[3] > edges[1]) {
      markBox(edges[0], edges[1], edges[2], edges[3]);
      app.changed();
    }
  }

  private change(): void {
    const marked = markedRegion();
    const picture = app.picture();
    if (!marked || !picture) return;
    const { area: where, bounds: box } = marked;
    const stroke = Math.max(1, Math.round(Math.max(picture.width, picture.height) / 56));
    const sigma = Math.max(2, Math.round(Math.max(picture.width, picture.height) / 20));
    const made: Record<string, () => Operation> = {
      blank: () => ({ op: 'fill', region: where, colour: 'grey', alpha: 1 }),
      paint: () => ({ op: 'fill', region: where, colour: this.colour, alpha: 1 }),
      blur: () => ({ op: 'blur-inside', region: where, sigma }),
      crop: () => ({ op: 'crop', box, margin: 0 }),
      mark: () => ({ op: 'outline', shape: this.shape, region: where, colour: this.colour, stroke, alpha: 1, grow: this.shape === 'ELLIPSE' ? 0.1 : 0, side: 'CENTRE', seed: 0 }),
      around: () => (this.around === 'blur-outside' ? { op: 'blur-outside', region: where, sigma } : this.around === 'dim-outside' ? { op: 'dim-outside', region: where, factor: 0.3 } : { op: 'grey-outside', region: where }),
    };
    add(made[this.does]());
    clear();
  }

  /** Another picture in the place of this one. */
  private pictures(): unknown {
    return html`<div class="swaps" role="group" aria-label="Another picture">${app.samples.filter((one) => one.picture.sha256 !== app.sums()[app.state.image]).map((one) => html`<button class="shot" data-swap=${one.picture.sha256} aria-pressed=${one.picture.sha256 === swapped() ? 'true' : 'false'} aria-label=${`The picture of ${one.objects.join(', ')}`} @click=${() => swap(one.picture.sha256)}><img src=${app.address(one.picture.sha256)} alt=""></button>`)}
      <label class="button">A file<input type="file" accept="image/*" class="visually-hidden" data-act="swap-file" @change=${(event: Event) => void this.file(event)}></label></div>`;
  }

  private async file(event: Event): Promise<void> {
    const file = (event.target as HTMLInputElement).files?.[0];
    if (!file) return;
    this.problem = undefined;
    try {
      const kept = await server.send(file, file.name);
      app.pictures.set(kept.sha256, kept);
      swap(kept.sha256);
    } catch (refused) {
      this.problem = told(refused);
      this.requestUpdate();
    }
  }

  private steps(): unknown {
    if (!app.state.edit) return nothing;
    const all = chain();
    return html`<ol class="steps" aria-label="What was done">${all.map((one, i) => html`<li><span>${said(one)}</span><button class="quiet" aria-label=${`Take back: ${said(one)}`} @click=${() => take(i)}>×</button></li>`)}${swapped() ? html`<li><span>another picture in its place</span></li>` : nothing}
      <li><button class="link" data-act="anew" @click=${() => app.set({ edit: '' })}>Start over</button></li></ol>`;
  }

  private outcome(): unknown {
    const made = changed();
    if (!made) return nothing;
    if (made.problem) return refusal(made.problem);
    if (!made.edited) return html`<p class="hint" role="status">Changing the picture …</p>`;
    const word = app.word();
    const before = app.evidence();
    if (!word || !before.result) return shown(before, () => nothing);
    return this.compared(made.edited, word, before.result.value);
  }

  private compared(edited: Edited, word: Word, before: Evidence): unknown {
    const at = app.wordIndex();
    const ask = app.need(askedAbout(edited.picture.sha256));
    const judged = app.need(judgedAbout(edited.picture.sha256));
    const controls = edited.controls.map((one) => ({ picture: one, entry: app.need(judgedAbout(one.sha256)) }));
    const log = (entry: Entry<'evidence'>): number | undefined => entry.result?.value.words[at]?.logProbability ?? undefined;
    const was = real(word.logProbability);
    const now = log(judged);
    const others = controls.map((one) => log(one.entry)).filter((one): one is number => one !== undefined);
    const effect = now === undefined ? undefined : now - was;
    const elsewhere = others.map((one) => one - was);
    const mean = elsewhere.length && elsewhere.length === controls.length ? elsewhere.reduce((all, one) => all + one, 0) / elsewhere.length : undefined;
    const answer = ask.result?.value.answer;
    const first = before.answer;
    return html`
      ${effect !== undefined && (mean !== undefined || !controls.length) ? html`<p class="lead" data-found="edit">With this change “${word.text}” goes from ${percent(Math.exp(was))} to ${percent(Math.exp(now as number))}: <b>${signed(effect)} nats</b>.${mean !== undefined ? html` The same change elsewhere in the picture: ${signed(mean)} nats on average (${elsewhere.map(signed).join(', ')}).` : nothing}</p>` : nothing}
      <div class="pairs">
        ${this.card('As it was', app.picture() as Picture, first, was, word.text)}
        ${this.card('Changed', edited.picture, answer, now, word.text, answer !== undefined && answer !== first)}
        ${controls.length ? this.card('The same elsewhere', controls[0].picture, undefined, log(controls[0].entry), word.text) : nothing}
      </div>
      ${judged.result ? nothing : shown(judged, () => nothing)}${ask.problem ? refusal(ask.problem) : nothing}
      ${controls.find((one) => one.entry.problem) ? refusal(controls.find((one) => one.entry.problem)?.entry.problem as Problem) : nothing}
      ${edited.notes.map((note) => html`<p class="caption">${note}</p>`)}
      <p class="row"><a class="button" data-act="save" href=${app.address(edited.picture.sha256)} download=${edited.picture.name}>Save the changed picture</a>
        <button data-act="adopt" @click=${() => app.show([edited.picture.sha256], false)}>Ask about it from now on</button></p>`;
  }

  private card(title: string, picture: Picture, answer: string | undefined, log: number | undefined, word: string, other = false): unknown {
    return html`<figure class="pair"><img src=${app.address(picture.sha256)} alt=${title} ${css({ 'aspect-ratio': `${picture.width} / ${picture.height}` })}>
      <figcaption><b>${title}</b>${other ? html` <span class="tag">another answer</span>` : nothing}
      ${answer === undefined ? nothing : html`<p>${answer}</p>`}
      <p class="num">${log === undefined ? html`<small>…</small>` : html`<span class="bar-cell"><span class="fill" ${css({ width: `${Math.round(100 * Math.exp(log))}%` })}></span></span><span>${percent(Math.exp(log))}</span> <small>for “${word}”</small>`}</p></figcaption></figure>`;
  }
}
customElements.define('lv-edit', EditView);
