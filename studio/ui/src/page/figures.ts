// The figures below the pictures, each with its numbers as a table.

import { html, nothing, render } from 'lit';
import '../draw/heads';
import { depths } from '../draw/depths';
import { layerKey, telescope, zoneBars } from '../draw/layers';
import '../draw/layers';
import { NAMES } from '../draw/names';
import '../draw/neurons';
import '../draw/positions';
import '../draw/prompt';
import { depthName, headName, headOf } from '../draw/reading';
import { decimal } from '../draw/text';
import type { HeadMeasure } from '../draw/heads';
import { byId, dataButtons, texts, view, type Row } from './parts';
import { chooseHead, chosenHead, headData, on, reading, set, state, togglePin, tokens, word } from './state';

function tools(name: string, rows: () => Row[]): void {
  render(dataButtons(name, rows), document.querySelector(`[data-figure="${name}"] .tools`) as HTMLElement);
}

/** The heads whose positions were read in words: the strongest. */
function measure(): HeadMeasure {
  const { heads, topHeads } = word();
  const known = topHeads.filter((one) => one.positions.length > 0).map((one): [number, number] => [one.layer, one.head]);
  return { values: heads, signed: true, unit: `${NAMES.nats}, log increase of the head alone`, name: 'Heads', told: (v) => decimal(v, true), known, count: Math.max(8, known.length) };
}

let measured: { word: number; measure: HeadMeasure } | undefined;

function heads(): unknown {
  if (measured?.word !== state.word) measured = { word: state.word, measure: measure() };
  const head = chosenHead();
  const kept = !head || headOf(word().topHeads, head) !== undefined;
  for (const one of document.querySelectorAll('[data-head-name]')) one.textContent = head ? headName(...head) : '';
  return html`<lv-head-map .measure=${measured.measure} .head=${head} .layer=${state.layer} .theme=${state.theme} @head=${(event: CustomEvent<[number, number]>) => chooseHead(event.detail)}></lv-head-map>
    ${kept || !head ? nothing : html`<p class="note" role="status">Head ${headName(...head)} was measured as a whole only; --heads N keeps the positions of the N strongest heads.</p>`}`;
}

export function buildFigures(): void {
  const figures = byId('figures');
  figures.addEventListener('point', (event) => set({ hover: (event as CustomEvent<number>).detail }));
  figures.addEventListener('pin', (event) => { const at = (event as CustomEvent<number>).detail; if (at >= 0) togglePin(at); else set({ pin: -1 }); });
  figures.addEventListener('layer', (event) => set({ layer: (event as CustomEvent<number>).detail }));
  figures.addEventListener('image', (event) => { set({ image: (event as CustomEvent<number>).detail }); byId('stage').scrollIntoView(); });

  view('heads', 'word head layer theme', heads);
  view('layers', 'word layer', () => html`${telescope(word())}${layerKey()}<lv-layer-bars .attention=${word().attention} .feedForward=${word().feedForward} .layer=${state.layer}></lv-layer-bars>`);
  view('zones', 'word', () => zoneBars(word(), tokens));
  view('positions', 'word head hover pin', () => html`<lv-positions .reading=${reading} .head=${headData()} ?chosen=${chosenHead() !== null} .hover=${state.hover} .pin=${state.pin}></lv-positions>`);
  view('prompt', 'word head hover pin theme', () => html`<lv-prompt .reading=${reading} .head=${headData()} .row=${word().row} .word=${word().target.text} .hover=${state.hover} .pin=${state.pin} .theme=${state.theme}></lv-prompt>`);
  view('lens', 'word layer', () => depths(word(), state.layer, (layer) => set({ layer })));
  view('neurons', 'word hover pin', () => html`<lv-neurons .reading=${reading} .word=${word()} .hover=${state.hover} .pin=${state.pin}></lv-neurons>`);
  on('word', () => { measured = undefined; });

  tools('heads', () => word().heads.flatMap((row, layer) => row.map((increase, head) => ({ layer, head, increase }))));
  tools('layers', () => word().attention.map((attention, layer) => ({ layer, attention, feedForward: word().feedForward[layer] })));
  tools('zones', () => Object.entries(word().zones ?? {}).map(([zone, increase]) => ({ zone, increase })));
  tools('positions', positions);
  tools('prompt', () => tokens.map((token) => ({ ...token, increase: headData()?.positionIncrease[token.position] ?? null })));
  tools('lens', () => (word().lens ?? []).flatMap((row) => row.words.map((one, rank) => ({ depth: row.layer, after: depthName(row.layer), unit: 'probability', targetProbability: row.targetProbability, rank, id: one.id, says: one.text, probability: one.score }))));
  tools('neurons', () => [
    ...word().neurons.map((one) => ({ kind: 'feedForward', layer: one.layer, index: one.index, coefficient: one.coefficient, increase: one.increase, raises: texts(one.promotes), lowers: texts(one.suppresses) })),
    ...word().attentionNeurons.map((one) => ({ kind: 'attention', layer: one.layer, head: one.head, index: one.dimension, position: one.position, coefficient: one.coefficient, increase: one.increase, raises: texts(one.promotes) })),
    ...word().queries.map((one) => ({ kind: `query ${one.part}`, layer: one.layer, index: one.neuron, increase: one.score, raises: texts(one.words) })),
  ]);
}

function positions(): Row[] {
  const head = headData();
  if (!head) return [];
  const kept = new Map(head.positions.map((one) => [one.position, one]));
  return head.positionIncrease.map((increase, position) => {
    const one = kept.get(position);
    return { layer: head.layer, head: head.head, position, label: tokens[position].label, token: tokens[position].text, increase, attention: head.attention[position], layerInput: texts(one?.layerInput), keyInput: texts(one?.keyInput), valueInput: texts(one?.valueInput), valueOutput: texts(one?.valueOutput) };
  });
}
