import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { module, ui } from './bundle.mjs';
import { parts } from '../page.mjs';

const sources = async (folder) => Promise.all((await readdir(`${ui}src/${folder}`)).filter((name) => name.endsWith('.ts')).map(async (name) => [name, await readFile(`${ui}src/${folder}/${name}`, 'utf8')]));
const imports = (text) => [...text.matchAll(/^(?:import|export)\b[^;]*?from '([^']+)'|^import '([^']+)'/gm)].map((found) => found[1] ?? found[2]);

test('what is shared knows no page: it imports its own folder and Lit', async () => {
  const files = await sources('draw');
  assert.ok(files.length > 15);
  for (const [name, text] of files) {
    for (const from of imports(text)) assert.match(from, /^(\.\/[a-z-]+|lit(\/.+)?)$/, `${name} imports ${from}`);
    for (const word of ['fetch(', 'EventSource', 'location.', 'history.', 'getElementById']) assert.ok(!text.includes(word), `${name} has ${word}`);
  }
});

test('the page of explain is made of what is shared and its own parts', async () => {
  for (const [name, text] of await sources('page')) {
    for (const from of imports(text)) assert.match(from, /^(\.\/[a-z-]+|\.\.\/draw\/[a-z-]+|lit(\/.+)?)$/, `${name} imports ${from}`);
    assert.ok(!text.includes('fetch('), name);
  }
});

test('no source makes markup from text', async () => {
  for (const folder of ['draw', 'page', '.', 'views']) {
    for (const [name, text] of await sources(folder)) assert.doesNotMatch(text, /innerHTML|insertAdjacentHTML|unsafeHTML|unsafeSVG|document\.write|\beval\(|new Function/, name);
  }
});

// A type of anything: after what introduces a type, and before what ends one.
const ANYTHING = /(?:[:,]|<|\||&|=|\bas|\bextends|\bsatisfies)\s*any(?=\s*(?:[;,)>\][=|&{}]|$))|@ts-(?:ignore|expect-error|nocheck)|as unknown as\b/m;

test('every value has a type: what comes from the server has that of openapi.ts', async () => {
  for (const text of ['let one: any;', 'const a = b as any;', 'type A = any;', 'function f(a: any, b: string)', 'Record<string, any>', 'any[] | any[]', 'let a: any[] = []', 'let all: string | any\n', '// @ts-ignore', 'x as unknown as Result']) assert.match(text, ANYTHING, text);
  assert.doesNotMatch("reach?: \"trained\" | \"any\"; // which costs what any such loss costs: any of them", ANYTHING);
  for (const folder of ['draw', 'page', '.', 'views']) for (const [name, text] of await sources(folder)) assert.doesNotMatch(text, ANYTHING, name);
});

test('what is too faint to be drawn is so in the pictures of the library too', async () => {
  const java = await readFile(`${ui}../../report/src/main/java/dev/lynceus/report/MapRaster.java`, 'utf8');
  const [, part, whole] = /double FAINT = (\d+) \/ (\d+)\.;/.exec(java);
  assert.equal((await module('src/draw/index.ts')).FAINT, part / whole);
});

test('what report keeps of the page is what the sources give', async () => {
  for (const [name, text] of Object.entries(await parts())) {
    assert.equal(await readFile(`${ui}../../report/src/main/resources/dev/lynceus/report/${name}`, 'utf8'), text, `${name}: npm run page`);
  }
});
