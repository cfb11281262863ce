// Patch grids on canvases, and pieces cut from the pictures.

/** How opaque a colour is laid on the picture: weak values let more of it through. */
function weakness(step, signed) {
  const strength = step < 0 ? 0 : signed ? Math.abs(step / 127.5 - 1) : step / 255;
  return Math.round(255 * (0.4 + 0.6 * Math.sqrt(strength)));
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
  const table = overlayColours(map.signed);
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
      const step = stepOf(v, range);
      const rgb = step < 0 ? [128, 128, 128] : table[step];
      image.data.set([rgb[0], rgb[1], rgb[2], state.even ? 255 : weakness(step, map.signed)], 4 * (y * width + x));
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
