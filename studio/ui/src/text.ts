// Words and numbers as readers see them.

export { percent } from './draw/text';

export function number(v: number | null | undefined): string {
  if (v === null || v === undefined || !Number.isFinite(v)) return 'no number';
  const size = Math.abs(v);
  return size === 0 ? '0' : size >= 100 ? v.toFixed(0) : size >= 1 ? v.toFixed(2) : size >= 0.001 ? v.toFixed(3) : v.toExponential(1);
}

/** A number that a result may lack. */
export const real = (v: number | null | undefined): number => v ?? NaN;

/** A change, with its sign. */
export const signed = (v: number): string => (Math.abs(v) < 0.005 ? '0.00' : `${v > 0 ? '+' : '−'}${Math.abs(v).toFixed(2)}`);

export function seconds(s: number): string {
  return s < 1 ? 'less than a second' : s < 90 ? `${Math.round(s)} s` : s < 5400 ? `${Math.round(s / 60)} min` : `${(s / 3600).toFixed(1)} h`;
}

export const VERDICTS: Record<string, { name: string; what: string }> = {
  image: { name: 'supported by the image', what: 'The word rests on the picture, and its scores are those of right answers.' },
  text: { name: 'from the text', what: 'The picture hardly matters for it.' },
  contradicted: { name: 'contradicted by the picture', what: 'The word would be likelier without the picture.' },
  unsupported: { name: 'unsupported', what: 'It rests on the picture, but its scores are those of wrong answers.' },
  uncalibrated: { name: 'uncalibrated', what: 'No thresholds are known for this model.' },
  open: { name: 'not judged yet', what: 'The verdict is on its way.' },
  raised: { name: 'so far: raised by the picture', what: 'It is likelier with the picture than without. The verdict is on its way.' },
  unmoved: { name: 'so far: the same without it', what: 'The picture hardly moves it. The verdict is on its way.' },
};

export const QUANTITIES = {
  increase: 'Log increase: how much what a head writes raises the log probability of the word, in nats. Shares of what was written, not proof of need: knock parts out to test.',
  image: 'Attention to the picture: the share of its attention that a head gives to all patches when the word is predicted. Where it looks is not yet why.',
  question: 'Attention to the question: the share of its attention that a head gives to the words of the question.',
  first: 'Attention to the first position: heads that have nothing to do rest there (an attention sink).',
  need: 'Need: what the log probability of the word loses when the head is silenced alone. What other heads do as well is not missed.',
  entropy: 'Entropy: how spread the look of a head is, in nats, mean over all positions that look; 0 where all goes to one position.',
  distance: 'Distance: how far patches look at patches, in patches, weighted by what they pay these.',
  most: 'Resting place: the share of the one position that the head pays most on the whole; large for an attention sink.',
  self: 'Itself: the share that a position pays itself.',
  lens: 'Logit lens: the word that a state would say if the model stopped at this layer. Early layers often say nothing sensible.',
  trace: 'Causal tracing: the picture is corrupted, one state is put back, and the cell shows how far the word comes back. What brings it back carries it.',
  occlude: 'Necessity: what the word loses when the region is hidden. Sufficiency: what the region alone brings back, where all else is hidden. Random regions as large, in its shape where there is room, say what any region would do.',
  which: 'How the attention to all pictures is parted among them, what the heads write for the word from each, and the test of both: what becomes of the word when the visual tokens of one picture are replaced by their mean.',
  deletion: 'Deletion: patches go away, the strongest of a map first; the area under the word’s probability is small for a map that is right. Insertion: they come back in that order; the area is large.',
  agreement: 'Rank correlation of two maps: 1 where they order all patches alike, 0 where one tells nothing of the other.',
  flow: 'Attention knock-out: some places may not look at others in a few layers. What the word then loses came along there; as many random looks beside it cost what any such loss costs.',
  causes: 'A causal graph learned from the attention of one head (CLEANN): which patches and words it joins to the word, step by step, and whether masking them costs more than masking others.',
  silence: 'Silenced heads write nothing, while the answer is written too. Random heads of the same layers show what silencing any would do.',
  think: 'Think: steps make pictures of the picture (crops, marks), the model reads each, and answers from all of it, beside the direct answer. What the answer loses without a step says whether the step mattered.',
  describe: 'Describe: the model describes the picture, is asked what is missing, and answers from the words alone: what language carries of the answer.',
  vote: 'Vote: explanations are drawn, an answer is read after each, and they vote, weighed by how far the model holds them to be right.',
  mark: 'Mark: a box, a crop, black paint point at a part of the picture; the same elsewhere shows whether it is the place that counts.',
  edit: 'Change the picture and ask again. What the word loses means something beside what the same change elsewhere does: regions of the same shape are drawn by lot, and share no pixel with yours.',
  necessity: 'Hidden patches get the mean of all visual tokens, or noise that is spread like these, several times over.',
} as const;

export const KINDS: Record<string, string> = {
  experiment: 'Experiment', ask: 'Answer', evidence: 'Verdicts', explain: 'Explanation', attention: 'Attention', lens: 'Words by layer', relevancy: 'Relevancy', trace: 'Trace', occlude: 'Hidden parts', region: 'Region', looks: 'Looks',
  patch: 'Patching', attribute: 'Attribution', paths: 'Paths', knockout: 'Flow', ablate: 'Ablation', steer: 'Steering', silence: 'Silenced heads', compare: 'Comparison', causes: 'Causes', strategy: 'Strategy',
};

/** A label of a position as a reader sees it; as everywhere, layers, rows, columns and positions count from 0. */
export function place(label: string): string {
  const patch = /^image\[\d+](?:\.tile\[\d+])?\.row\[(\d+)]\.col\[(\d+)]$/.exec(label);
  return patch ? `patch, row ${patch[1]}, column ${patch[2]}` : label.replace(/\[(\d+)]/, ' $1');
}

/** A text of any length, for a line. */
export const short = (text: string, most = 200): string => (text.length > most ? `${text.slice(0, most)} …` : text);

/** What the engine notes, as a sentence. */
export const sentence = (text: string): string => (text ? `${text[0].toUpperCase()}${text.slice(1)}${text.endsWith('.') ? '' : '.'}` : '');

/** A sentence of the engine about a region that has no name of its own. */
export const plain = (sentence: string): string => sentence.replace(/what mask \S+ marks/g, 'the region');

/** A sentence of the engine in which pictures are called by their numbers, not by their sums. */
export const numbered = (sentence: string, sums: string[]): string =>
  sums.reduce((text, sum, i) => text.replaceAll(sum.slice(0, 12), sums.length > 1 ? `picture ${i + 1}` : 'the picture'), sentence);

/** What a run says that has no sentence of its own. */
export const WHAT: Record<string, string> = { lens: 'What states would say, layer by layer', relevancy: 'Attention and its gradients, followed back' };

/** The options of a command line behind its question. */
export function options(command: string, question: string): string {
  const at = command.indexOf(question);
  return command.includes('\n') || at < 0 ? '' : command.slice(at + question.length).replace(/^'/, '').trim();
}
