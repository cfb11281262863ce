// An answer while it is written: its words, and what the picture does to each so far.

import type { Progress } from './api';

/** A word that is not judged yet: what the picture does to it so far, empty where it was not weighed. */
export interface WrittenWord { text: string; verdict: 'open'; soFar: 'raised' | 'unmoved' | ''; position?: undefined; decisive?: undefined; logProbability?: undefined }

/** Nats from which on a word counts as raised: the picture doubles its probability. */
const RAISED = Math.log(2);

/**
 * The words of a text that is being written.
 * @param pieces what its tokens are with the picture and without, in order; none where they were not weighed
 */
export function writtenWords(text: string, pieces: Progress['weighed']): WrittenWord[] {
  const words: WrittenWord[] = [];
  for (const match of text.matchAll(/\S+/g)) {
    const from = match.index;
    const to = from + match[0].length;
    let at = 0;
    let gain: number | undefined;
    for (const piece of pieces) {
      const end = at + piece.text.length;
      // A token that adds no letter belongs to the letter that it begins.
      if (at < to && (end > from || (at === from && end === at))) gain = (gain ?? 0) + (piece.logProbability ?? 0) - (piece.blind ?? 0);
      at = end;
    }
    words.push({ text: match[0].replace(/[.,!?]+$/, ''), verdict: 'open', soFar: gain === undefined ? '' : gain >= RAISED ? 'raised' : 'unmoved' });
  }
  return words;
}
