// The sequence as a strip of tokens, images collapsed, each coloured by what a head brings from it.

import { html, nothing } from 'lit';
import { inkOn, rangeOf, rgb, solid, told } from './colours';
import './colour-bar';
import { css } from './css';
import { Drawn, PIN, POINT } from './element';
import { NAMES } from './names';
import { isPatch, type Reading } from './reading';
import { decimal, visible } from './text';
import { empty } from './words';
import type { Head, Token } from './source';

interface Run { image: number; token: Token; positions: number[] }

/** Single tokens, and for each stretch of image positions one run. */
export function runsOf(tokens: Token[]): Run[] {
  const runs: Run[] = [];
  for (const token of tokens) {
    const last = runs.at(-1);
    if (last && token.image >= 0 && last.image === token.image) last.positions.push(token.position);
    else runs.push({ image: token.image, token, positions: [token.position] });
  }
  return runs;
}

export class Prompt extends Drawn {
  static override properties = { reading: { attribute: false }, head: { attribute: false }, row: { type: Number }, word: {}, hover: { type: Number }, pin: { type: Number }, theme: {} };
  declare reading: Reading;
  declare head: Head | undefined;
  /** The position that predicts the word. */
  declare row: number;
  declare word: string;
  declare hover: number;
  declare pin: number;
  /** Changes when dark turns light or back. */
  declare theme: unknown;

  override render(): unknown {
    const { reading, head } = this;
    if (!reading) return nothing;
    const runs = runsOf(reading.tokens).map((run) => ({ ...run, v: head ? run.positions.reduce((all, p) => all + (head.positionIncrease[p] ?? 0), 0) : null }));
    const range = rangeOf(runs.map((run) => run.v), true);
    const pointed = runs.find((run) => run.image < 0 && run.positions[0] === this.hover)?.v ?? null;
    return html`<div class="token-strip">${runs.map((run) => (run.image >= 0 ? this.image(run, range) : this.token(run, range)))}</div>
      <div class="under-strip">${head ? html`<lv-colour-bar .range=${range} signed .unit=${`${NAMES.nats}, log increase through this head`} .end=${(v: number) => decimal(v, true)} .at=${pointed}></lv-colour-bar>` : empty('Not coloured: this head was not kept position by position.')}
      <p class="value-line">The underlined token is the position that predicts “${visible(this.word)}”.</p></div>`;
  }

  private tint(v: number | null, range: { low: number; high: number }): Record<string, string> {
    if (!told(v)) return {};
    const colour = solid(v, range, true);
    return { 'background-color': rgb(colour), color: inkOn(colour) };
  }

  private image(run: Run & { v: number | null }, range: { low: number; high: number }): unknown {
    const patches = run.positions.filter((p) => isPatch(this.reading.tokens[p])).length;
    return html`<button type="button" class="token image" title=${`${visible(this.reading.views[run.image].name)}: ${patches} patches, sum ${decimal(run.v, true)}`} ${css(this.tint(run.v, range))} @click=${() => this.say('image', run.image)}><bdi>image ${run.image + 1} · ${patches} patches</bdi><small> ${decimal(run.v, true)}</small></button>`;
  }

  private token(run: Run & { v: number | null }, range: { low: number; high: number }): unknown {
    const [p] = run.positions;
    const hot = p === this.hover || p === this.pin;
    return html`<button type="button" class="token ${run.token.role} ${p === this.row ? 'row' : ''} ${hot ? 'hot' : ''}" title=${`${run.token.label}: ${decimal(run.v, true)}`} data-token=${p} ${css(this.tint(run.v, range))}
      @pointerenter=${() => this.say(POINT, p)} @pointerleave=${() => this.say(POINT, -1)} @focus=${() => this.say(POINT, p)} @blur=${() => this.say(POINT, -1)} @click=${() => this.say(PIN, p)}><bdi>${visible(run.token.text)}</bdi></button>`;
  }
}
customElements.define('lv-prompt', Prompt);
