// Builds the script of the pages that `report` writes: one classic script, kept among the resources of that module so that
// it builds without npm. `node page.mjs` writes it; `node page.mjs --check` says whether it is what the sources give.

import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const here = fileURLToPath(new URL('.', import.meta.url));
const KEPT = `${here}../../report/src/main/resources/dev/lynceus/report/`;

/** What belongs into the resources of `report`, by name. */
export async function parts() {
  const made = await build({
    root: here, configFile: false, logLevel: 'warn',
    build: { write: false, target: 'es2022', minify: true, lib: { entry: 'src/draw/index.ts', name: 'shared', formats: ['iife'], fileName: () => 'draw.js' } },
  });
  const [{ output }] = [made].flat();
  return { 'draw.js': `${output.find((one) => one.type === 'chunk').code.trim()}\n` };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const check = process.argv.includes('--check');
  for (const [name, text] of Object.entries(await parts())) {
    const kept = await readFile(KEPT + name, 'utf8').catch(() => '');
    if (kept === text) continue;
    if (check) {
      console.error(`${name} in report is not what studio/ui gives; write it with npm run page`);
      process.exitCode = 1;
    } else {
      await writeFile(KEPT + name, text);
      console.log(`${name}: ${text.length} characters`);
    }
  }
}
