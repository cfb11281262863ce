// The one selection, and what is known about it. Everything that the page shows follows from the address and from
// results; a view asks for what it needs and is drawn again when something changes.

import { LitElement } from 'lit';
import { follow, Refused, server, type MethodInfo, type ModelInfo, type Picture, type Problem, type Progress, type Request, type Result, type RunInfo, type Sample, type Scale, type Value } from './api';

export const VIEWS = ['ask', 'patches', 'heads', 'words', 'attention', 'trace', 'library'] as const;
export type View = (typeof VIEWS)[number];

export interface State {
  view: View;
  picture: string;
  question: string;
  model: string;
  /** Place of the word in the answer; -1: the one that the picture decides most. */
  word: number;
  method: string;
  head: string;
  layer: number;
  patch: number;
  opacity: number;
  smooth: boolean;
  /** Whether all maps of a word share one scale. */
  shared: boolean;
  measure: string;
  by: string;
  metric: string;
  search: string;
  mask: string;
}

const START: State = {
  view: 'ask', picture: '', question: '', model: 'pupil', word: -1, method: '', head: '', layer: -1, patch: -1, opacity: 0.75,
  smooth: true, shared: false, measure: 'increase', by: 'noise', metric: 'probability', search: '', mask: '',
};

function read(hash: string): State {
  const given = new URLSearchParams(hash.replace(/^#/, ''));
  const state: Record<string, unknown> = { ...START };
  for (const [key, usual] of Object.entries(START)) {
    const text = given.get(key);
    if (text === null) continue;
    if (typeof usual === 'number') state[key] = Number.isFinite(Number(text)) ? Number(text) : usual;
    else if (typeof usual === 'boolean') state[key] = text === 'true';
    else state[key] = text;
  }
  if (!VIEWS.includes(state.view as View)) state.view = 'ask';
  return state as unknown as State;
}

function written(state: State): string {
  const said = new URLSearchParams();
  for (const [key, value] of Object.entries(state)) if (value !== START[key as keyof State]) said.set(key, String(value));
  return `#${said}`;
}

/** A run as the page knows it. */
export interface Entry {
  request: Request;
  info?: RunInfo;
  progress?: Progress;
  result?: Result;
  problem?: Problem;
  ended: boolean;
}

export interface Kept {
  version: string;
  run: string;
  runs: { info: RunInfo; request: Request; result: Result }[];
  pictures: Record<string, { info: Picture; address: string }>;
  scales: Scale[];
}

/** Whether all that a request says is said by another, which has every setting. */
function says(whole: unknown, part: unknown): boolean {
  if (part === null || typeof part !== 'object') return part === whole;
  if (whole === null || typeof whole !== 'object') return false;
  if (Array.isArray(part)) return Array.isArray(whole) && whole.length === part.length && part.every((one, i) => says(whole[i], one));
  return Object.entries(part).every(([key, value]) => says((whole as Record<string, unknown>)[key], value));
}

export class App extends EventTarget {
  state = read(location.hash);
  samples: Sample[] = [];
  models: ModelInfo[] = [];
  methods: MethodInfo[] = [];
  scales: Scale[] = [];
  problem?: Problem;
  ready = false;
  readonly entries = new Map<string, Entry>();
  readonly pictures = new Map<string, Picture>();
  private readonly fetched = new Set<string>();
  hover = -1;
  /** A word of a run that was opened again; chosen as soon as the words are there. */
  wish = '';

  constructor(readonly kept?: Kept) {
    super();
    addEventListener('popstate', () => { this.state = read(location.hash); this.changed(); });
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
    for (const { info } of Object.values(kept.pictures)) this.pictures.set(info.sha256, info);
    const run = kept.runs.find((one) => one.info.id === kept.run) ?? kept.runs[0];
    this.models = [{ name: run.info.model, where: '', family: '', state: 'idle' }];
    if (!this.state.question) this.set({ picture: run.info.pictures[0] ?? '', question: run.info.question, model: run.info.model }, true);
  }

  private async startServed(): Promise<void> {
    [this.samples, this.models, this.methods, this.scales] = await Promise.all([server.samples(), server.models(), server.methods(), server.scales()]);
    for (const sample of this.samples) this.pictures.set(sample.picture.sha256, sample.picture);
    const first = this.samples.find((sample) => sample.picture.name.includes('frog-umbrella-car')) ?? this.samples[0];
    if (!this.state.question && first) this.set({ picture: first.picture.sha256, question: first.questions[0] }, true);
  }

  changed(): void { this.dispatchEvent(new Event('change')); }

  /** Another selection. Steps that one would go back over stand in the history. */
  set(part: Partial<State>, replace = false): void {
    const before = this.state;
    const next = { ...before, ...part };
    if (next.picture !== before.picture || next.question !== before.question || next.model !== before.model) {
      this.wish = '';
      Object.assign(next, { word: -1, head: '', layer: -1, patch: -1, search: '', mask: '', ...part });
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

  /** The question of all requests. */
  question(start = ''): Record<string, unknown> {
    const { picture, question } = this.state;
    return { pictures: picture ? [{ kind: 'stored', sha256: picture }] : [], text: question, start };
  }

  private whole(request: Request): Request {
    return { ...request, model: { name: this.state.model }, question: request.question ?? this.question() };
  }

  /** What is known of a request, without asking. */
  peek(request: Request): Entry | undefined {
    const whole = this.whole(request);
    const key = JSON.stringify(whole);
    const known = this.entries.get(key);
    if (known || !this.kept) return known;
    const run = this.kept.runs.find((one) => says(one.request, whole));
    const entry: Entry = run
      ? { request: whole, info: run.info, result: run.result, ended: true }
      : { request: whole, ended: true, problem: { code: 'NOT_KEPT', message: 'this was not asked before the page was saved', next: 'Open the studio to ask it.' } };
    this.entries.set(key, entry);
    return entry;
  }

  /** What is known of a request; asks where nothing is. */
  need(request: Request, again = false): Entry {
    const known = this.peek(request);
    if (known && !(again && known.ended && !this.kept)) return known;
    const whole = this.whole(request);
    const entry: Entry = { request: whole, ended: false };
    this.entries.set(JSON.stringify(whole), entry);
    void this.run(entry, again);
    return entry;
  }

  private async run(entry: Entry, again: boolean): Promise<void> {
    try {
      entry.info = await server.submit(entry.request, again);
      if (entry.info.state === 'DONE') return await this.take(entry);
      follow(
        entry.info.id,
        (progress) => { entry.progress = progress; this.changed(); },
        (info) => { entry.info = info; void this.take(entry); },
      );
    } catch (refused) {
      entry.problem = told(refused);
      entry.ended = true;
    }
    this.changed();
  }

  private async take(entry: Entry): Promise<void> {
    const info = entry.info as RunInfo;
    try {
      if (info.state === 'DONE') entry.result = await server.result(info.id);
      else entry.problem = info.error ?? { code: info.state, message: `the run is ${info.state.toLowerCase()}`, next: '' };
    } catch (refused) {
      entry.problem = told(refused);
    }
    entry.ended = true;
    entry.progress = undefined;
    this.changed();
  }

  cancel(entry: Entry): void {
    if (entry.info) void server.cancel(entry.info.id).catch(() => undefined);
  }

  forget(id: string): void {
    for (const [key, entry] of this.entries) if (entry.info?.id === id) this.entries.delete(key);
  }

  // ---- what most views look at

  ask(): Entry { return this.need({ request: 'ask' }); }
  evidence(): Entry { return this.need({ request: 'evidence' }); }
  explain(): Entry { return this.need({ request: 'explain', target: { kind: 'own-answer' }, methods: [] }); }

  /** The words of the answer, as they are judged or, before that, as they are written. */
  words(): Value[] {
    if (!this.state.question) return [];
    const judged = this.evidence().result?.value.words as Value[] | undefined;
    if (judged) return judged;
    const asked = this.ask();
    const text: string = asked.result?.value.answer ?? asked.progress?.words ?? '';
    return text.split(/\s+/).filter(Boolean).map((word) => ({ text: word.replace(/[.,!?]+$/, ''), verdict: 'open' }));
  }

  /** The place of the word that is looked at; -1 before there is one. */
  wordIndex(): number {
    const words = this.words();
    if (this.state.word >= 0 && this.state.word < words.length) return this.state.word;
    const wished = this.wish ? words.findIndex((word) => word.text === this.wish) : -1;
    if (wished >= 0) return wished;
    const chosen = this.evidence().result?.value.headline?.words?.[0];
    return typeof chosen === 'number' ? chosen : words.findIndex((word) => word.decisive);
  }

  word(): Value | undefined { return this.words()[this.wordIndex()]; }

  /** What the explanation says of the word that is looked at. */
  explained(): Value | undefined {
    const result = this.explain().result;
    const word = this.word();
    if (result?.kind !== 'explanation' || !word) return undefined;
    return result.value.words.find((one: Value) => one.row + 1 === word.position) ?? result.value.words.find((one: Value) => one.target.text === word.text);
  }

  /** What of the picture the model saw. */
  seen(): Value | undefined {
    const result = this.explain().result;
    return result?.kind === 'explanation' ? result.value.images[0] : undefined;
  }

  picture(): Picture | undefined {
    const sum = this.state.picture;
    const known = this.pictures.get(sum);
    if (!known && sum && !this.kept && !this.fetched.has(sum)) {
      this.fetched.add(sum);
      server.picture(sum).then((picture) => { this.pictures.set(sum, picture); this.changed(); }, (refused) => { this.problem = told(refused); this.changed(); });
    }
    return known;
  }

  /** Takes a picture that was dropped, pasted or chosen. */
  async keep(file: Blob, name: string): Promise<void> {
    try {
      const picture = await server.send(file, name);
      this.pictures.set(picture.sha256, picture);
      this.problem = undefined;
      this.set({ picture: picture.sha256 });
    } catch (refused) {
      this.problem = told(refused);
    }
    this.changed();
  }
}

export function told(refused: unknown): Problem {
  return refused instanceof Refused ? refused.problem : { code: 'PAGE', message: String((refused as Error)?.message ?? refused), next: 'Load the page again.' };
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
