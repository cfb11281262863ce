// Pieces cut from the pictures.

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
