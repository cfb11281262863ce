// The one selection, and what is known about it. Everything that the page shows follows from the address and from
// results; a view asks for what it needs and is drawn again when something changes.

import { writtenWords, type WrittenWord } from './weighed';
import { LitElement } from 'lit';
import type { EvidenceWord, ExplanationWordExplanation, Question } from './openapi';
import { server, told, type MethodInfo, type ModelInfo, type Picture, type Problem, type Request, type Sample, type Scale, type Term } from './api';
import { learn } from './draw/colours';
import { cropOf } from './draw/source';
import { Runs, type Entry, type KeptRun } from './runs';
import { QUESTION, read, written, type Pile, type State } from './state';

export { told } from './api';
export type { Entry, Followed } from './runs';
export { VIEWS, PILES, type Pile, type State, type View } from './state';

/** What a model saw of a picture. */
export interface Seen {
  /** Its number among all views. */
  index: number;
  picture: number;
  tile: number;
  name: string;
  rows: number;
  columns: number;
  width: number;
  height: number;
  /** The part of the picture that was seen: left, top, width, height in its pixels. */
  crop: [number, number, number, number];
  /** Patches of the views before it. */
  offset: number;
}

/** A word of the answer: as it is judged, or before that as it is written. */
export type Word = EvidenceWord | WrittenWord;

export interface Turn { question: string; answer: string }

export interface Kept {
  version: string;
  run: string;
  runs: KeptRun[];
  pictures: Record<string, { info: Picture; address: string }>;
  scales: Scale[];
  terms?: Term[];
}

export class App extends EventTarget {
  state = read(location.hash);
  samples: Sample[] = [];
  models: ModelInfo[] = [];
  methods: MethodInfo[] = [];
  scales: Scale[] = [];
  terms: Term[] = [];
  problem?: Problem;
  ready = false;
  readonly pictures = new Map<string, Picture>();
  private readonly fetched = new Set<string>();
  readonly runs: Runs;
  hover = -1;
  /** A word of a run that was opened again; chosen as soon as the words are there. */
  wish = '';

  constructor(readonly kept?: Kept) {
    super();
    this.runs = new Runs(() => this.changed(), kept?.runs);
    addEventListener('popstate', () => { this.state = read(location.hash); this.begin(); this.changed(); });
  }

  get offline(): boolean { return this.kept !== undefined; }

  async start(): Promise<void> {
    try {
      if (this.kept) this.startKept(this.kept);
      else await this.startServed();
    } catch (refused) {
      this.problem = told(refused);
    }
    this.ready = true;
    this.changed();
  }

  private startKept(kept: Kept): void {
    this.scales = kept.scales;
    this.terms = kept.terms ?? [];
    for (const { name, colours } of this.scales) learn(name, colours);
    for (const { info } of Object.values(kept.pictures)) this.pictures.set(info.sha256, info);
    const run = kept.runs.find((one) => one.info.id === kept.run) ?? kept.runs[0];
    this.models = [{ name: run.info.model, where: '', family: '', state: 'idle' }];
    if (!this.state.question) this.set({ picture: run.info.pictures.join(','), question: run.info.question, model: run.info.model }, true);
  }

  private async startServed(): Promise<void> {
    [this.samples, this.models, this.methods, this.scales, this.terms] = await Promise.all([server.samples(), server.models(), server.methods(), server.scales(), server.terms()]);
    for (const { name, colours } of this.scales) learn(name, colours);
    for (const sample of this.samples) this.pictures.set(sample.picture.sha256, sample.picture);
    this.begin();
  }

  /** Where nothing is asked, a sample; what else the address says stays. */
  private begin(): void {
    const first = this.samples.find((sample) => sample.picture.name.includes('frog-umbrella-car')) ?? this.samples[0];
    if (!this.state.question && first) this.set({ ...this.state, picture: first.picture.sha256, question: first.questions[0] }, true);
  }

  changed(): void { this.dispatchEvent(new Event('change')); }

  /** Another selection. Steps that one would go back over stand in the history. */
  set(part: Partial<State>, replace = false): void {
    const before = this.state;
    const next = { ...before, ...part };
    if (QUESTION.some((key) => next[key] !== before[key])) {
      this.wish = '';
      this.problem = undefined;
      if (part.before === undefined && (next.picture !== before.picture || next.question !== before.question)) next.before = '';
      Object.assign(next, { word: -1, head: '', layer: -1, patch: -1, tile: 0, search: '', mask: '', off: '', stack: 'decoder', candidates: '', box: '', marks: '', rounds: 0, edits: '', prompts: '', ...(next.picture !== before.picture ? { edit: '' } : {}), ...part });
      if (next.image >= Math.max(1, next.picture.split(',').length)) next.image = 0;
    }
    const address = written(next);
    if (address === written(before)) return;
    this.state = next;
    if (replace) history.replaceState(null, '', address);
    else history.pushState(null, '', address);
    this.changed();
  }

  hovered(patch: number): void {
    if (patch !== this.hover) { this.hover = patch; this.changed(); }
  }

  address(sum: string): string {
    return this.kept ? this.kept.pictures[sum]?.address ?? '' : `/api/pictures/${sum}`;
  }

  /** The question of all requests. Of an answer that was drawn all before the chosen word is given. */
  question(start = this.given()): Question {
    return { pictures: this.sums().map((sha256) => ({ kind: 'stored', sha256 })), text: this.state.question, start, ...(this.state.before ? { before: this.turns() } : {}) };
  }

  private whole<R extends Request>(request: R): R {
    return { ...request, model: request.model ?? { name: this.state.model }, question: request.question ?? this.question() };
  }

  /** What is known of a request, without asking. */
  peek<R extends Request>(request: R): Entry<R['request']> | undefined { return this.runs.peek(this.whole(request)); }

  /** What is known of a request; asks where nothing is. */
  need<R extends Request>(request: R, again = false): Entry<R['request']> { return this.runs.need(this.whole(request), again); }

  /** What is known of a request, here or in the library, where nothing is asked. */
  recall<R extends Request>(request: R): Entry<R['request']> | undefined { return this.runs.recall(this.whole(request)); }

  // ---- what most views look at

  /** Earlier turns of the conversation. */
  turns(): Turn[] {
    try {
      const said = JSON.parse(this.state.before || '[]') as string[];
      return Array.from({ length: Math.floor(said.length / 2) }, (_, i) => ({ question: String(said[2 * i]), answer: String(said[2 * i + 1]) }));
    } catch {
      return [];
    }
  }

  /** Asks next what follows what was answered. */
  goOn(question: string): void {
    const answer = this.ask().result?.value.answer ?? '';
    this.set({ question, before: JSON.stringify([...this.turns().flatMap((turn) => [turn.question, turn.answer]), this.state.question, answer]) });
  }

  drawn(): boolean { return this.state.temperature > 0; }

  private limit(): { maxTokens?: number } { return this.state.tokens > 0 ? { maxTokens: this.state.tokens } : {}; }

  ask(): Entry<'ask'> { return this.need(this.askRequest()); }

  askRequest(): Request<'ask'> {
    const { temperature, topP, topK, seed } = this.state;
    const choice: Pick<Request<'ask'>, 'choice'> = this.drawn() ? { choice: { kind: 'drawn', temperature, ...(topP > 0 ? { topP } : {}), ...(topK >= 0 ? { topK } : {}), seed } } : {};
    return { request: 'ask', question: this.question(''), ...choice, ...(this.sums().length ? { weigh: true } : {}), ...this.limit() };
  }

  evidenceRequest(): Request<'evidence'> {
    if (!this.drawn()) return { request: 'evidence', question: this.question(''), ...this.limit() };
    return { request: 'evidence', question: this.question(''), answer: this.ask().result?.value.answer ?? '' };
  }

  /** What the words rest on. Of an answer that is drawn nothing is asked before it is there. */
  evidence(): Entry<'evidence'> {
    if (!this.drawn()) return this.need(this.evidenceRequest());
    const asked = this.ask();
    return asked.result ? this.need(this.evidenceRequest()) : asked.problem ? { ...asked, result: undefined } : { request: asked.request, ended: false };
  }

  explainRequest(): Request<'explain'> {
    return this.drawn() && this.word()
      ? { request: 'explain', target: { kind: 'word', word: this.word()?.text ?? '' }, methods: [] }
      : { request: 'explain', target: { kind: 'own-answer' }, methods: [], ...this.limit() };
  }

  explain(): Entry<'explain'> { return this.need(this.explainRequest()); }

  /** What of a drawn answer stands before the chosen word; of the most probable answer nothing need be given. */
  private given(): string {
    if (!this.drawn()) return '';
    const answer = this.ask().result?.value.answer ?? '';
    let at = 0;
    for (const word of this.words().slice(0, this.wordIndex() + 1)) at = Math.max(at, answer.indexOf(word.text, at));
    return answer.slice(0, at).trim();
  }

  /** The words of the answer, as they are judged or, before that, as they are written. */
  words(): Word[] {
    if (!this.state.question) return [];
    const judged = this.evidence().result?.value.words;
    if (judged) return judged;
    const asked = this.ask();
    return writtenWords(asked.progress?.words || (asked.result?.value.answer ?? ''), asked.progress?.weighed ?? []);
  }

  /** The place of the word that is looked at; -1 before there is one. */
  wordIndex(): number {
    const words = this.words();
    if (this.state.word >= 0 && this.state.word < words.length) return this.state.word;
    const wished = this.wish ? words.findIndex((word) => word.text === this.wish) : -1;
    if (wished >= 0) return wished;
    return this.evidence().result?.value.headline.words[0] ?? words.findIndex((word) => word.decisive);
  }

  word(): Word | undefined { return this.words()[this.wordIndex()]; }

  /** What the explanation says of the word that is looked at. */
  explained(): ExplanationWordExplanation | undefined {
    const result = this.explain().result;
    const word = this.word();
    if (result?.kind !== 'explanation' || !word) return undefined;
    return result.value.words.find((one) => one.row + 1 === word.position) ?? result.value.words.find((one) => one.target.text === word.text);
  }

  /** Layers of the decoder, as far as an explanation says so; 0 before that. */
  layers(): number {
    const result = this.explain().result;
    return result?.kind === 'explanation' ? result.value.prompt.layers : 0;
  }

  private readonly saw = new WeakMap<object, Seen[]>();

  /** All that the model saw, one for each picture or several where it sees tiles too. */
  views(): Seen[] {
    const result = this.explain().result;
    if (result?.kind !== 'explanation') return [];
    const known = this.saw.get(result);
    if (known) return known;
    const first = new Map<number, string>();
    for (const token of result.value.prompt.tokens) if (token.image >= 0 && !first.has(token.image)) first.set(token.image, token.label);
    let offset = 0;
    const views = result.value.images.map((one, index): Seen => {
      const at = /^image\[(\d+)\](?:\.tile\[(\d+)\])?/.exec(first.get(index) ?? '');
      const view: Seen = { index, picture: Number(at?.[1] ?? index), tile: Number(at?.[2] ?? 0), name: /\(([^()]*)\)$/.exec(one.name)?.[1] ?? '', rows: one.rows, columns: one.columns, width: one.width, height: one.height, crop: cropOf(one), offset };
      offset += view.rows * view.columns;
      return view;
    });
    this.saw.set(result, views);
    return views;
  }

  /** What the model saw of a picture: the chosen view of it, or its first. */
  seen(picture = this.state.image): Seen | undefined {
    const all = this.views().filter((view) => view.picture === picture);
    return all.find((view) => view.tile === this.state.tile) ?? all[0];
  }

  /** The patch that is pointed at or kept, in the view that is looked at; -1 elsewhere. */
  at(): number {
    const view = this.seen();
    const at = (this.hover >= 0 ? this.hover : this.state.patch) - (view?.offset ?? 0);
    return at >= 0 && (!view || at < view.rows * view.columns) ? at : -1;
  }

  /** The number of the patch that a position is called by; -1 for other positions. */
  patchOf(label: string): number {
    const at = /^image\[(\d+)\](?:\.tile\[(\d+)\])?\.row\[(\d+)\]\.col\[(\d+)\]$/.exec(label);
    const view = at ? this.views().find((one) => one.picture === Number(at[1]) && one.tile === Number(at[2] ?? 0)) : undefined;
    return at && view ? view.offset + Number(at[3]) * view.columns + Number(at[4]) : -1;
  }

  /** The stacks of the model whose heads can be silenced. */
  piles(): Pile[] {
    const family = this.models.find((model) => model.name === this.state.model)?.family ?? '';
    const more: Pile[] = /blip-?2|instructblip/i.test(family) ? ['qformer'] : this.explain().result?.kind === 'dependence' ? ['encoder'] : [];
    return ['decoder', ...(this.state.picture ? ['vision' as const] : []), ...more];
  }

  /** The pictures of the question, by their sums. */
  sums(): string[] { return this.state.picture ? this.state.picture.split(',') : []; }

  /** A picture of the question: the one that is looked at. */
  picture(image = this.state.image): Picture | undefined {
    const sum = this.sums()[image];
    const known = sum ? this.pictures.get(sum) : undefined;
    if (!known && sum && !this.kept && !this.fetched.has(sum)) {
      this.fetched.add(sum);
      server.picture(sum).then((picture) => { this.pictures.set(sum, picture); this.changed(); }, (refused) => { this.problem = told(refused); this.changed(); });
    }
    return known;
  }

  /** Takes a picture away from the question. */
  without(image: number): void { this.set({ picture: this.sums().filter((_, i) => i !== image).join(','), image: 0 }); }

  /** Takes pictures that were dropped, pasted or chosen, in the place of the one that is looked at or beside all. */
  async keep(files: Iterable<File>, beside: boolean): Promise<void> {
    try {
      const taken: string[] = [];
      for (const file of files) {
        const picture = await server.send(file, file.name || 'pasted picture');
        this.pictures.set(picture.sha256, picture);
        taken.push(picture.sha256);
      }
      this.problem = undefined;
      if (taken.length) this.show(taken, beside);
    } catch (refused) {
      this.problem = told(refused);
    }
    this.changed();
  }

  /** Asks about these too, or about them in the place of the picture that is looked at. */
  show(sums: string[], beside: boolean): void {
    const now = this.sums();
    if (beside) this.set({ picture: [...now, ...sums].join(','), image: now.length });
    else this.set({ picture: now.length ? now.toSpliced(this.state.image, 1, ...sums).join(',') : sums.join(','), image: this.state.image });
  }
}

const element = document.getElementById('kept');
export const app = new App(element ? (JSON.parse(element.textContent ?? '') as Kept) : undefined);

/** A part of the page that is drawn again with every change. */
export abstract class Part extends LitElement {
  private readonly again = () => this.requestUpdate();
  protected override createRenderRoot(): HTMLElement { return this; }
  override connectedCallback(): void { super.connectedCallback(); app.addEventListener('change', this.again); }
  override disconnectedCallback(): void { super.disconnectedCallback(); app.removeEventListener('change', this.again); }
}
