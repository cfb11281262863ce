// What is drawn, and where it comes from. A page of its own holds an explanation inside; the studio asks its server for one.

/** A token and a score: a logit, a probability or a log increase. */
export interface Word { id: number; text: string; score: number | null }

export interface Token { position: number; text: string; role: string; label: string; image: number; patch: number }

/** Words of one patch; those of layers by the number of layers behind them. */
export interface PatchWords { input: Word[]; output: Word[]; layers: Record<string, Word[]> }

/** What the model saw of a picture: of some the whole, and tiles of it beside that. */
export interface View {
  name: string; width: number; height: number; modelWidth: number; modelHeight: number; rows: number; columns: number;
  /** The part of the picture that was seen, in its pixels: left, top, width, height. */
  crop: readonly (number | null)[];
  visualWords: (PatchWords | null)[];
}

export interface AnswerToken { text: string; logProbability: number | null; explained: number; insteadOf?: string | null }

export interface PatchMap { id: string; image: number; title: string; caption: string; unit: string; signed: boolean; values: (number | null)[] }

/** What a head read at a position. */
export interface Read { position: number; increase: number | null; attention: number | null; layerInput: Word[]; keyInput: Word[]; valueInput: Word[]; valueOutput: Word[] }

export interface Head { layer: number; head: number; increase: number | null; positionIncrease: (number | null)[]; attention: (number | null)[]; positions: Read[] }

export interface Neuron { layer: number; index: number; increase: number | null; coefficient: number | null; promotes: Word[]; suppresses: Word[] }
export interface AttentionNeuron { layer: number; head: number; dimension: number; position: number; increase: number | null; coefficient: number | null; promotes: Word[] }
export interface Query { part: string; layer: number; neuron: number; score: number | null; words: Word[] | null }
export interface Depth { layer: number; targetProbability: number | null; words: Word[] }

/** Why one target got its log probability. */
export interface Explained {
  target: { text: string; ids: number[]; kind: string };
  row: number;
  logProbability: number | null;
  embeddingLogProbability: number | null;
  predictions: Word[];
  attention: (number | null)[];
  feedForward: (number | null)[];
  heads: (number | null)[][];
  topHeads: Head[];
  maps: PatchMap[];
  neurons: Neuron[];
  attentionNeurons: AttentionNeuron[];
  queries: Query[];
  lens?: Depth[];
  zones?: Record<string, number | null>;
  runnerUp?: { text: string; positions: number[] } | null;
}

export interface Provenance {
  model: string; modelType: string; parameters: number; revision: string | null; weightsDtype: string; computeDtype: string; device: string; threads: number;
  seed: number; seconds: Record<string, number | null>; versions: Record<string, string>; created: string; lynceus: string; command: string;
}

/** The library's record of that name. */
export interface Explanation {
  provenance: Provenance;
  prompt: { question: string; layers: number; heads: number; tokens: Token[] };
  images: View[];
  answer: { text: string; tokens: AnswerToken[] };
  words: Explained[];
  choice?: { why?: string } | null;
  headlines: ({ sentences: string[]; test: string | null } | null)[];
}

/** A picture, and the part of it that is meant, in shares of its sides: left, top, width, height. */
export interface Shot { address: string; part: [number, number, number, number] }

/** Where an explanation and its pictures come from. */
export interface Source {
  readonly explanation: Explanation;
  /** What the model saw as the view of that number; undefined where the picture is not at hand. */
  seen(view: number): Shot | undefined;
}

/** The part of a picture that was seen, which a view always has. */
export const cropOf = ({ crop }: View): [number, number, number, number] => [crop[0] ?? 0, crop[1] ?? 0, crop[2] ?? 0, crop[3] ?? 0];

export const WHOLE: Shot['part'] = [0, 0, 1, 1];
