// Pieces of a picture on a grid: which cell is of which, and the lines between them.

/** The piece of each cell, from pieces and how many cells in a row are of each, in turn. */
export function labelsOf(runs: number[], cells: number): Uint16Array {
  const labels = new Uint16Array(cells);
  for (let i = 0, at = 0; i < runs.length; at += runs[i + 1], i += 2) labels.fill(runs[i], at, at + runs[i + 1]);
  return labels;
}

/** Lines between pieces, along the sides of the cells. */
export function edgesOf(labels: Uint16Array, width: number, height: number): string {
  let path = '';
  const line = (along: number, across: number, differs: (a: number, b: number) => boolean, draw: (a: number, b: number, length: number) => string): void => {
    for (let b = 1; b < across; b++) {
      for (let a = 0; a < along; a++) {
        const start = a;
        while (a < along && differs(a, b)) a++;
        if (a > start) path += draw(start, b, a - start);
      }
    }
  };
  line(width, height, (x, y) => labels[y * width + x] !== labels[(y - 1) * width + x], (x, y, length) => `M${x} ${y}h${length}`);
  line(height, width, (y, x) => labels[y * width + x] !== labels[y * width + x - 1], (y, x, length) => `M${x} ${y}v${length}`);
  return path;
}
