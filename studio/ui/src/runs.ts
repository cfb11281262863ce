// What was asked, and what is known of it: each request once, with how far it is, its result or why there is none.

import { follow, server, told, type Experiment, type Kind, type Problem, type Progress, type Request, type Result, type ResultOf, type RunInfo } from './api';

/** How often a full queue is asked for a place. */
const PATIENCE = 12;

/** A run as the page knows it. */
export interface Followed {
  info?: RunInfo;
  progress?: Progress;
  result?: Result;
  /** What is measured already of a map that fills. */
  cells?: Map<number, Progress['cells'][number]>;
  problem?: Problem;
  ended: boolean;
}

/** A run of a request: what comes of it has the type of what the request gives. */
export interface Entry<K extends Kind = Kind> extends Followed {
  request: Request;
  result?: ResultOf<K>;
}

/** A run that a page was saved with. */
export interface KeptRun { info: RunInfo; request: Request; result: Result }

/** Whether all that a request says is said by another, which has every setting. */
function says(whole: unknown, part: unknown): boolean {
  if (part === null || typeof part !== 'object') return part === whole;
  if (whole === null || typeof whole !== 'object') return false;
  if (Array.isArray(part)) return Array.isArray(whole) && whole.length === part.length && part.every((one, i) => says(whole[i], one));
  return Object.entries(part).every(([key, value]) => says((whole as Record<string, unknown>)[key], value));
}

/** Requests are whole: with their question and their model. */
export class Runs {
  private readonly entries = new Map<string, Entry>();
  /** Requests that the library was asked for. */
  private readonly recalled = new Set<string>();

  /**
   * @param changed called with every change of what is known
   * @param kept the runs of a saved page, which asks nothing; undefined where there is a server
   */
  constructor(private readonly changed: () => void, private readonly kept?: KeptRun[]) {}

  /** Of a request nothing is kept but what it gives. */
  private known<R extends Request>(key: string): Entry<R['request']> | undefined { return this.entries.get(key) as Entry<R['request']> | undefined; }

  /** What is known of a request, without asking. */
  peek<R extends Request>(request: R): Entry<R['request']> | undefined {
    const key = JSON.stringify(request);
    const known = this.known<R>(key);
    if (known || !this.kept) return known;
    const run = this.kept.find((one) => says(one.request, request));
    const entry: Entry<R['request']> = run
      ? { request, info: run.info, result: run.result as ResultOf<R['request']>, ended: true }
      : { request, ended: true, problem: { code: 'NOT_KEPT', message: 'this was not asked before the page was saved', next: 'Open the studio to ask it.' } };
    this.entries.set(key, entry);
    return entry;
  }

  /** What is known of a request; asks where nothing is. */
  need<R extends Request>(request: R, again: boolean): Entry<R['request']> {
    const known = this.peek(request);
    if (known && !(again && known.ended && !this.kept)) return known;
    const entry: Entry<R['request']> = { request, ended: false };
    this.entries.set(JSON.stringify(request), entry);
    void this.ask(entry, request, again);
    return entry;
  }

  /** What is known of a request, here or in the library, where nothing is asked. */
  recall<R extends Request>(request: R): Entry<R['request']> | undefined {
    const known = this.peek(request);
    const key = JSON.stringify(request);
    if (known || this.recalled.has(key)) return known;
    this.recalled.add(key);
    void server.known(request).then((info) => {
      if (!info || this.entries.has(key)) return;
      const entry: Entry = { request, info, ended: false };
      this.entries.set(key, entry);
      void this.watch(entry, info);
    }, () => undefined); // its button says what is refused
    return undefined;
  }

  /** Asks anew what is of no view: told of its end. */
  follow(request: Experiment, end: (info: RunInfo) => void): Followed {
    const entry: Followed = { ended: false };
    void this.ask(entry, request, false, end);
    return entry;
  }

  private async ask(entry: Followed, request: Request | Experiment, again: boolean, end?: (info: RunInfo) => void): Promise<void> {
    try {
      entry.info = await this.submit(request, again);
      await this.watch(entry, entry.info, end);
    } catch (refused) {
      entry.problem = told(refused);
      entry.ended = true;
    }
    this.changed();
  }

  /** Asks; where as many runs wait as may, again until there is a place. */
  private async submit(request: Request | Experiment, again: boolean): Promise<RunInfo> {
    for (let tried = 0; ; tried++) {
      try {
        return await server.submit(request, again);
      } catch (refused) {
        if (told(refused).code !== 'QUEUE_FULL' || tried >= PATIENCE) throw refused;
        await new Promise((go) => { setTimeout(go, 1000 * Math.min(5, 1 + tried)); });
      }
    }
  }

  private async watch(entry: Followed, asked: RunInfo, end?: (info: RunInfo) => void): Promise<void> {
    if (asked.state === 'DONE') return await this.take(entry, asked, end);
    follow(
      asked.id,
      (progress) => {
        entry.progress = progress;
        for (const cell of progress.cells ?? []) (entry.cells ??= new Map()).set(cell.number, cell);
        this.changed();
      },
      (info) => { void this.take(entry, info, end); },
      (problem) => { Object.assign(entry, { problem, ended: true, progress: undefined }); this.changed(); },
    );
    this.changed();
  }

  private async take(entry: Followed, info: RunInfo, end?: (info: RunInfo) => void): Promise<void> {
    entry.info = info;
    try {
      if (info.state === 'DONE') entry.result = await server.result(info.id);
      else entry.problem = info.error ?? { code: info.state, message: `the run is ${info.state.toLowerCase()}`, next: '' };
    } catch (refused) {
      entry.problem = told(refused);
    }
    entry.ended = true;
    entry.progress = undefined;
    this.changed();
    end?.(info);
  }

  cancel(entry: Followed): void {
    if (entry.info) void server.cancel(entry.info.id).catch(() => undefined);
  }

  forget(id: string): void {
    for (const [key, entry] of this.entries) if (entry.info?.id === id) this.entries.delete(key);
  }
}
