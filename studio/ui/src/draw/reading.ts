// An explanation with what drawing looks up in it.

import { NAMES } from './names';
import { visible } from './text';
import type { Explanation, Head, Shot, Source, Token, View } from './source';

export const headName = (layer: number, head: number): string => `${layer}.${head}`;

/** A depth of the stream: how many layers are behind it. */
export const depthName = (depth: number): string => (depth === 0 ? NAMES.embedding : `after layer ${depth - 1}`);

/** Whether a token stands for pixels: line breaks between rows of patches and class tokens belong to an image but do not. */
export const isPatch = (token: Token | undefined): token is Token => token !== undefined && token.image >= 0 && token.patch >= 0;

export class Reading {
  readonly explanation: Explanation;
  readonly tokens: Token[];
  readonly views: View[];
  /** The position of each patch of each view; -1 for those that the sequence has not. */
  readonly positionOf: number[][];
  private readonly pieces = new Map<number, Shot | undefined>();
  private readonly firsts = new Map<string, Map<number, number>>();

  constructor(readonly source: Source) {
    this.explanation = source.explanation;
    this.tokens = source.explanation.prompt.tokens;
    this.views = source.explanation.images;
    this.positionOf = this.views.map((view) => new Array<number>(view.rows * view.columns).fill(-1));
    for (const token of this.tokens) if (isPatch(token) && this.positionOf[token.image]) this.positionOf[token.image][token.patch] = token.position;
  }

  /** The view and the patch of a position; undefined elsewhere. */
  patch(position: number): { view: View; image: number; patch: number; row: number; column: number } | undefined {
    const token = this.tokens[position];
    const view = isPatch(token) ? this.views[token.image] : undefined;
    return view && { view, image: token.image, patch: token.patch, row: Math.floor(token.patch / view.columns), column: token.patch % view.columns };
  }

  /** Plain label of a position: where a reader finds it. */
  placeOf(position: number): string {
    const token = this.tokens[position];
    if (!token) return '';
    if (token.image < 0) return `\u201c${visible(token.text)}\u201d`;
    const at = this.patch(position);
    if (at) return `row ${at.row}, column ${at.column}`;
    const row = /row\[(\d+)\]\.break$/.exec(token.label)?.[1];
    return row === undefined ? 'class token' : `line break after row ${row}`;
  }

  /** The pixels of a patch: the picture, and the part of it in shares of its sides. */
  piece(position: number): Shot | undefined {
    if (!this.pieces.has(position)) this.pieces.set(position, this.cut(position));
    return this.pieces.get(position);
  }

  private cut(position: number): Shot | undefined {
    const at = this.patch(position);
    const shot = at && this.source.seen(at.image);
    if (!at || !shot) return undefined;
    const [left, top, width, height] = shot.part;
    const [w, h] = [width / at.view.columns, height / at.view.rows];
    return { address: shot.address, part: [left + at.column * w, top + at.row * h, w, h] };
  }

  /** At how many patches of a view a list of words begins with this token; `key` names the list, `pick` finds it. */
  sameElsewhere(image: number, key: string, pick: (words: NonNullable<View['visualWords'][number]>) => { id: number }[] | undefined, id: number): number {
    const name = `${image}|${key}`;
    let counts = this.firsts.get(name);
    if (!counts) {
      counts = new Map();
      for (const words of this.views[image].visualWords) {
        const first = words ? pick(words)?.[0]?.id : undefined;
        if (first !== undefined) counts.set(first, (counts.get(first) ?? 0) + 1);
      }
      this.firsts.set(name, counts);
    }
    return counts.get(id) ?? 0;
  }
}

/** What was kept of a head, if it was kept. */
export const headOf = (heads: Head[] | undefined, head: readonly number[] | null): Head | undefined => (head ? heads?.find((one) => one.layer === head[0] && one.head === head[1]) : undefined);
