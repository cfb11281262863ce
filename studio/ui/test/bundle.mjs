// A module of the sources, to be tested in Node.

import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'vite';

export const ui = fileURLToPath(new URL('..', import.meta.url));

/** What the module at `entry` exports. */
export async function module(entry) {
  const made = await build({
    root: ui, configFile: false, logLevel: 'warn',
    build: { write: false, target: 'es2022', minify: false, lib: { entry, formats: ['es'], fileName: () => 'module.mjs' } },
  });
  const file = join(await mkdtemp(join(tmpdir(), 'lynceus-ui-')), 'module.mjs');
  await writeFile(file, [made].flat()[0].output[0].code);
  return import(pathToFileURL(file));
}
