// What all shared elements are: drawn into the page itself, so that one sheet serves them, and told by what they are given.

import { LitElement } from 'lit';

export abstract class Drawn extends LitElement {
  protected override createRenderRoot(): HTMLElement { return this; }

  /** Tells the page of a choice; how it is kept is the page's. */
  protected say(name: string, detail: unknown): void { this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true })); }
}

/** One whose drawing depends on its width. */
export abstract class Wide extends Drawn {
  protected width = 0;
  private readonly watch = new ResizeObserver(() => requestAnimationFrame(() => this.look()));

  private look(): void {
    const now = Math.floor(this.clientWidth);
    if (now > 0 && now !== this.width) { this.width = now; this.requestUpdate(); }
  }

  override connectedCallback(): void { super.connectedCallback(); this.look(); this.watch.observe(this); }
  override disconnectedCallback(): void { super.disconnectedCallback(); this.watch.disconnect(); }
}

/** What a table of positions and the pictures beside it tell of: where the pointer is, and what is kept. */
export const POINT = 'point';
export const PIN = 'pin';
export const LAYER = 'layer';
