// Patch grids on canvases, and pieces cut from the pictures.

/** How strong a value is on the scale, 0 to 1, and 0 for what is too weak to be drawn. */
function strength(v, range, signed) {
  if (v === null || v === undefined || !Number.isFinite(v)) return 0;
  const part = Math.min(1, Math.max(0, signed ? Math.abs(v) / range.high : v / range.high));
  return part < WORDS.faint ? 0 : part;
}

/** The colour of a value over a picture: never dark, so that what fades does not darken. */
function overlayColour(v, range, signed) {
  const part = strength(v, range, signed);
  const t = signed ? (v < 0 ? 0.25 - 0.25 * part : 0.75 + 0.25 * part) : 0.35 + 0.65 * part;
  return (signed ? SCALES.divergingDark : SCALES.sequential)[Math.round(255 * t)];
}

/** How opaque a colour is laid on the picture: not at all where there is nothing. */
const weakness = (v, range, signed) => Math.round(255 * strength(v, range, signed) ** 0.75);

/** The paper that hides what a map does not point to. */
const veil = () => (dark() ? [17, 19, 20] : [251, 250, 246]);

/**
 * What is laid on the picture for a value, as red, green, blue and opacity, each 0 to 255. A map
 * drawn as light leaves the picture its own colours where it is strong and hides the rest.
 */
function laidColour(v, range, signed) {
  return state.drawn === 'light'
    ? [...veil(), 255 - (v > 0 ? weakness(v, range, signed) : 0)]
    : [...overlayColour(v, range, signed), weakness(v, range, signed)];
}

/** Draws a grid of numbers: each patch flat, or values interpolated between patch centres. */
function paintGrid(canvas, values, rows, columns, map, range) {
  const side = Math.max(1, Math.min(24, Math.floor(480 / Math.max(rows, columns))));
  const scale = state.smooth ? side : 1;
  const width = columns * scale;
  const height = rows * scale;
  canvas.width = width;
  canvas.height = height;
  canvas.classList.toggle('pixels', !state.smooth);
  const context = canvas.getContext('2d');
  const image = context.createImageData(width, height);
  const at = (r, c) => values[Math.min(rows - 1, Math.max(0, r)) * columns + Math.min(columns - 1, Math.max(0, c))] ?? 0;
  for (let y = 0; y < height; y++) {
    const row = (y + 0.5) / scale - 0.5;
    const r = Math.floor(row);
    for (let x = 0; x < width; x++) {
      let v;
      if (state.smooth) {
        const column = (x + 0.5) / scale - 0.5;
        const c = Math.floor(column);
        const right = column - c;
        const upper = at(r, c) + right * (at(r, c + 1) - at(r, c));
        const lower = at(r + 1, c) + right * (at(r + 1, c + 1) - at(r + 1, c));
        v = upper + (row - r) * (lower - upper);
      } else {
        v = values[y * columns + x];
      }
      image.data.set(laidColour(v, range, map.signed), 4 * (y * width + x));
    }
  }
  context.putImageData(image, 0, 0);
}

// One decoded picture for each image, to cut patches from.
const seenImages = PICTURES.map((p) => {
  const image = new Image();
  image.src = p.seen;
  return image;
});

/** A small canvas with the pixels of one patch and a little around it. */
function patchThumb(position, size = 30) {
  const token = TOKENS[position];
  const view = DATA.images[token.image];
  const canvas = make('canvas', { width: size * 2, height: size * 2, class: 'thumb', 'aria-hidden': 'true' });
  const image = seenImages[token.image];
  const paint = () => {
    const w = image.naturalWidth / view.columns;
    const h = image.naturalHeight / view.rows;
    const x = (token.patch % view.columns) * w;
    const y = Math.floor(token.patch / view.columns) * h;
    const context = canvas.getContext('2d');
    context.imageSmoothingQuality = 'high';
    context.drawImage(image, x, y, w, h, 0, 0, size * 2, size * 2);
  };
  if (image.complete && image.naturalWidth) paint();
  else image.addEventListener('load', paint, { once: true });
  return canvas;
}
