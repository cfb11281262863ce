// What is shown, as a file: the picture with its map as PNG, a matrix as PNG, a diagram as SVG.

function give(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 2000);
}

/** The picture on the left with all that lies over it. */
export function savePicture(): void {
  const stage = document.querySelector<HTMLElement>('.stage');
  const image = stage?.querySelector('img');
  if (!stage || !image) return;
  const scale = Math.max(1, Math.round(900 / image.naturalWidth));
  const canvas = document.createElement('canvas');
  canvas.width = image.naturalWidth * scale;
  canvas.height = image.naturalHeight * scale;
  const context = canvas.getContext('2d') as CanvasRenderingContext2D;
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  const box = stage.getBoundingClientRect();
  for (const over of stage.querySelectorAll<HTMLCanvasElement>('canvas:not([hidden])')) {
    if (!over.width) continue;
    const at = over.getBoundingClientRect();
    context.globalAlpha = Number(getComputedStyle(over).opacity);
    context.imageSmoothingEnabled = !over.classList.contains('pixels');
    context.drawImage(over, ((at.left - box.left) / box.width) * canvas.width, ((at.top - box.top) / box.height) * canvas.height, (at.width / box.width) * canvas.width, (at.height / box.height) * canvas.height);
  }
  canvas.toBlob((blob) => { if (blob) give(blob, 'lynceus-picture.png'); }, 'image/png');
}

const STYLES = ['fill', 'stroke', 'stroke-width', 'stroke-dasharray', 'stroke-linejoin', 'paint-order', 'font-family', 'font-size', 'font-weight', 'text-anchor'];

/** A diagram of the view, with its colours written into it. */
export function saveDiagram(selector: string, name: string): void {
  const shown = document.querySelector<SVGElement>(selector);
  if (!shown) return;
  const copy = shown.cloneNode(true) as SVGElement;
  const from = [shown, ...shown.querySelectorAll('*')];
  [copy, ...copy.querySelectorAll('*')].forEach((one, i) => {
    const style = getComputedStyle(from[i]);
    for (const property of STYLES) one.setAttribute(property, style.getPropertyValue(property));
  });
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  const box = shown.getBoundingClientRect();
  copy.setAttribute('width', String(Math.round(box.width)));
  copy.setAttribute('height', String(Math.round(box.height)));
  give(new Blob([new XMLSerializer().serializeToString(copy)], { type: 'image/svg+xml' }), name);
}
