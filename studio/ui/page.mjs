// Builds what the page of `explain` is made of: one classic script, and the sheets that it shares with the studio. They are kept
// among the resources of `report`, so that it builds without npm. `node page.mjs` writes them.

import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const here = fileURLToPath(new URL('.', import.meta.url));
const KEPT = `${here}../../report/src/main/resources/dev/lynceus/report/`;

/** What belongs into the resources of `report`, by name. */
export async function parts() {
  const made = await build({
    root: here, configFile: false, logLevel: 'warn',
    build: { write: false, target: 'es2022', minify: true, lib: { entry: 'src/page/page.ts', name: 'page', formats: ['iife'], fileName: () => 'page.js' } },
  });
  const [{ output }] = [made].flat();
  const sheet = (name) => readFile(`${here}src/draw/${name}`, 'utf8');
  return { 'page.js': `${output.find((one) => one.type === 'chunk').code.trim()}\n`, 'ground.css': await sheet('ground.css'), 'draw.css': await sheet('draw.css') };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [name, text] of Object.entries(await parts())) {
    await writeFile(KEPT + name, text);
    console.log(`${name}: ${text.length} characters`);
  }
}
