// The explanation that is embedded in this page, and how to look things up in it.
// A word is an array: [id, text, score].

const readJson = (id) => JSON.parse(document.getElementById(id).textContent);
const DATA = readJson('explanation');
const PICTURES = readJson('pictures');
const TOKENS = DATA.prompt.tokens;

const unpack = (packed) =>
  Array.from({ length: packed.length / 6 }, (_, i) => {
    const n = parseInt(packed.slice(6 * i, 6 * i + 6), 16);
    return [n >> 16, (n >> 8) & 255, n & 255];
  });
const SCALES = Object.fromEntries(Object.entries(readJson('scales')).map(([k, v]) => [k, unpack(v)]));

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

const MINUS = '\u2212';

/** A number for people: three decimals, a real minus sign, and no sign on what rounds to nothing. */
function number(v, signed = false) {
  if (v === null || v === undefined || !Number.isFinite(v)) return '\u2013';
  const a = Math.abs(v);
  const text = a >= 100 ? a.toFixed(1) : a.toFixed(3);
  if (a < 0.0005) return '0.000';
  if (v < 0) return MINUS + text;
  return signed ? '+' + text : text;
}

/** A number of a unit: what is a share of attention is a percentage. */
const valued = (v, unit, signed = false) => (unit === WORDS.attention ? percent(v) : number(v, signed));

/** A probability as a percentage. */
function percent(p) {
  if (p === null || p === undefined || !Number.isFinite(p)) return '\u2013';
  const v = 100 * p;
  if (v < 0.1) return v > 0 ? 'under 0.1\u202f%' : '0\u202f%';
  if (v >= 99.95) return '100\u202f%';
  return (v > 99 || v < 10 ? v.toFixed(1) : v.toFixed(0)) + '\u202f%';
}

/** Token text with what cannot be seen made visible, and without marks that turn the text around them. */
function visible(text) {
  const shown = text.replace(/\u2581/g, ' ').replace(/[\u202a-\u202e\u2066-\u2069]/g, '\ufffd')
    .replace(/[\u2028\u2029]/g, '\u21b5').replace(/[\0-\x08\x0b\x0c\x0e-\x1f]/g, (c) => String.fromCharCode(0x2400 + c.charCodeAt(0))).replace(/\r/g, '\u240d').replace(/\n/g, '\u21b5').replace(/\t/g, '\u21e5');
  const trimmed = shown.trim();
  if (trimmed !== '') return trimmed;
  return shown === '' ? '\u2205' : '\u2423'.repeat(Math.min(shown.length, 4));
}

const headName = (layer, head) => `${layer}.${head}`;
const sum = (values) => values.reduce((a, b) => a + (b ?? 0), 0);
const finite = (values) => values.filter((v) => v !== null && Number.isFinite(v));

/** The two ends of a colour scale: symmetric about zero for signed quantities. */
function rangeOf(values, signed) {
  let low = Infinity;
  let high = -Infinity;
  for (const v of values) {
    if (v === null || !Number.isFinite(v)) continue;
    if (v < low) low = v;
    if (v > high) high = v;
  }
  if (low > high) return { low: 0, high: 1 };
  if (signed) {
    const end = Math.max(Math.abs(low), Math.abs(high)) || 1;
    return { low: -end, high: end };
  }
  return low === high ? { low, high: low + 1 } : { low, high };
}

/** The range of a patch map: from zero, so that zero looks like nothing, or symmetric about it. */
function mapRangeOf(values, signed) {
  const end = Math.max(0, ...finite(values).map((v) => (signed ? Math.abs(v) : v))) || 1;
  return { low: signed ? -end : 0, high: end };
}

/** The step 0..255 of a value in a range, or -1 where there is no number. */
function stepOf(value, range) {
  if (value === null || !Number.isFinite(value)) return -1;
  const t = (value - range.low) / (range.high - range.low);
  return Math.round(255 * Math.min(1, Math.max(0, t)));
}

const css = (rgb) => `rgb(${rgb[0]} ${rgb[1]} ${rgb[2]})`;

/** Ink that can be read on a colour. */
function inkOn(rgb) {
  const linear = rgb.map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] > 0.19 ? '#14171b' : '#ffffff';
}

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
