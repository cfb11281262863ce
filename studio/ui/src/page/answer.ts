// The question, the answer as words to choose, why the chosen one was said, and how all was made.

import { html, nothing } from 'lit';
import { decimal, percent, visible } from '../draw/text';
import type { AnswerToken } from '../draw/source';
import { announce, byId, commandCode, copy, copyButton, saveJson, view } from './parts';
import { explanation, reading, set, state, tokens, word } from './state';

const glued = (token: AnswerToken): boolean => !/^[\s\u2581]/.test(token.text) && token !== explanation.answer.tokens[0];

function chip(token: AnswerToken, small: boolean): unknown {
  const p = percent(Math.exp(token.logProbability ?? NaN));
  const other = token.insteadOf == null ? '' : visible(token.insteadOf);
  const name = `chip ${glued(token) ? 'glued' : ''} ${token.insteadOf == null ? '' : 'overruled'}`;
  const label = html`<bdi>${visible(token.text)}</bdi>${small ? nothing : html`<small>${other ? `${p}, not “${other}”` : p}</small>`}`;
  const note = `probability ${p}${other ? `; a generation setting of the checkpoint chose it, the model held “${other}” more probable` : ''}`;
  if (token.explained < 0) return html`<span class=${name} title=${`${note}; not explained in this file`}>${label}</span>`;
  return html`<button class=${name} type="button" title=${`explain this word; ${note}`} tabindex=${small ? '-1' : nothing} data-word=${token.explained} aria-pressed=${token.explained === state.word ? 'true' : 'false'} @click=${() => set({ word: token.explained })}>${label}</button>`;
}

/** The tokens as chips; pieces of one word, and the full stop behind it, stay on its line. */
function chips(): unknown {
  const words: AnswerToken[][] = [];
  for (const token of explanation.answer.tokens) {
    if (glued(token) && words.length) words[words.length - 1].push(token);
    else words.push([token]);
  }
  return words.map((pieces) => (pieces.length === 1 ? chip(pieces[0], false) : html`<span class="one-word">${pieces.map((one) => chip(one, false))}</span>`));
}

/** Words that are explained but were not answered. */
function others(): unknown {
  const linked = new Set(explanation.answer.tokens.map((token) => token.explained));
  const rest = explanation.words.map((one, i) => [one, i] as const).filter(([, i]) => !linked.has(i));
  return rest.length ? html`<span class="eyebrow">Also explained</span>${rest.map(([one, i]) => html`<button type="button" class="chip" data-word=${i} aria-pressed=${i === state.word ? 'true' : 'false'} @click=${() => set({ word: i })}><bdi>${visible(one.target.text)}</bdi><small>${one.target.kind === 'contrast' ? `difference ${decimal(one.logProbability, true)}` : percent(Math.exp(one.logProbability ?? NaN))}</small></button>`)}` : nothing;
}

/** How far to believe it, and what else could have been said. */
function headline(): unknown {
  if (!explanation.words.length) return nothing;
  const line = explanation.headlines[state.word];
  const { runnerUp, predictions, target } = word();
  const instead = runnerUp ? predictions.filter((one) => one.id !== target.ids[0]).slice(0, 3) : [];
  const places = runnerUp ? [...new Set(Array.from(runnerUp.positions, (p) => reading.placeOf(p)))] : [];
  return html`${line?.sentences.map((text, i) => html`<p class=${i ? '' : 'first'}><bdi>${text}</bdi></p>`)}
    ${instead.length ? html`<p class="else"><span class="eyebrow">Else</span>${instead.map((one) => html`<span class="instead"><bdi>${visible(one.text)}</bdi><small> ${percent(one.score)}</small></span>`)}${places.length ? html`<small> for “${visible(runnerUp?.text ?? '')}” speak ${places.join(', ')}</small>` : nothing}</p>` : nothing}
    ${line?.test ? html`<p class="test"><span class="eyebrow">Test it</span>${commandCode(line.test)}${copyButton(line.test)}</p>` : nothing}`;
}

export function buildAnswer(): void {
  const { answer, words, choice } = explanation;
  if (!byId('question').textContent?.trim()) byId('question').textContent = '(no question)';
  view('answer', 'word', () => (answer.tokens.length ? chips() : answer.text || '(the model answered nothing)'));
  // Asked about another word, the page still says what the model answered.
  const asked = / \(asked about: [^]*\)$/.exec(answer.text);
  if (asked) view('own-answer', '', () => html`<p class="own-answer"><span class="eyebrow">The model answered</span><bdi>${answer.text.slice(0, asked.index)}</bdi><span class="eyebrow">Asked about</span></p>`);
  view('bar-answer', 'word', () => answer.tokens.map((token) => chip(token, true)));
  view('others', 'word', others);
  view('headline', 'word', headline);
  byId('answer-hint').textContent = [choice?.why && words.length ? `\u2013 \u201c${visible(words[0].target.text)}\u201d is explained: ${choice.why}` : '', words.length > 1 ? '\u2013 choose a marked word to see why it was said' : ''].join(' ');
  new IntersectionObserver((entries) => byId('bar').classList.toggle('past', !entries[0].isIntersecting), { rootMargin: '-56px 0px 0px' }).observe(byId('hero'));
}

/** Names the chosen word wherever a caption speaks of it. */
export function showWord(): void {
  for (const one of document.querySelectorAll('b[data-word]')) one.textContent = `\u201c${visible(word().target.text)}\u201d`;
  const small = byId('bar-answer').querySelector<HTMLElement>('[aria-pressed="true"]');
  if (small) byId('bar-answer').scrollLeft = small.offsetLeft - byId('bar-answer').offsetLeft - 24;
  announce(`Explaining ${visible(word().target.text)}`);
}

export function buildProvenance(): void {
  const p = explanation.provenance;
  const pairs = (of: Record<string, unknown>, told: (v: never) => string, unit = ''): string => Object.entries(of).map(([key, v]) => `${key} ${told(v as never)}${unit}`).join(', ');
  const billion = p.parameters >= 1e9;
  const facts: [string, unknown][] = [
    ['Model', `${p.model} (${p.modelType}, ${(p.parameters / (billion ? 1e9 : 1e6)).toFixed(2)}\u202f${billion ? 'billion' : 'million'} weights)`],
    ['Revision', p.revision || 'not known'],
    ['Decoder', `${explanation.prompt.layers} layers, ${explanation.prompt.heads} heads, ${tokens.length} positions`],
    ['Numbers', `weights ${p.weightsDtype}, arithmetic ${p.computeDtype}`], ['Device', `${p.device}, ${p.threads} threads`],
    ['Seed', p.seed], ['Time', pairs(p.seconds, (v: number) => decimal(v), '\u202fs')], ['Made', p.created], ['Versions', [`Lynceus ${p.lynceus}`, pairs(p.versions, String)].filter(Boolean).join(', ')],
  ];
  view('command', '', () => html`<pre><code>${p.command}</code></pre>${copyButton(p.command)}`);
  view('facts', '', () => facts.map(([name, what]) => html`<div><dt>${name}</dt><dd>${what}</dd></div>`));
  view('whole', '', () => html`<button type="button" class="data" @click=${() => saveJson('lynceus-explanation.json', explanation)}>Whole explanation as JSON</button>
    <button type="button" class="data" @click=${(event: Event) => void copy(location.href, event.currentTarget as HTMLElement)}>Link to this view</button>`);
}
