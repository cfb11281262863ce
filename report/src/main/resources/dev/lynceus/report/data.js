// The explanation that is embedded in this page, and how to look things up in it.
// A word is an array: [id, text, score].

const readJson = (id) => JSON.parse(document.getElementById(id).textContent);
const DATA = readJson('explanation');
const PICTURES = readJson('pictures');
const TOKENS = DATA.prompt.tokens;

const { decimal: number, inkOn, laid, learn, paint, percent, rangeOf, rgb, solid, strength, told: isNumber, visible } = shared;
for (const [name, digits] of Object.entries(readJson('scales'))) learn(name, digits);

// positionOf[image][patch] = position in the sequence
const positionOf = DATA.images.map((image) => new Array(image.rows * image.columns).fill(-1));
for (const token of TOKENS) {
  if (isPatch(token) && positionOf[token.image]) positionOf[token.image][token.patch] = token.position;
}

/** Whether a token stands for pixels: line breaks between rows of patches and class tokens belong to an image but do not. */
function isPatch(token) {
  return token !== undefined && token.image >= 0 && token.patch >= 0;
}

const WORDS = readJson('words'); // names, units and floors, as terminal and notes have them

/** A number of a unit: what is a share of attention is a percentage. */
const valued = (v, unit, signed = false) => (unit === WORDS.attention ? percent(v) : number(v, signed));

const headName = (layer, head) => `${layer}.${head}`;
const sum = (values) => values.reduce((a, b) => a + (b ?? 0), 0);
const finite = (values) => values.filter((v) => v !== null && Number.isFinite(v));

/** Where a value lies on its scale, 0 to 100. */
const placeOn = (v, range) => 100 * Math.min(1, Math.max(0, (v - range.low) / (range.high - range.low)));

/** A depth of the stream: how many layers are behind it. */
const depthName = (depth) => (depth === 0 ? WORDS.embedding : `after layer ${depth - 1}`);

/** Plain label of a position: where a reader finds it. */
function placeOf(position) {
  const token = TOKENS[position];
  if (!token) return '';
  if (token.image < 0) return `\u201c${visible(token.text)}\u201d`;
  if (!isPatch(token)) {
    const row = /row\[(\d+)\]\.break$/.exec(token.label)?.[1];
    return row === undefined ? 'class token' : `line break after row ${row}`;
  }
  const view = DATA.images[token.image];
  const row = Math.floor(token.patch / view.columns);
  const column = token.patch % view.columns;
  return `row ${row}, column ${column}`;
}
