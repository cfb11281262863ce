// What is chosen, as the address of the page holds it.

export const VIEWS = ['ask', 'patches', 'heads', 'words', 'attention', 'trace', 'edit', 'compare', 'flow', 'causes', 'strategies', 'data', 'library'] as const;
export type View = (typeof VIEWS)[number];

/** Stacks that have heads, and what they are called. */
export const PILES = { decoder: 'Decoder', vision: 'Vision tower', qformer: 'Q-Former', encoder: 'Text encoder' } as const;
export type Pile = keyof typeof PILES;

export interface State {
  view: View;
  /** The pictures of the question, by their sums, with commas between. */
  picture: string;
  /** Which of them is looked at, from 0. */
  image: number;
  /** Which view of it, for models that see a picture whole and in tiles. */
  tile: number;
  question: string;
  /** Earlier turns of the conversation, as JSON: questions and answers in turn. */
  before: string;
  model: string;
  /** Place of the word in the answer; -1: the one that the picture decides most. */
  word: number;
  method: string;
  head: string;
  layer: number;
  /** Its number among all patches of all pictures. */
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
  /** What is done with the picture: operations of the library as JSON, or `swap:` and another picture. */
  edit: string;
  /** The data set that is open, with conditions (a line each), the column it is sorted by, and the run beside its rows. */
  set: string;
  where: string;
  sort: string;
  run: string;
  /** 0: always the most probable token. */
  temperature: number;
  /** 0: what the checkpoint says. */
  topP: number;
  /** -1: what the checkpoint says. */
  topK: number;
  seed: number;
  /** Most tokens of the answer; 0: what the checkpoint says. */
  tokens: number;
  /** What the chosen method is compared with: another method, or `model:` and the name of another model. */
  rival: string;
  /** Where the slider between the two stands, 0 to 1. */
  split: number;
  /** Layers that are knocked out together. */
  window: number;
  /** The stack whose heads are looked at. */
  stack: Pile;
  /** Heads that are silenced together, with commas between. */
  off: string;
  strategy: string;
  /** Answers that a strategy decides among, with commas between. */
  candidates: string;
  /** Where `mark` and `think` look: left, top, right, bottom in pixels of the picture, with commas between; empty: where a map is strongest. */
  box: string;
  /** Operators of `mark`, with commas between; empty: the usual ones. */
  marks: string;
  /** Rounds of `describe`, explanations of `vote`; 0: the usual number. */
  rounds: number;
  /** Steps of a strategy that were changed, as JSON. */
  edits: string;
  /** Prompts of one's own, as JSON: their texts by their names. */
  prompts: string;
}

const START: State = {
  view: 'ask', picture: '', image: 0, tile: 0, question: '', before: '', model: 'pupil', word: -1, method: '', head: '', layer: -1, patch: -1, opacity: 0.75,
  smooth: true, shared: false, measure: 'increase', by: 'noise', metric: 'probability', search: '', mask: '', edit: '', set: '', where: '', sort: '', run: '',
  temperature: 0, topP: 0, topK: -1, seed: 0, tokens: 0,
  rival: '', split: 0.5, window: 1, stack: 'decoder', off: '', strategy: 'think', candidates: '', box: '', marks: '', rounds: 0, edits: '', prompts: '',
};

/** What makes it another question. */
export const QUESTION = ['picture', 'question', 'before', 'model', 'temperature', 'topP', 'topK', 'seed', 'tokens'] as const;

export function read(hash: string): State {
  const given = new URLSearchParams(hash.replace(/^#/, ''));
  const state = { ...START };
  for (const [key, usual] of Object.entries(START)) {
    const text = given.get(key);
    if (text === null) continue;
    const value = typeof usual === 'number' ? (Number.isFinite(Number(text)) ? Number(text) : usual) : typeof usual === 'boolean' ? text === 'true' : text;
    Object.assign(state, { [key]: value });
  }
  if (!VIEWS.includes(state.view)) state.view = 'ask';
  if (!(state.stack in PILES)) state.stack = 'decoder';
  return state;
}

export function written(state: State): string {
  const said = new URLSearchParams();
  for (const [key, value] of Object.entries(state)) if (value !== START[key as keyof State]) said.set(key, String(value));
  return `#${said}`;
}
