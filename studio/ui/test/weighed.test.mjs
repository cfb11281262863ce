import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { module } from './bundle.mjs';

let written;
before(async () => { written = (await module('src/weighed.ts')).writtenWords; });

const piece = (text, gain) => ({ text, logProbability: 0, blind: -gain });

test('words have the colour of what the picture does to all of their tokens', () => {
  const words = written(' The car is brown.', [piece(' The', 0), piece(' car', 0.1), piece(' is', -0.2), piece(' br', 0.4), piece('own', 0.4), piece('.', 0)]);
  assert.deepEqual(words.map((word) => word.text), ['The', 'car', 'is', 'brown']);
  assert.deepEqual(words.map((word) => word.soFar), ['unmoved', 'unmoved', 'unmoved', 'raised']);
});

test('a letter that several tokens make has all of them', () => {
  const words = written('é o', [piece('', 0.5), piece('é', 0.5), piece(' o', 0)]);
  assert.deepEqual(words.map((word) => word.soFar), ['raised', 'unmoved']);
});

test('what was not weighed has no colour, and what is not written yet neither', () => {
  assert.deepEqual(written('The car', []).map((word) => word.soFar), ['', '']);
  assert.deepEqual(written('The car', [piece('The', 1)]).map((word) => word.soFar), ['raised', '']);
  assert.deepEqual(written('', []), []);
});
