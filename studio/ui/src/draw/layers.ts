// Layer by layer: what attention and feed-forward added; and which part of the prompt it came from.

import { html, nothing, svg } from 'lit';
import { told } from './colours';
import { css } from './css';
import { LAYER, Wide } from './element';
import { NAMES } from './names';
import { decimal, percent } from './text';
import { empty } from './words';
import type { Explained, Token } from './source';

const LEFT = 44;
const TOP = 10;
const HIGH = 210;

/** Round numbers between two ends, about so many. */
export function ticks(low: number, high: number, about: number): number[] {
  const raw = (high - low) / about || 1;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((one) => one * power).find((one) => one >= raw) ?? 10 * power;
  const all: number[] = [];
  for (let v = Math.ceil(low / step) * step; v <= high + step / 1e6; v += step) all.push(Math.abs(v) < step / 1e6 ? 0 : v);
  return all;
}

const short = (v: number): string => (v === 0 ? '0' : decimal(v).replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, ''));

/** Two bars for each layer. */
export class LayerBars extends Wide {
  static override properties = { attention: { attribute: false }, feedForward: { attribute: false }, layer: { type: Number }, at: { state: true } };
  declare attention: (number | null)[];
  declare feedForward: (number | null)[];
  /** The chosen layer; -1 for none. */
  declare layer: number;
  /** The one that is pointed at. */
  declare at: number;

  constructor() {
    super();
    this.layer = -1;
    this.at = -1;
  }

  override render(): unknown {
    const { attention, feedForward } = this;
    const layers = attention?.length ?? 0;
    if (layers === 0) return empty('No layer increases were kept for this word.');
    if (this.width === 0) return nothing;
    const all = [...attention, ...feedForward, 0].filter(told);
    const [min, max] = [Math.min(...all), Math.max(...all)];
    const y = (v: number): number => TOP + ((max - v) / (max - min || 1)) * HIGH;
    const slot = Math.min(230, (this.width - LEFT - 4) / layers);
    const wide = Math.max(2, slot * 0.36);
    const bar = (l: number, v: number | null, k: number): unknown => (v === null ? nothing : svg`<rect class=${k === 0 ? 'attention' : 'feed-forward'} x=${LEFT + l * slot + slot / 2 + (k === 0 ? -wide - 0.5 : 0.5)} y=${Math.min(y(v), y(0))} width=${wide} height=${Math.max(0.6, Math.abs(y(v) - y(0)))} rx=${Math.min(2, wide / 4)}/>`);
    const shown = this.at >= 0 ? this.at : this.layer < layers ? this.layer : -1;
    return html`<div class="scroll-x"><svg class="bars" width=${LEFT + slot * layers + 4} height=${HIGH + TOP + 40} tabindex="0" role="application" aria-roledescription="bar chart" aria-label=${`Log increase of ${layers} layers. Arrow keys move, Enter chooses a layer.`}
        @pointermove=${(event: PointerEvent) => { this.at = this.placeOf(event, slot); }} @pointerleave=${() => { this.at = -1; }} @blur=${() => { this.at = -1; }}
        @click=${(event: MouseEvent) => this.choose(this.placeOf(event, slot))} @keydown=${(event: KeyboardEvent) => this.key(event)}>
      ${ticks(min, max, 5).map((v) => svg`<line class=${v === 0 ? 'zero' : 'rule'} x1=${LEFT} x2=${LEFT + slot * layers} y1=${y(v)} y2=${y(v)}/><text x=${LEFT - 7} y=${y(v) + 3.5} text-anchor="end">${short(v)}</text>`)}
      ${shown >= 0 ? svg`<rect class="layer-band" x=${LEFT + shown * slot} y=${TOP - 4} width=${slot} height=${HIGH + 8} rx="3"/>` : nothing}
      ${attention.map((v, l) => svg`${bar(l, v, 0)}${bar(l, feedForward[l], 1)}${slot >= 17 || l % 4 === 0 ? svg`<text x=${LEFT + (l + 0.5) * slot} y=${HIGH + TOP + 16} text-anchor="middle">${l}</text>` : nothing}`)}
      <text class="axis" x=${LEFT + (slot * layers) / 2} y=${HIGH + TOP + 34} text-anchor="middle">layer</text></svg></div>
      <p class="value-line" role="status">${shown >= 0 ? `Layer ${shown}: attention ${decimal(attention[shown], true)}, feed-forward ${decimal(feedForward[shown], true)}` : 'Point at a layer for its numbers.'}</p>`;
  }

  private placeOf(event: MouseEvent, slot: number): number {
    const at = Math.floor((event.clientX - (this.querySelector('svg.bars') as Element).getBoundingClientRect().left - LEFT) / slot);
    return at >= 0 && at < this.attention.length ? at : -1;
  }

  private choose(at: number): void {
    if (at >= 0) this.say(LAYER, at === this.layer ? -1 : at);
  }

  private key(event: KeyboardEvent): void {
    const now = this.at >= 0 ? this.at : Math.max(0, this.layer);
    const move = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (move) this.at = Math.min(this.attention.length - 1, Math.max(0, this.at < 0 ? now : now + move));
    else if (event.key === 'Enter') this.choose(now);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
customElements.define('lv-layer-bars', LayerBars);

const sum = (values: (number | null)[]): number => values.reduce<number>((all, v) => all + (v ?? 0), 0);

/** From the embedding to the word: what all attention and all feed-forward networks add. */
export function telescope(word: Explained): unknown {
  const [attention, feed] = [sum(word.attention), sum(word.feedForward)];
  const end = word.logProbability ?? NaN;
  const gap = end - ((word.embeddingLogProbability ?? NaN) + attention + feed);
  const term = (kind: string, v: number | null, what: string, change: boolean): unknown => html`<span class="term ${kind}"><b>${decimal(v, change)}</b><small>${what}</small></span>`;
  const contrast = word.target.kind === 'contrast';
  return html`<div class="telescope">${term('embedding', word.embeddingLogProbability, 'embedding', false)}${term('attention', attention, 'attention', true)}${term('feed-forward', feed, 'feed-forward', true)}
    <span class="equals">=</span>${term('end', end, `${contrast ? 'difference' : 'log probability'}, ${NAMES.nats}`, false)}
    ${contrast || word.target.kind === 'answer' ? nothing : html`<span class="percent">${percent(Math.exp(end))}</span>`}
    ${Math.abs(gap) > 0.02 ? html`<p class="note">The steps miss the end by ${decimal(gap, true)}.</p>` : nothing}</div>`;
}

export const layerKey = (): unknown => html`<p class="layer-key"><span class="attention">attention</span><span class="feed-forward">feed-forward</span></p>`;

const ZONES: Record<string, string> = { image: 'Image', question: 'Question', template: 'Template', answer: 'Answer' };

/** What came from each part of the prompt that this prompt has: a passage, say, is what readers are given. */
export function zoneBars(word: Explained, tokens: Token[]): unknown {
  const zones = Object.entries(word.zones ?? {}).filter(([name]) => tokens.some((token) => token.role === name));
  if (zones.length === 0) return empty('No zones were measured for this word.');
  const whole = zones.reduce((all, [, v]) => all + Math.abs(v ?? 0), 0) || 1;
  const end = Math.max(...zones.map(([, v]) => Math.abs(v ?? 0))) || 1;
  const negative = zones.some(([, v]) => (v ?? 0) < 0);
  return html`<table class="zone-bars"><tbody>${zones.map(([name, value]) => {
    const v = value ?? 0;
    const part = (100 * Math.abs(v)) / end / (negative ? 2 : 1);
    return html`<tr><th scope="row">${ZONES[name] ?? name}</th><td class="zone-track"><span class="track ${negative ? 'mid' : ''}"><i class=${v < 0 ? 'fall' : 'rise'} ${css({ width: `${part}%`, 'margin-left': negative ? `${v < 0 ? 50 - part : 50}%` : '0' })}></i></span></td>
      <td class="num">${decimal(v, true)}</td><td class="num faint">${percent(Math.abs(v) / whole)}</td></tr>`;
  })}</tbody></table>`;
}
