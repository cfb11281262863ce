// The explanation that a self-contained page holds.

import { learn } from '../draw/colours';
import { cropOf, WHOLE, type Explanation, type Shot, type Source, type Word } from '../draw/source';

type Elements = (id: string) => string;

/** In the page a word is an array, `[id, text, score]`: a third of its size. */
function unfolded(value: unknown): unknown {
  if (Array.isArray(value)) {
    if (value.length === 3 && typeof value[0] === 'number' && typeof value[1] === 'string') return { id: value[0], text: value[1], score: value[2] } as Word;
    if (typeof value[0] !== 'number') for (let i = 0; i < value.length; i++) value[i] = unfolded(value[i]);
    return value;
  }
  if (value !== null && typeof value === 'object') for (const [key, one] of Object.entries(value)) if (one !== null && typeof one === 'object') (value as Record<string, unknown>)[key] = unfolded(one);
  return value;
}

export class Embedded implements Source {
  readonly explanation: Explanation;
  private readonly pictures: { seen: string; original: string }[];

  /** @param text what the element of that name holds */
  constructor(text: Elements) {
    this.explanation = unfolded(JSON.parse(text('explanation'))) as Explanation;
    this.pictures = JSON.parse(text('pictures')) as { seen: string; original: string }[];
    for (const [name, digits] of Object.entries(JSON.parse(text('scales')) as Record<string, string>)) learn(name, digits);
  }

  seen(view: number): Shot | undefined {
    const picture = this.pictures[view];
    return picture && { address: picture.seen, part: WHOLE };
  }

  /** The picture before the model's own cropping, and the part of it that was seen. */
  original(view: number): Shot {
    const { width, height } = this.explanation.images[view];
    const [x, y, w, h] = cropOf(this.explanation.images[view]);
    return { address: this.pictures[view].original, part: [x / width, y / height, w / width, h / height] };
  }
}
