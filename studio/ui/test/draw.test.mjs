import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { module } from './bundle.mjs';

let draw;
before(async () => {
  draw = await module('src/draw/index.ts');
  const ramp = (to) => Array.from({ length: 256 }, (_, i) => to(i).map((c) => c.toString(16).padStart(2, '0')).join('')).join('');
  draw.learn('sequential', ramp((i) => [i, 0, 0]));
  draw.learn('diverging-light', ramp((i) => [i, i, 0]));
  draw.learn('diverging-dark', ramp((i) => [0, i, i]));
  globalThis.document = { documentElement: {} };
  globalThis.getComputedStyle = () => ({ getPropertyValue: () => '0' });
});

/** A canvas that keeps what is put on it. */
function canvas() {
  const kept = { classes: {} };
  return Object.assign(kept, {
    classList: { toggle: (name, on) => { kept.classes[name] = on; } },
    getContext: () => ({ createImageData: (w, h) => ({ data: new Uint8ClampedArray(4 * w * h) }), putImageData: (image) => { kept.image = image; kept.times = (kept.times ?? 0) + 1; } }),
  });
}

test('zero is clear, the strongest is full, and what has no number is clear', () => {
  const on = canvas();
  draw.paint(on, { rows: 1, columns: 3, values: [0, 2, null] }, { low: 0, high: 2 }, false, false);
  assert.deepEqual([3, 7, 11].map((i) => on.image.data[i]), [0, 255, 0]);
  assert.equal(on.classes.pixels, true);
});

test('as light the strongest keeps the picture, and the rest and what speaks against are hidden', () => {
  const on = canvas();
  draw.paint(on, { rows: 1, columns: 3, values: [0, 2, -2] }, { low: -2, high: 2 }, true, false, 'light');
  assert.deepEqual([3, 7, 11].map((i) => on.image.data[i]), [255, 0, 255]);
});

test('below the floor nothing is drawn, at it something is', () => {
  const range = { low: 0, high: 1 };
  assert.equal(draw.strength(draw.FAINT - 1e-9, range, false), 0);
  assert.equal(draw.strength(draw.FAINT, range, false), draw.FAINT);
  assert.equal(draw.strength(-0.5, { low: -1, high: 1 }, true), 0.5);
});

test('smooth goes through the values at patch centres, and is drawn once', () => {
  const on = canvas();
  const grid = { rows: 1, columns: 2, values: [0, 1] };
  draw.paint(on, grid, { low: 0, high: 1 }, false, true);
  assert.equal(on.width, 48);
  const alpha = (x) => on.image.data[4 * x + 3];
  assert.equal(alpha(0), 0);
  assert.equal(alpha(47), 255);
  assert.ok(alpha(23) < alpha(24) && Math.abs(alpha(24) - 255 * 0.5 ** 0.75) < 6);
  draw.paint(on, grid, { low: 0, high: 1 }, false, true);
  assert.equal(on.times, 1);
  draw.paint(on, grid, { low: 0, high: 2 }, false, true);
  assert.equal(on.times, 2);
});

test('ranges begin at zero or lie about it', () => {
  assert.deepEqual(draw.rangeOf([1, null, 3, NaN], false), { low: 0, high: 3 });
  assert.deepEqual(draw.rangeOf([1, -4], true), { low: -4, high: 4 });
  assert.deepEqual(draw.rangeOf([], true), { low: -1, high: 1 });
  assert.deepEqual(draw.solid(0, { low: -1, high: 1 }, true), [128, 128, 0]);
});

test('numbers and tokens as readers see them', () => {
  assert.equal(draw.decimal(-0.0004, true), '0.000');
  assert.equal(draw.decimal(-1.5), '\u22121.500');
  assert.equal(draw.decimal(1.5, true), '+1.500');
  assert.equal(draw.decimal(null), '\u2013');
  assert.equal(draw.percent(0.9996), '100\u202f%');
  assert.equal(draw.percent(0.0001), 'under 0.1\u202f%');
  assert.equal(draw.visible('\u2581dog\n'), 'dog\u21b5');
  assert.equal(draw.visible('  '), '\u2423\u2423');
  assert.equal(draw.visible('a\u202eb'), 'a\ufffdb');
});

/** An explanation of two pictures, 2 by 2 and 1 by 2 patches, with a line break and a class token. */
function explanation() {
  const token = (position, image, patch, label, text = 'x', role = 'image') => ({ position, id: 1, text, role, label, image, patch });
  return {
    prompt: { question: 'q', layers: 1, heads: 1, tokens: [token(0, -1, -1, 'question[0]', '\u2581dog', 'question'), token(1, 0, -1, 'image[0].class'), token(2, 0, 0, 'a'), token(3, 0, 1, 'a'), token(4, 0, -1, 'image[0].row[0].break'), token(5, 0, 2, 'a'), token(6, 0, 3, 'a'), token(7, 1, 0, 'a'), token(8, 1, 1, 'a')] },
    images: [{ rows: 2, columns: 2, name: 'a', crop: [0, 0, 1, 1], width: 1, height: 1, visualWords: [{ input: [[7, 'cat', 1], [8, 'hat', 0.5]], output: [], layers: { 2: [[7, 'cat', 0.1], [9, 'is', 0.2], [3, 'it', null]] } }, null, null, null] }, { rows: 1, columns: 2, name: 'b', crop: [4, 0, 8, 4], width: 16, height: 8, visualWords: [] }],
    words: [{ zones: { image: 1 }, maps: [{ values: [1, 2, 3] }] }], headlines: [{ sentences: ['one', 'two', 'three'], test: null }], answer: { text: '', tokens: [] }, provenance: {},
  };
}

test('what a page holds is read as what the server gives', async () => {
  const { Embedded } = await module('src/page/embedded.ts');
  const held = { explanation: JSON.stringify(explanation()), pictures: JSON.stringify([{ seen: 'data:a', original: 'data:b' }, { seen: 'data:c', original: 'data:d' }]), scales: '{}' };
  const source = new Embedded((id) => held[id]);
  const [patch] = source.explanation.images[0].visualWords;
  assert.deepEqual(patch.input, [{ id: 7, text: 'cat', score: 1 }, { id: 8, text: 'hat', score: 0.5 }]);
  assert.deepEqual(patch.layers[2][2], { id: 3, text: 'it', score: null });
  assert.deepEqual(source.explanation.headlines[0].sentences, ['one', 'two', 'three']);
  assert.deepEqual(source.explanation.words[0].maps[0].values, [1, 2, 3]);
  assert.deepEqual(source.original(1), { address: 'data:d', part: [0.25, 0, 0.5, 0.5] });
  assert.equal(source.seen(2), undefined);
});

test('positions have their places, and patches their pixels', () => {
  const source = { explanation: explanation(), seen: (view) => (view === 0 ? { address: 'one', part: [0.5, 0, 0.5, 1] } : undefined) };
  const reading = new draw.Reading(source);
  assert.deepEqual(reading.positionOf, [[2, 3, 5, 6], [7, 8]]);
  assert.equal(reading.placeOf(0), '\u201cdog\u201d');
  assert.equal(reading.placeOf(1), 'class token');
  assert.equal(reading.placeOf(4), 'line break after row 0');
  assert.equal(reading.placeOf(6), 'row 1, column 1');
  assert.deepEqual(reading.piece(6), { address: 'one', part: [0.75, 0.5, 0.25, 0.5] });
  assert.equal(reading.piece(7), undefined);
  assert.equal(reading.piece(6), reading.piece(6));
  assert.equal(reading.patch(4), undefined);
});

test('pieces have a label for each cell, and lines where labels differ', () => {
  const labels = draw.labelsOf([0, 2, 1, 1, 0, 1, 2, 2], 6); // 0 0 1 / 0 2 2
  assert.deepEqual([...labels], [0, 0, 1, 0, 2, 2]);
  assert.equal(draw.edgesOf(labels, 3, 2), 'M1 1h2M1 1v1M2 0v1');
});
