// Heads: every head of every layer at once; a click shows where it looks and why, a second one silences it.

import { html, nothing } from 'lit';
import { css } from '../draw/css';
import { app, Part, type Entry } from '../app';
import { ablateRequest, attentionRequest, silenceRequest, whyRequest } from '../maps';
import { choices, head, progress, shown } from '../parts';
import { rangeOf } from '../draw/colours';
import { number, percent, place, QUANTITIES } from '../text';
import type { Value } from '../api';
import type { Cells } from '../draw/matrix';
import '../draw/matrix';

const MEASURES: [string, string][] = [['increase', 'Log increase'], ['image', 'Attention to picture'], ['question', 'Attention to question'], ['first', 'First position'], ['need', 'Need']];
const ZONES: Record<string, string> = { image: 'image', question: 'question', first: 'first position' };

/** A measure of heads: one number each. */
interface Measure { values: number[][]; signed: boolean; unit: string; told: (v: number) => string; name: string }

export class HeadsView extends Part {
  override render(): unknown {
    const measure = app.state.measure in QUANTITIES ? app.state.measure : 'increase';
    const entry = this.entry(measure);
    return html`
      ${head('Which heads', html`Layers × heads, when “${app.word()?.text ?? '…'}” is predicted. Choose one to see where it looks; silence some to see what the answer becomes.`,
        choices('Measure', MEASURES, measure, (option) => app.set({ measure: option })))}
      ${entry ? shown(entry, () => this.measures(measure, entry.result)) : html`<p class="row"><button class="primary" data-act="need" @click=${() => { app.need(ablateRequest()); app.changed(); }}>Silence each head in turn</button> <span class="soft">one run for each</span></p>`}
      <p class="caption">${QUANTITIES[measure as 'increase']}</p>
      ${app.word() ? this.one() : nothing}
      ${app.word() && app.explain().result?.kind === 'explanation' ? this.silence() : nothing}`;
  }

  private entry(measure: string): Entry | undefined {
    if (measure === 'increase') return app.explain();
    if (!app.word()) return app.evidence();
    return measure === 'need' ? app.recall(ablateRequest()) : app.need(attentionRequest());
  }

  /** What is shown of the heads: of models that read by cross-attention, of each stack. */
  private measures(measure: string, result: Value): unknown {
    if (result?.kind === 'reading-looks') {
      return (result.value.looks as Value[]).map((look) => html`<h3>${look.stack}: ${look.from} ${look.kind === 'attention' ? 'at' : 'across at'} ${look.to}</h3>
        ${this.matrix({ values: look.mass, signed: false, unit: 'share', told: percent, name: `${look.stack}, ${look.from} at ${look.to}` }, false)}`);
    }
    if (measure === 'need') {
      const map = result.value.maps[0];
      const values = map.cells.map((line: Value[]) => line.map((cell) => cell.logProbability - map.base.logProbability));
      return html`<p class="lead">${result.value.conclusions[0]}</p>${this.matrix({ values, signed: true, unit: 'nats', told: (v) => `${number(v)} nats without it`, name: 'Heads' }, true, true)}`;
    }
    const signed = measure === 'increase';
    const values: number[][] | undefined = signed ? app.explained()?.heads : result?.value.grids?.find((one: Value) => one.zone === ZONES[measure])?.mass;
    if (!values) return html`<p>This model tells no such numbers of its heads. Try Attention to picture.</p>`;
    return this.matrix({ values, signed, unit: signed ? 'nats' : 'share', told: (v) => (signed ? `${number(v)} nats` : percent(v)), name: 'Heads' }, true);
  }

  private matrix(measure: Measure, chosen: boolean, least = false): unknown {
    const { values, signed, told } = measure;
    const [layer, one] = chosen && app.state.head ? app.state.head.split('.').map(Number) : [-1, -1];
    const off = chosen ? this.off() : [];
    const cells: Cells = {
      values, signed, range: signed ? rangeOf(values.flat(), true) : { low: 0, high: 1 }, rowNames: values.map((_, i) => String(i)), columnNames: values[0].map((_, i) => String(i)),
      rowAxis: 'layer', columnAxis: 'head', unit: measure.unit, row: layer, column: one, cell: 26, crossed: off.map((name) => name.split('.').map(Number) as [number, number]),
      told: (r, c) => `head ${r}.${c}: ${told(values[r][c])}${off.includes(`${r}.${c}`) ? ', silenced' : ''}`,
    };
    const order = values.flatMap((line, r) => line.map((v, c) => ({ name: `${r}.${c}`, v }))).sort((a, b) => (least ? a.v - b.v : b.v - a.v)).slice(0, 8);
    return html`<div class="beside"><lv-matrix .cells=${cells} name=${measure.name} @choose=${(event: CustomEvent<[number, number]>) => (chosen ? app.set({ head: event.detail.join('.') }) : undefined)}></lv-matrix>
      <div><h3>${least ? 'Missed most' : 'Strongest'}</h3><ol class="ranks">${order.map((one) => html`<li>${chosen ? html`<button class="link" data-head=${one.name} aria-pressed=${one.name === app.state.head ? 'true' : 'false'} @click=${() => app.set({ head: one.name })}>${one.name}</button>` : html`<span>${one.name}</span>`}<span class="num">${told(one.v).replace(' without it', '')}</span></li>`)}</ol></div></div>`;
  }

  /** What the chosen head writes and why it looked there. */
  private one(): unknown {
    const { head: name } = app.state;
    const word = app.explained();
    if (!name || !word) return nothing;
    const [layer, number_] = name.split('.').map(Number);
    const neurons: Value[] = (word.attentionNeurons ?? []).filter((one: Value) => one.layer === layer && one.head === number_);
    const why = app.recall(whyRequest(name));
    return html`<section class="one-head"><h3>Head ${name}</h3>
      <div class="row"><button data-act="toggle" aria-pressed=${this.off().includes(name) ? 'true' : 'false'} @click=${() => this.toggle(name)}>${this.off().includes(name) ? 'Let it speak' : 'Silence it'}</button>
        ${why || app.offline ? nothing : html`<button data-act="why" @click=${() => { app.need(whyRequest(name)); app.changed(); }}>Why does it look there?</button>`}</div>
      ${neurons.length ? html`<p class="said-by">What it writes that counts: ${neurons.slice(0, 4).map((one) => html`<span class="value-words"><small>at position ${one.position}</small> ${one.promotes.slice(0, 5).map((w: Value) => html`<span class="lens-word" ${css({ '--p': String(w.score) })}>${w.text.trim()}</span>`)}</span>`)}</p>` : nothing}
      ${why ? shown(why, () => this.why(why.result?.value)) : nothing}</section>`;
  }

  private why(value: Value): unknown {
    const found = value?.why;
    if (!found) return html`<p class="hint">No reason is told here.</p>`;
    const { parts } = found;
    const most = Math.max(...parts.query.map((one: Value) => Math.abs(one.above)), 1e-9);
    const list = (title: string, all: Value[], of: (one: Value) => number): unknown => html`<div><h4>${title}</h4><ol class="ranks bars">${all.slice(0, 6).map((one) => html`<li><span>${one.name}</span><span class="bar-cell"><span class="fill ${of(one) < 0 ? 'bad' : ''}" ${css({ width: `${Math.min(100, (100 * Math.abs(of(one))) / most)}%` })}></span></span><span class="num">${number(of(one))}</span></li>`)}</ol></div>`;
    return html`<p>It looks most at <b>${place(found.label)}</b>: ${percent(parts.probability)} of its attention. The score is a product of what this place asks for (query) and what that place offers (key); both are sums of what was written before.</p>
      <div class="reasons">${list('Asked for by', parts.query, (one) => one.above)}${list('Offered by', parts.key, (one) => one.score)}</div>`;
  }

  private off(): string[] { return app.state.off ? app.state.off.split(',') : []; }

  private toggle(name: string): void {
    const off = this.off();
    app.set({ off: (off.includes(name) ? off.filter((one) => one !== name) : [...off, name].sort()).join(',') });
  }

  /** The answer without some heads, and without others. */
  private silence(): unknown {
    const off = this.off();
    const values: number[][] = app.explained()?.heads ?? [];
    const best = values.flatMap((line, r) => line.map((v, c) => ({ name: `${r}.${c}`, v }))).sort((a, b) => b.v - a.v).slice(0, 4).map((one) => one.name).sort();
    const entry = off.length ? app.need(silenceRequest(off)) : undefined;
    return html`<section class="silence"><h3>Silenced together</h3><p class="soft">${QUANTITIES.silence}</p>
      <div class="row chips">${off.map((name) => html`<button class="chip" data-off=${name} aria-label=${`Let head ${name} speak`} @click=${() => this.toggle(name)}>${name}<span aria-hidden="true"> ×</span></button>`)}
        ${app.offline ? nothing : html`<button data-act="silence-best" ?disabled=${best.join(',') === app.state.off} @click=${() => app.set({ off: best.join(',') })}>Silence the four strongest</button>`}
        ${off.length ? html`<button class="quiet" data-act="speak" @click=${() => app.set({ off: '' })}>Let all speak</button>` : nothing}</div>
      ${entry ? (entry.result || entry.problem ? shown(entry, () => this.silenced(entry.result?.value)) : progress(entry)) : nothing}</section>`;
  }

  private silenced(value: Value): unknown {
    const found = value.maps[0];
    const row = (name: string, cell: Value, answer: string, kind: string): unknown => html`<tr class=${kind}><th scope="row">${name}</th><td class="num"><span class="bar-cell"><span class="fill" ${css({ width: `${100 * cell.probability}%` })}></span></span><span>${percent(cell.probability)}</span></td><td>${answer === found.answer ? html`<span class="soft">${answer}</span>` : html`<b>${answer || '(nothing)'}</b>`}</td></tr>`;
    return html`<p class="lead" data-found="silence">${value.conclusions[0]}</p>
      <div class="scroll" tabindex="0" role="region" aria-label="Answers without heads"><table><thead><tr><th scope="col">Without</th><th scope="col">“${value.target}”</th><th scope="col">The answer</th></tr></thead>
      <tbody>${row('nothing', found.clean, found.answer, '')}${row(found.without.heads.map((one: Value) => `${one.layer}.${one.head}`).join(', '), found.without.measured, found.without.answer, 'on')}
      ${(found.randoms as Value[]).map((one) => row(`random: ${one.heads.map((h: Value) => `${h.layer}.${h.head}`).join(', ')}`, one.measured, one.answer, 'soft'))}</tbody></table></div>`;
  }
}
customElements.define('lv-heads', HeadsView);
