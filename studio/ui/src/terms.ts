// Words that newcomers may not know, explained in one place: the library's own list of terms.

import { html, LitElement, nothing } from 'lit';
import { app } from './app';

let count = 0;

/** A word with its explanation, which a press opens. */
class TermHint extends LitElement {
  static override properties = { name: {}, said: {} };
  declare name: string;
  declare said: string;
  private readonly number = ++count;

  constructor() {
    super();
    this.name = '';
    this.said = '';
  }

  protected override createRenderRoot(): HTMLElement { return this; }

  override render(): unknown {
    const term = app.terms.find((one) => one.name === this.name);
    const text = this.said || this.name;
    if (!term) return html`${text}`;
    const id = `term-${this.number}`;
    return html`<button type="button" class="term" aria-haspopup="dialog" aria-controls=${id} title=${term.meaning} @click=${(event: Event) => this.show(event)}>${text}</button><span class="hint-box" id=${id} popover role="dialog" aria-label=${`What ${term.name} is`}><b>${term.name}</b>${term.unit ? html` <small>${term.unit}</small>` : nothing}<br>${term.meaning}</span>`;
  }

  private show(event: Event): void {
    const box = this.querySelector<HTMLElement>('.hint-box');
    if (!box) return;
    event.stopPropagation();
    box.togglePopover();
    const at = (event.currentTarget as HTMLElement).getBoundingClientRect();
    box.style.left = `${Math.max(8, Math.min(innerWidth - box.offsetWidth - 8, at.left))}px`;
    box.style.top = `${Math.min(innerHeight - box.offsetHeight - 8, at.bottom + 6)}px`;
  }
}
customElements.define('lv-term', TermHint);

export const term = (name: string, said = ''): unknown => html`<lv-term name=${name} said=${said}></lv-term>`;

/** All of them. */
export const glossary = (): unknown => (app.terms.length ? html`<details class="glossary"><summary>Words, explained</summary><dl>${app.terms.map((one) => html`<div><dt>${one.name}${one.unit ? html` <small>${one.unit}</small>` : nothing}</dt><dd>${one.meaning}</dd></div>`)}</dl></details>` : nothing);
