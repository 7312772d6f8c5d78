import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { EXPRESSIONS } from "../../collector/capture/static/child/expressions.js";
import { POSE_NAMES, drawMascot } from "../../collector/capture/static/child/mascot.js";

const EIGHT = ["surprise", "disgust", "sad", "angry", "fear", "happy", "contempt", "neutral"];
const STYLE = readFileSync(
  new URL("../../collector/capture/static/child/mascot.css", import.meta.url),
  "utf8",
);

/** Enough of a document to draw on. */
const paper = {
  createElementNS: (_space, name) => ({
    name,
    attributes: {},
    children: [],
    setAttribute(key, value) {
      this.attributes[key] = value;
    },
    append(child) {
      this.children.push(child);
    },
  }),
};

test("the mascot has a face for each of the eight classes, in their order", () => {
  assert.deepEqual(Object.keys(EXPRESSIONS), EIGHT);
  for (const name of EIGHT) assert.ok(POSE_NAMES.includes(name));
});

test("no two faces are drawn alike", () => {
  const drawn = Object.values(EXPRESSIONS).map((face) => JSON.stringify(face));
  assert.equal(new Set(drawn).size, EIGHT.length);
});

test("all that is drawn is within the picture, and has a colour in the style sheet", () => {
  for (const pose of POSE_NAMES) {
    for (const { attributes } of drawMascot(pose, paper).children) {
      const numbers = Object.values(attributes).flatMap((one) => String(one).match(/[\d.]+/g) ?? []);
      assert.ok(numbers.every((one) => Number(one) <= 320), `${pose}: ${numbers}`);
      for (const part of attributes.class.split(" ")) {
        const isKnown = STYLE.includes(`.${part}`);
        assert.ok(isKnown, `${pose}: .${part}`);
      }
    }
  }
});

test("whatever moves, moves only where the system does not ask for stillness", () => {
  const [before, within] = STYLE.split("@media (prefers-reduced-motion: no-preference) {");
  assert.ok(!before.includes("animation:"));
  assert.ok(within.includes("animation:"));
});
