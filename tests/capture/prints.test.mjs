import assert from "node:assert/strict";
import { test } from "node:test";
import { PRINT, isBlack, printOf } from "../../collector/capture/static/camera/prints.js";

const SIZE = PRINT.width * PRINT.height * 4;

/** A picture of noise around a grey, opaque. */
function frame(seed, grey = 120, noise = 20) {
  let state = seed;
  const next = () => (state = (Math.imul(state, 1103515245) + 12345) >>> 0) / 2 ** 32;
  const pixels = new Uint8ClampedArray(SIZE);
  for (let place = 0; place < SIZE; place += 1) {
    pixels[place] = place % 4 === 3 ? 255 : grey + noise * (next() - 0.5);
  }
  return pixels;
}

test("the same pixels have the same print", () => {
  assert.equal(printOf(frame(1)), printOf(frame(1)));
});

test("one step of one channel makes another print, wherever it is", () => {
  const before = printOf(frame(1));
  for (const place of [0, 1, 2, 4, 5000, SIZE - 2]) {
    const pixels = frame(1);
    pixels[place] += pixels[place] > 127 ? -1 : 1;
    assert.notEqual(printOf(pixels), before);
  }
});

test("two thousand frames have two thousand prints", () => {
  const prints = new Set();
  for (let seed = 1; seed <= 2000; seed += 1) prints.add(printOf(frame(seed)));
  assert.equal(prints.size, 2000);
});

test("two exchanged pixels make another print", () => {
  const pixels = new Uint8ClampedArray(SIZE).fill(255);
  const other = pixels.slice();
  pixels[0] = 10;
  other[4] = 10;
  assert.notEqual(printOf(pixels), printOf(other));
});

test("zeros are black, a room in the evening is not", () => {
  assert.equal(isBlack(frame(1, 0, 0)), true);
  assert.equal(isBlack(frame(1, 2, 4)), true);
  assert.equal(isBlack(frame(1, 14, 8)), false);
});

test("a dark room with one lamp is not black", () => {
  const pixels = frame(1, 3, 2);
  pixels.fill(255, 0, SIZE / 20);
  assert.equal(isBlack(pixels), false);
});
