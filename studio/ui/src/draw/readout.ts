// What is known about one position.

import { html, nothing } from 'lit';
import { depthName, type Reading } from './reading';
import { visible } from './text';
import { wordList } from './words';
import type { Head, PatchWords, Word } from './source';

export interface WordRow { what: string; words: Word[]; common: string }

/** The lists of words of a position; of those that most patches share, why they tell nothing. */
export function wordRows(reading: Reading, position: number, head: Head | undefined): WordRow[] {
  const rows: WordRow[] = [];
  const at = reading.patch(position);
  const visual = at?.view.visualWords[at.patch];
  if (at && visual?.input.length) {
    const all = at.view.rows * at.view.columns;
    const add = (what: string, key: string, pick: (words: PatchWords) => Word[] | undefined): void => {
      const words = pick(visual) ?? [];
      const same = words.length ? reading.sameElsewhere(at.image, key, pick, words[0].id) : 0;
      rows.push({ what, words, common: same > Math.max(3, all / 5) ? `the same at ${same} of ${all} patches: not what this one holds` : '' });
    };
    add('Nearest input words', 'input', (words) => words.input);
    add('Read by the output layer', 'output', (words) => words.output);
    for (const layer of Object.keys(visual.layers).map(Number).sort((a, b) => a - b)) add(`Lens, ${depthName(layer)}`, `lens ${layer}`, (words) => words.layers[layer]);
  }
  const read = head?.positions.find((one) => one.position === position);
  if (read) {
    for (const [what, words] of [['Head: layer input', read.layerInput], ['Head: key input', read.keyInput], ['Head: value input', read.valueInput], ['Head: writes', read.valueOutput]] as [string, Word[]][]) rows.push({ what, words, common: '' });
  }
  return rows;
}

export const metric = (label: string, value: string, unit = ''): unknown => html`<div class="metric"><dt>${label}</dt><dd>${value}${unit ? html`<small> ${unit}</small>` : nothing}</dd></div>`;

export const wordRowList = (rows: WordRow[]): unknown => (rows.length
  ? html`<dl class="word-rows">${rows.map(({ what, words, common }) => html`<dt>${what}</dt>${common ? html`<dd class="none"><bdi>“${visible(words[0].text)}”</bdi>, ${common}</dd>` : html`<dd>${wordList(words.slice(0, 8))}</dd>`}`)}</dl>`
  : html`<p class="none">No words were kept for this position.</p>`);
