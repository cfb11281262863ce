// Talks with the server: pictures, runs and what is told of them.

export interface Problem { code: string; message: string; next: string }
export interface Picture { sha256: string; name: string; type: string; width: number; height: number }
export interface Sample { picture: Picture; objects: string[]; questions: string[] }
export interface ModelInfo { name: string; where: string; family: string; state: string }
export interface MethodInfo { name: string; title: string; what: string; source: string; baseline: boolean }
export interface Term { name: string; unit: string; meaning: string }
export interface Scale { name: string; colours: string }
export interface RunInfo {
  id: string; kind: string; state: string; model: string; question: string; pictures: string[]; subject: string;
  summary: string; tags: string[]; note: string; created: string; seconds: number | null; bytes: number; command: string;
  error: Problem | null;
}
export interface Progress {
  state: string; stage: string; done: number; total: number; rate: number | null; left: number | null; words: string;
  notes: string[]; cost: { replays: number; passes: number; seconds: number } | null;
  /** What was measured since the event before. */
  cells: { number: number; probability: number; logProbability: number; logitDifference: number }[]; error: Problem | null;
}
// What a method found: its shape is in openapi.json; the views read what they know of.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Value = any;
export interface Result { kind: string; provenance: Value; value: Value }
export type Request = Record<string, unknown> & { request: string };

export class Refused extends Error {
  constructor(readonly problem: Problem, readonly status: number) { super(problem.message); }
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
  code: async (id: string) => (await fetch(`/api/runs/${id}/code`)).text(),
  submit: (request: Request, again: boolean) => call<RunInfo>(`/api/runs${again ? '?again=true' : ''}`, json('POST', request)),
  result: (id: string) => call<Result>(`/api/runs/${id}/result`),
  run: (id: string) => call<RunInfo>(`/api/runs/${id}`),
  request: (id: string) => call<Request>(`/api/runs/${id}/request`),
  picture: (sum: string) => call<Picture>(`/api/pictures/${sum}/info`),
  cancel: (id: string) => call<RunInfo>(`/api/runs/${id}/cancel`, { method: 'POST' }),
  remove: (id: string) => call<void>(`/api/runs/${id}`, { method: 'DELETE' }),
  label: (id: string, tags: string[], note: string) => call<RunInfo>(`/api/runs/${id}/labels`, json('PUT', { tags, note })),
  list: (search: string, before: string) => call<RunInfo[]>(`/api/runs?most=50&search=${encodeURIComponent(search)}&before=${encodeURIComponent(before)}`),
  tables: (id: string) => call<string[]>(`/api/runs/${id}/tables`),
  send: (file: Blob, name: string) => call<Picture>(`/api/pictures?name=${encodeURIComponent(name)}`, { method: 'POST', headers: { 'Content-Type': 'application/octet-stream' }, body: file }),
};

/** Follows a run; told of each step and, once, of its end. */
export function follow(id: string, step: (progress: Progress) => void, end: (info: RunInfo) => void): void {
  const source = new EventSource(`/api/runs/${id}/events`);
  source.addEventListener('progress', (event) => step(JSON.parse((event as MessageEvent<string>).data) as Progress));
  source.addEventListener('end', (event) => {
    source.close();
    end(JSON.parse((event as MessageEvent<string>).data) as RunInfo);
  });
}
