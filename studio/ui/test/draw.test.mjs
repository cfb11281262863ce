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
