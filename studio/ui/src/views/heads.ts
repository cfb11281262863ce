// Heads: every head of every layer at once; a click shows where it looks and why, a second one silences it.

import { html, nothing } from 'lit';
import { css } from '../draw/css';
import { app, Part, PILES, type Entry, type Pile } from '../app';
import { ablateRequest, attentionRequest, looksRequest, silenceRequest, whyRequest } from '../maps';
import { choices, head, progress, shown } from '../parts';
import { isDark } from '../draw/colours';
import '../draw/heads';
import { layerKey, telescope, zoneBars } from '../draw/layers';
import '../draw/positions';
import '../draw/prompt';
import { headOf } from '../draw/reading';
import { pinned, pointed, positionOf, served } from '../served';
import { number, percent, place, real, QUANTITIES } from '../text';
import type { HeadMeasure } from '../draw/heads';
import type { Result } from '../api';
import type { AttentionResultWhyThere, ChangedSilencingResult, Measures, StackLooks } from '../openapi';

const MEASURES: [string, string][] = [['increase', 'Log increase'], ['image', 'Attention to picture'], ['question', 'Attention to question'], ['first', 'First position'], ['need', 'Need']];
const LOOKS: [string, string][] = [['need', 'Need'], ['entropy', 'Entropy'], ['distance', 'Distance'], ['most', 'Resting place'], ['first', 'First position'], ['self', 'Itself']];
const ZONES: Record<string, string> = { image: 'image', question: 'question', first: 'first position' };

export class HeadsView extends Part {
  override render(): unknown {
    if (app.state.stack !== 'decoder') return this.elsewhere();
    const measure = app.state.measure in QUANTITIES ? app.state.measure : 'increase';
    const entry = this.entry(measure);
    return html`
      ${head('Which heads', html`Heads of all layers, when “${app.word()?.text ?? '…'}” is predicted. Choose one to see where it looks; silence some to see what the answer becomes.`,
        html`<div class="picks">${this.piles()}${choices('Measure', MEASURES, measure, (option) => app.set({ measure: option }))}</div>`)}
      ${entry ? shown(entry, (result) => this.measures(measure, result)) : html`<p class="row"><button class="primary" data-act="need" @click=${() => { app.need(ablateRequest()); app.changed(); }}>Silence each head in turn</button> <span class="soft">one run for each</span></p>`}
      <p class="caption">${QUANTITIES[measure as 'increase']}</p>
      ${app.word() ? this.one() : nothing}
      ${app.word() && app.explain().result?.kind === 'explanation' ? this.silence() : nothing}`;
  }

  /** Whose heads are looked at, where there are several stacks. */
  private piles(): unknown {
    const all = app.piles();
    return all.length < 2 ? nothing : choices<Pile>('Stack', all.map((pile): [Pile, string] => [pile, PILES[pile]]), app.state.stack, (stack) => app.set({ stack, off: '', head: '' }));
  }

  /** Heads of another stack than the decoder: what the word loses without each, and the answer without some. */
  private elsewhere(): unknown {
    const name = PILES[app.state.stack];
    const measure = LOOKS.some(([one]) => one === app.state.measure) ? app.state.measure : 'need';
    const entry: Entry | undefined = measure !== 'need' ? app.need(looksRequest()) : app.word() ? app.recall(ablateRequest()) : app.evidence();
    return html`
      ${head('Which heads', html`Heads of the ${name === 'Q-Former' ? name : name.toLowerCase()}, and ${measure === 'need' ? html`what “${app.word()?.text ?? '…'}” loses without each` : 'how they look'}. Press one to silence it: the answer follows.`,
        html`<div class="picks">${this.piles()}${choices('Measure', LOOKS, measure, (option) => app.set({ measure: option }))}</div>`)}
      ${entry ? shown(entry, (result) => (result.kind === 'causal-maps' ? this.measures('need', result) : result.kind === 'stack-looks' ? this.looks(measure, result.value) : nothing)) : html`<p class="row"><button class="primary" data-act="need" @click=${() => { app.need(ablateRequest()); app.changed(); }}>Silence each head in turn</button> <span class="soft">one run for each</span></p>`}
      <p class="caption">${QUANTITIES[measure as 'need']}</p>
      ${app.word() ? this.silence() : nothing}`;
  }

  /** How heads look, of each kind of attention of the stack. */
  private looks(measure: string, value: StackLooks): unknown {
    return value.looks.map((look) => {
      const grid = look.grids.find((one) => one.measure.toLowerCase() === measure);
      const told = (v: number | null): string => (v === null ? 'no such attention here' : grid?.unit === 'share' ? percent(v) : `${number(v)} ${grid?.unit ?? ''}`);
      return grid ? html`<h3>${look.kind === 'attention' ? 'Attention' : 'Cross-attention'}: ${look.rows} positions at ${look.columns}</h3>${this.matrix({ values: grid.values, signed: false, unit: grid.unit, told, name: `${PILES[app.state.stack]}, ${measure}`, list: 'Largest' }, look.kind === 'attention')}` : html`<p class="hint">There is no such measure of this ${look.kind}.</p>`;
    });
  }

  /** The four heads of which most is expected: those that the word misses most, or that write most for it. */
  private strongest(): string[] {
    const away = app.state.stack !== 'decoder';
    const result = away && app.word() ? app.recall(ablateRequest())?.result : undefined;
    const values = away ? (result?.kind === 'causal-maps' ? result.value.maps[0].cells.map((line) => line.map((cell) => -real(cell.logProbability))) : []) : app.explained()?.heads ?? [];
    return values.flatMap((line, r) => line.map((v, c) => ({ name: `${r}.${c}`, v }))).sort((a, b) => real(b.v) - real(a.v)).slice(0, 4).map((one) => one.name).sort();
  }

  private entry(measure: string): Entry | undefined {
    if (measure === 'increase') return app.explain();
    if (!app.word()) return app.evidence();
    return measure === 'need' ? app.recall(ablateRequest()) : app.need(attentionRequest());
  }

  /** What is shown of the heads: of models that read by cross-attention, of each stack. */
  private measures(measure: string, result: Result): unknown {
    if (result.kind === 'reading-looks') {
      return result.value.looks.map((look) => html`<h3>${look.stack}: ${look.from} ${look.kind === 'attention' ? 'at' : 'across at'} ${look.to}</h3>
        ${this.matrix({ values: look.mass, signed: false, unit: 'share', told: percent, name: `${look.stack}, ${look.from} at ${look.to}` }, false)}`);
    }
    if (result.kind === 'causal-maps') {
      const map = result.value.maps[0];
      const values = map.cells.map((line) => line.map((cell) => real(cell.logProbability) - real(map.base.logProbability)));
      return html`<p class="lead">${result.value.conclusions[0]}</p>${this.matrix({ values, signed: true, unit: 'nats', told: (v) => `${number(v)} nats`, name: 'Heads', least: true }, true)}`;
    }
    const signed = measure === 'increase';
    const values = signed ? app.explained()?.heads : result.kind === 'attention-result' ? result.value.grids.find((one) => one.zone === ZONES[measure])?.mass : undefined;
    if (!values) return html`<p>This model tells no such numbers of its heads. Try Attention to picture.</p>`;
    const known: [number, number][] = signed ? (app.explained()?.topHeads ?? []).filter((one) => one.positions.length).map((one): [number, number] => [one.layer, one.head]) : [];
    return html`${this.matrix({ values, signed, unit: signed ? 'nats' : 'share', told: (v) => (signed ? `${number(v)} nats` : percent(v)), name: 'Heads', known }, true)}${signed ? this.layers() : nothing}`;
  }

  private matrix(measure: HeadMeasure, chosen: boolean): unknown {
    return html`<lv-head-map .measure=${chosen ? { ...measure, off: this.off() } : measure} .layer=${app.state.layer - 1} .head=${chosen && app.state.head ? app.state.head.split('.').map(Number) : null} ?fixed=${!chosen} @head=${(event: CustomEvent<[number, number]>) => (app.state.stack === 'decoder' ? app.set({ head: event.detail.join('.') }) : this.toggle(event.detail.join('.')))}></lv-head-map>`;
  }

  /** What layers add, and which part of the prompt it comes from. */
  private layers(): unknown {
    const word = app.explained();
    const reading = served();
    if (!word || !reading) return nothing;
    return html`<section class="by-layers"><h3>Layer by layer</h3>${telescope(word)}${layerKey()}<lv-layer-bars .attention=${word.attention} .feedForward=${word.feedForward} .layer=${app.state.layer - 1} @layer=${(event: CustomEvent<number>) => app.set({ layer: event.detail < 0 ? -1 : event.detail + 1 }, true)}></lv-layer-bars>
      <h3>Where it came from</h3>${zoneBars(word, reading.tokens)}</section>`;
  }

  /** What the chosen head read, position by position. */
  private read(name: string): unknown {
    const word = app.explained();
    const reading = served();
    if (!word || !reading) return nothing;
    const found = headOf(word.topHeads, name.split('.').map(Number));
    const [hover, pin] = [positionOf(app.hover), positionOf(app.state.patch)];
    return html`<h4>What it read</h4><lv-positions .reading=${reading} .head=${found} chosen .hover=${hover} .pin=${pin} @point=${pointed} @pin=${pinned}></lv-positions>
      ${found ? html`<h4>The prompt as it was read</h4><lv-prompt .reading=${reading} .head=${found} .row=${word.row} .word=${word.target.text} .hover=${hover} .pin=${pin} .theme=${isDark()} @point=${pointed} @pin=${pinned} @image=${(event: CustomEvent<number>) => app.set({ image: app.views()[event.detail]?.picture ?? 0, tile: app.views()[event.detail]?.tile ?? 0 }, true)}></lv-prompt>` : nothing}`;
  }

  /** What the chosen head writes and why it looked there. */
  private one(): unknown {
    const { head: name } = app.state;
    const word = app.explained();
    if (!name || !word) return nothing;
    const [layer, number_] = name.split('.').map(Number);
    const neurons = word.attentionNeurons.filter((one) => one.layer === layer && one.head === number_);
    const why = app.recall(whyRequest(name));
    return html`<section class="one-head"><h3>Head ${name}</h3>
      <div class="row"><button data-act="toggle" aria-pressed=${this.off().includes(name) ? 'true' : 'false'} @click=${() => this.toggle(name)}>${this.off().includes(name) ? 'Let it speak' : 'Silence it'}</button>
        ${why || app.offline ? nothing : html`<button data-act="why" @click=${() => { app.need(whyRequest(name)); app.changed(); }}>Why does it look there?</button>`}</div>
      ${neurons.length ? html`<p class="said-by">What it writes that counts: ${neurons.slice(0, 4).map((one) => html`<span class="value-words"><small>at position ${one.position}</small> ${one.promotes.slice(0, 5).map((w) => html`<span class="lens-word" ${css({ '--p': String(w.score) })}>${w.text.trim()}</span>`)}</span>`)}</p>` : nothing}
      ${why ? shown(why, (result) => this.why(result.kind === 'attention-result' ? result.value.why : null)) : nothing}
      ${this.read(name)}</section>`;
  }

  private why(found: AttentionResultWhyThere | null): unknown {
    if (!found) return html`<p class="hint">No reason is told here.</p>`;
    const { parts } = found;
    const most = Math.max(...parts.query.map((one) => Math.abs(real(one.above))), 1e-9);
    const list = <T extends { name: string }>(title: string, all: T[], of: (one: T) => number): unknown => html`<div><h4>${title}</h4><ol class="ranks bars">${all.slice(0, 6).map((one) => html`<li><span>${one.name}</span><span class="bar-cell"><span class="fill ${of(one) < 0 ? 'bad' : ''}" ${css({ width: `${Math.min(100, (100 * Math.abs(of(one))) / most)}%` })}></span></span><span class="num">${number(of(one))}</span></li>`)}</ol></div>`;
    return html`<p>It looks most at <b>${place(found.label)}</b>: ${percent(parts.probability)} of its attention. The score is a product of what this place asks for (query) and what that place offers (key); both are sums of what was written before.</p>
      <div class="reasons">${list('Asked for by', parts.query, (one) => real(one.above))}${list('Offered by', parts.key, (one) => real(one.score))}</div>`;
  }

  private off(): string[] { return app.state.off ? app.state.off.split(',') : []; }

  private toggle(name: string): void {
    const off = this.off();
    app.set({ off: (off.includes(name) ? off.filter((one) => one !== name) : [...off, name].sort()).join(',') });
  }

  /** The answer without some heads, and without others. */
  private silence(): unknown {
    const off = this.off();
    const best = this.strongest();
    const entry = off.length ? app.need(silenceRequest(off)) : undefined;
    return html`<section class="silence"><h3>Silenced together</h3><p class="soft">${QUANTITIES.silence}</p>
      <div class="row chips">${off.map((name) => html`<button class="chip" data-off=${name} aria-label=${`Let head ${name} speak`} @click=${() => this.toggle(name)}>${name}<span aria-hidden="true"> ×</span></button>`)}
        ${app.offline || !best.length ? nothing : html`<button data-act="silence-best" ?disabled=${best.join(',') === app.state.off} @click=${() => app.set({ off: best.join(',') })}>Silence the four strongest</button>`}
        ${off.length ? html`<button class="quiet" data-act="speak" @click=${() => app.set({ off: '' })}>Let all speak</button>` : nothing}</div>
      ${entry ? (entry.result || entry.problem ? shown(entry, (result) => this.silenced(result.value)) : progress(entry)) : nothing}</section>`;
  }

  private silenced(value: ChangedSilencingResult): unknown {
    const found = value.maps[0];
    const row = (name: string, cell: Measures, answer: string, kind: string): unknown => html`<tr class=${kind}><th scope="row">${name}</th><td class="num"><span class="bar-cell"><span class="fill" ${css({ width: `${100 * real(cell.probability)}%` })}></span></span><span>${percent(cell.probability)}</span></td><td>${answer === found.answer ? html`<span class="soft">${answer}</span>` : html`<b>${answer || '(nothing)'}</b>`}</td></tr>`;
    return html`<p class="lead" data-found="silence">${value.conclusions[0]}</p>
      <div class="scroll" tabindex="0" role="region" aria-label="Answers without heads"><table><thead><tr><th scope="col">Without</th><th scope="col">“${value.target}”</th><th scope="col">The answer</th></tr></thead>
      <tbody>${row('nothing', found.clean, found.answer, '')}${row(found.without.heads.map((one) => `${one.layer}.${one.head}`).join(', '), found.without.measured, found.without.answer, 'on')}
      ${found.randoms.map((one) => row(`random: ${one.heads.map((h) => `${h.layer}.${h.head}`).join(', ')}`, one.measured, one.answer, 'soft'))}</tbody></table></div>`;
  }
}
customElements.define('lv-heads', HeadsView);
