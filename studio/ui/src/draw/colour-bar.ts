// A colour bar with its numbers, as colours are in a matrix or as they are laid over a picture.

import { html, nothing } from 'lit';
import { laid, rgb, solid, told, type Laid, type Range } from './colours';
import { css } from './css';
import { Drawn } from './element';

const STOPS = 32;

export class ColourBar extends Drawn {
  static override properties = { range: { attribute: false }, signed: { type: Boolean }, unit: {}, how: {}, end: { attribute: false }, at: { attribute: false } };
  declare range: Range;
  declare signed: boolean;
  declare unit: string;
  /** How the map is laid on a picture; nothing: a matrix. */
  declare how: Laid | undefined;
  declare end: (v: number) => string;
  /** The value that is pointed at. */
  declare at: number | null | undefined;

  constructor() {
    super();
    this.signed = false;
    this.unit = '';
  }

  override render(): unknown {
    const { range, signed, unit, end } = this;
    if (!range) return nothing;
    const { low, high } = range;
    const colour = (v: number): string => {
      if (!this.how) return rgb(solid(v, range, signed));
      const [r, g, b, a] = laid(v, range, signed, this.how);
      return `rgb(${r} ${g} ${b} / ${a / 255})`;
    };
    const stops = Array.from({ length: STOPS + 1 }, (_, i) => colour(low + ((high - low) * i) / STOPS)).join(', ');
    const place = told(this.at) ? 100 * Math.min(1, Math.max(0, (this.at - low) / (high - low))) : 0;
    return html`<div class="colour-bar" role="img" aria-label=${`Colour scale from ${end(low)} to ${end(high)}${signed ? ', hatched below zero' : ''}${unit ? `, ${unit}` : ''}`}>
      <div class="ramp ${signed ? 'signed' : ''}" ${css({ background: `linear-gradient(to right, ${stops})${this.how === 'light' ? ', var(--accent)' : ''}` })}><i class="at" ?hidden=${!told(this.at)} ${css({ left: `${place}%` })}></i></div>
      <div class="ends"><span>${low === 0 ? '0' : end(low)}</span><span>${signed ? '0' : end((low + high) / 2)}</span><span>${end(high)}</span></div>
      ${unit || signed ? html`<p class="unit">${[unit, signed ? 'below zero hatched' : ''].filter(Boolean).join('; ')}</p>` : nothing}</div>`;
  }
}
customElements.define('lv-colour-bar', ColourBar);
