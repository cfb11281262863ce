// Talks with the server: pictures, runs and what is told of them.

import type {
  DataRoutesDataList, EditRoutesEdited, GridPage, GridRow, JobSnapshot, PictureInfo, PictureShelfSampleInfo, Problem, Request as Asked, Result, RoutesMethodInfo, RoutesModelInfo, RoutesScale, RoutesTermInfo, RunInfo, SuperpixelRoutesSuperpixelMap, Trial, WorkedExampleReady,
} from './openapi';

export type { Problem, Result, RunInfo };
export type Picture = PictureInfo;
export type Sample = PictureShelfSampleInfo;
export type ModelInfo = RoutesModelInfo;
export type MethodInfo = RoutesMethodInfo;
export type Term = RoutesTermInfo;
export type Scale = RoutesScale;
export type Edited = EditRoutesEdited;
export type DataList = DataRoutesDataList;
export type Row = GridRow;
export type Page = GridPage;
export type Example = WorkedExampleReady;
export type Progress = JobSnapshot;

/** What can be asked, by its word. */
export type Kind = Asked['request'];
type Loose<R> = R extends Asked ? Omit<R, 'model' | 'question'> & Partial<Pick<R, 'model' | 'question'>> : never;
/** A request; question and model are those of the page where it says nothing of them. */
export type Request<K extends Kind = Kind> = Loose<Extract<Asked, { request: K }>>;
/** What a request gives: of some, one of several, told apart by its `kind`. */
export type ResultOf<K extends Kind, R extends Result = Result> = R extends Result ? (K extends R['request']['request'] ? R : never) : never;
/** A procedure with every row of a data set. */
export type Experiment = Pick<Trial, 'model' | 'data' | 'where' | 'limit' | 'procedure' | 'settings' | 'seeds'> & { request: 'experiment' };

export class Refused extends Error {
  constructor(readonly problem: Problem, readonly status: number) { super(problem.message); }
}

export function told(refused: unknown): Problem {
  return refused instanceof Refused ? refused.problem : { code: 'PAGE', message: String((refused as Error)?.message ?? refused), next: 'Load the page again.' };
}

export async function call<T>(path: string, init: RequestInit = {}): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, init);
  } catch {
    throw new Refused({ code: 'GONE', message: 'the studio does not answer', next: 'Start it again: lynceus studio.' }, 0);
  }
  if (!response.ok) {
    const problem = await response.json().catch(() => ({ code: 'GONE', message: `the studio answered ${response.status}`, next: '' }));
    throw new Refused(problem as Problem, response.status);
  }
  return (response.status === 204 ? undefined : await response.json()) as T;
}

const json = (method: string, body: unknown): RequestInit => ({ method, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });

export const server = {
  samples: () => call<Sample[]>('/api/samples'),
  models: () => call<ModelInfo[]>('/api/models'),
  methods: () => call<MethodInfo[]>('/api/methods'),
  scales: () => call<Scale[]>('/api/scales'),
  terms: () => call<Term[]>('/api/terms'),
  examples: () => call<Example[]>('/api/examples'),
  code: async (id: string) => (await fetch(`/api/runs/${id}/code`)).text(),
  submit: (request: Request | Experiment, again: boolean) => call<RunInfo>(`/api/runs${again ? '?again=true' : ''}`, json('POST', request)),
  known: (request: Request) => call<RunInfo | undefined>('/api/runs?known=true', json('POST', request)),
  result: (id: string) => call<Result>(`/api/runs/${id}/result`),
  run: (id: string) => call<RunInfo>(`/api/runs/${id}`),
  request: (id: string) => call<Request | Experiment>(`/api/runs/${id}/request`),
  picture: (sum: string) => call<Picture>(`/api/pictures/${sum}/info`),
  cancel: (id: string) => call<RunInfo>(`/api/runs/${id}/cancel`, { method: 'POST' }),
  remove: (id: string) => call<void>(`/api/runs/${id}`, { method: 'DELETE' }),
  label: (id: string, tags: string[], note: string) => call<RunInfo>(`/api/runs/${id}/labels`, json('PUT', { tags, note })),
  list: (search: string, before: string) => call<RunInfo[]>(`/api/runs?most=50&search=${encodeURIComponent(search)}&before=${encodeURIComponent(before)}`),
  tables: (id: string) => call<string[]>(`/api/runs/${id}/tables`),
  edit: (sum: string, chain: unknown[], controls: number) => call<Edited>(`/api/pictures/${sum}/edits`, json('POST', { chain, controls, seed: 0 })),
  superpixels: (sum: string, count: number) => call<SuperpixelRoutesSuperpixelMap>(`/api/pictures/${sum}/superpixels?count=${count}`),
  data: () => call<DataList>('/api/data'),
  rows: (query: string) => call<Page>(`/api/data/rows?${query}`),
  dataRuns: (set: string) => call<RunInfo[]>(`/api/data/runs?set=${encodeURIComponent(set)}`),
  takeRow: (set: string, row: number) => call<Picture[]>(`/api/data/pictures?set=${encodeURIComponent(set)}&row=${row}`, { method: 'POST' }),
  send: (file: Blob, name: string) => call<Picture>(`/api/pictures?name=${encodeURIComponent(name)}`, { method: 'POST', headers: { 'Content-Type': 'application/octet-stream' }, body: file }),
};

/** Streams at a time: a browser has six connections for all pages of one server, and answers need some of them. */
const STREAMS = 3;
const EVERY = 1500;
const waiting = new Set<() => void>();
let streams = 0;

/** Follows a run; told of each step and, once, of its end, or of why nothing more is heard of it. */
export function follow(id: string, step: (progress: Progress) => void, end: (info: RunInfo) => void, lost: (problem: Problem) => void): void {
  if (streams >= STREAMS) { later(id, step, end, lost); return; }
  streams++;
  const source = new EventSource(`/api/runs/${id}/events`);
  const close = (): void => { source.close(); streams--; waiting.values().next().value?.(); };
  source.addEventListener('progress', (event) => step(JSON.parse((event as MessageEvent<string>).data) as Progress));
  source.addEventListener('end', (event) => { close(); end(JSON.parse((event as MessageEvent<string>).data) as RunInfo); });
  // A server that is away is asked again by the browser; one that refuses is not.
  source.addEventListener('error', () => { if (source.readyState === EventSource.CLOSED) { close(); server.run(id).then(end, (refused) => lost(told(refused))); } });
}

/** Asks now and then whether it has ended, until there is a stream for it. */
function later(...[id, step, end, lost]: Parameters<typeof follow>): void {
  let timer = 0;
  const go = (): void => { waiting.delete(go); clearTimeout(timer); follow(id, step, end, lost); };
  const look = (): void => {
    server.run(id).then((info) => {
      if (!waiting.has(go)) return;
      if (['DONE', 'FAILED', 'CANCELLED'].includes(info.state)) { waiting.delete(go); end(info); } else timer = window.setTimeout(look, EVERY);
    }, (refused) => { if (waiting.delete(go)) lost(told(refused)); });
  };
  waiting.add(go);
  timer = window.setTimeout(look, EVERY);
}
