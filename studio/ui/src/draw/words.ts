// Words side by side, and pieces cut from the pictures.

import { html, type PropertyValues } from 'lit';
import { Drawn } from './element';
import { decimal, visible } from './text';
import type { Shot, Word } from './source';

export const NONE = '\u2013';

/** Words side by side; the score of each is shown on pointing. */
export function wordList(words: Word[] | null | undefined, score: (v: number | null) => string = decimal): unknown {
  if (!words?.length) return html`<span class="none">${NONE}</span>`;
  return html`<span class="word-list">${words.map((one) => html`<bdi class="w" title=${score(one.score)}>${visible(one.text)}</bdi>`)}</span>`;
}

/** Says in plain words why there is nothing to see. */
export const empty = (text: string): unknown => html`<p class="empty">${text}</p>`;

const pictures = new Map<string, HTMLImageElement>();

/** A picture, decoded once for all pieces of it. */
function pictureAt(address: string): HTMLImageElement {
  let known = pictures.get(address);
  if (!known) {
    known = new Image();
    known.src = address;
    pictures.set(address, known);
  }
  return known;
}

/** A small canvas with the pixels of one patch. */
class Piece extends Drawn {
  static override properties = { shot: { attribute: false }, size: { type: Number } };
  declare shot: Shot | undefined;
  declare size: number;

  constructor() {
    super();
    this.size = 30;
  }

  override render(): unknown { return html`<canvas class="piece" width=${2 * this.size} height=${2 * this.size} aria-hidden="true"></canvas>`; }

  protected override updated(_changed: PropertyValues): void {
    const { shot } = this;
    const canvas = this.querySelector('canvas');
    if (!shot || !canvas) return;
    const image = pictureAt(shot.address);
    const cut = (): void => {
      const context = canvas.getContext('2d');
      if (!context || this.shot !== shot) return;
      const [left, top, width, height] = shot.part;
      const [w, h] = [image.naturalWidth, image.naturalHeight];
      context.imageSmoothingQuality = 'high';
      context.drawImage(image, left * w, top * h, width * w, height * h, 0, 0, canvas.width, canvas.height);
    };
    if (image.complete && image.naturalWidth) cut();
    else image.addEventListener('load', cut, { once: true });
  }
}
customElements.define('lv-piece', Piece);
