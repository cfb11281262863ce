// A first tour: a few stops, each at the thing that it speaks of.

import { html, nothing, type PropertyValues } from 'lit';
import { app, Part, type View } from './app';

interface Stop { view: View; at: string; title: string; text: string }

const STOPS: Stop[] = [
  { view: 'ask', at: '.stage', title: 'A picture and a question', text: 'The bundled model Pupil was asked about this picture. Drop your own on the page, or choose one below; type another question and press Ask.' },
  { view: 'ask', at: '.answer', title: 'An answer, word by word', text: 'Each word has the colour of its verdict. This one rests on the picture: without the picture the model would not say it. Choose a word, and every view is about that word.' },
  { view: 'patches', at: '.thumbs', title: 'Which patches?', text: 'Several methods say which parts of the picture matter for the word. Bright is much. They need not agree.' },
  { view: 'patches', at: '.knock', title: 'Do not believe it, test it', text: 'Mark a region and hide it. What the word loses says whether it needs the region; what is left when all else is hidden says whether the region is enough.' },
  { view: 'heads', at: 'lv-matrix', title: 'Through which heads?', text: 'Each cell is a head of a layer: one small reader inside the model. Choose one to see where it looks. Silence the strongest, and the answer changes; random ones beside them show that it is these.' },
  { view: 'compare', at: '.duel', title: 'Which map to trust', text: 'Two maps lie against each other under a slider. Compare the methods, and the model itself says which map names first what it cannot do without.' },
  { view: 'library', at: '.runs', title: 'Nothing is lost', text: 'Every run stays here, with its command and its code. Write notes, or save the question with all its views as one page to mail.' },
];

class Tour extends Part {
  private at = -1;

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('lynceus-tour', () => this.go(0));
  }

  private go(stop: number): void {
    this.at = stop < STOPS.length ? stop : -1;
    try { localStorage.setItem('lynceus-toured', 'yes'); } catch { /* a file may have no storage */ }
    const next = STOPS[this.at];
    if (next) app.set({ view: next.view });
    this.requestUpdate();
    if (!next) for (const one of document.querySelectorAll('.toured')) one.classList.remove('toured');
  }

  override render(): unknown {
    const stop = STOPS[this.at];
    if (!stop) return nothing;
    return html`<div class="tour" role="dialog" aria-label="Tour" @keydown=${(event: KeyboardEvent) => { if (event.key === 'Escape') { event.stopPropagation(); this.go(STOPS.length); } }}>
      <small>${this.at + 1} of ${STOPS.length}</small><h3>${stop.title}</h3><p aria-live="polite">${stop.text}</p>
      <div class="row"><button class="quiet" data-act="tour-end" @click=${() => this.go(STOPS.length)}>End</button>
        ${this.at > 0 ? html`<button data-act="tour-back" @click=${() => this.go(this.at - 1)}>Back</button>` : nothing}
        <button class="primary" data-act="tour-next" @click=${() => this.go(this.at + 1)}>${this.at + 1 < STOPS.length ? 'Next' : 'Done'}</button></div></div>`;
  }

  protected override updated(_changed: PropertyValues): void {
    const stop = STOPS[this.at];
    if (!stop) return;
    setTimeout(() => {
      const thing = document.querySelector(stop.at);
      for (const one of document.querySelectorAll('.toured')) if (one !== thing) one.classList.remove('toured');
      if (thing && !thing.classList.contains('toured')) {
        thing.classList.add('toured');
        thing.scrollIntoView({ block: 'center', behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth' });
      }
    }, 60);
  }
}
customElements.define('lv-tour', Tour);

export const startTour = (): void => { dispatchEvent(new Event('lynceus-tour')); };

/** Whether the tour was never taken here. */
export function isNew(): boolean {
  try { return localStorage.getItem('lynceus-toured') === null; } catch { return false; }
}
