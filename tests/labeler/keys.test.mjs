// Which press means what.
import assert from "node:assert/strict";
import test from "node:test";

import { meaningOf } from "../../labeler/static/keys.js";

const onClasses = (press) => meaningOf({ key: "", code: "", ...press }, { choosingReason: false });
const onReasons = (press) => meaningOf({ key: "", code: "", ...press }, { choosingReason: true });

test("the digits 1 to 8 are the eight classes, on the row and on the number block", () => {
  for (let digit = 1; digit <= 8; digit += 1) {
    const meaning = { act: "emotion", digit };
    assert.deepEqual(onClasses({ key: `${digit}`, code: `Digit${digit}` }), meaning);
    assert.deepEqual(onClasses({ key: `${digit}`, code: `Numpad${digit}` }), meaning);
  }
});

test("on a layout whose row of digits writes signs the places count", () => {
  assert.deepEqual(onClasses({ key: "&", code: "Digit1" }), { act: "emotion", digit: 1 });
});

test("9, 0 and a number block without its lock mean nothing", () => {
  for (const press of [
    { key: "9", code: "Digit9" },
    { key: "0", code: "Digit0" },
    { key: "End", code: "Numpad1" },
  ]) {
    assert.equal(onClasses(press), null);
  }
});

test("U and X are the same keys on a Cyrillic layout", () => {
  assert.deepEqual(onClasses({ key: "u", code: "KeyU" }), { act: "unsure" });
  assert.deepEqual(onClasses({ key: "г", code: "KeyU" }), { act: "unsure" });
  assert.deepEqual(onClasses({ key: "X", code: "KeyX", shiftKey: true }), { act: "reasons" });
  assert.deepEqual(onClasses({ key: "ч", code: "KeyX" }), { act: "reasons" });
});

test("a Latin letter is read by what it writes, wherever its key is", () => {
  assert.deepEqual(onClasses({ key: "u", code: "KeyF" }), { act: "unsure" });
  assert.equal(onClasses({ key: "e", code: "KeyX" }), null);
});

test("Backspace, Ctrl+Z and Cmd+Z take back", () => {
  for (const press of [
    { key: "Backspace", code: "Backspace" },
    { key: "z", code: "KeyZ", ctrlKey: true },
    { key: "я", code: "KeyZ", ctrlKey: true },
    { key: "z", code: "KeyZ", metaKey: true },
  ]) {
    assert.deepEqual(onClasses(press), { act: "undo" });
    assert.deepEqual(onReasons(press), { act: "undo" });
  }
});

test("other shortcuts of the browser are left to it", () => {
  for (const press of [
    { key: "1", code: "Digit1", ctrlKey: true },
    { key: "1", code: "Digit1", altKey: true },
    { key: "x", code: "KeyX", ctrlKey: true },
    { key: "u", code: "KeyU", metaKey: true },
    { key: "Z", code: "KeyZ", ctrlKey: true, shiftKey: true },
    { key: "z", code: "KeyZ" },
    { key: "Tab", code: "Tab" },
    { key: "F5", code: "F5" },
  ]) {
    assert.equal(onClasses(press), null, JSON.stringify(press));
  }
});

test("while the reasons are open letters choose one, X and Escape close, digits mean nothing", () => {
  assert.deepEqual(onReasons({ key: "b", code: "KeyB" }), { act: "reason", letter: "B" });
  assert.deepEqual(onReasons({ key: "и", code: "KeyB" }), { act: "reason", letter: "B" });
  assert.deepEqual(onReasons({ key: "x", code: "KeyX" }), { act: "reasons" });
  assert.deepEqual(onReasons({ key: "Escape", code: "Escape" }), { act: "reasons" });
  assert.deepEqual(onReasons({ key: "u", code: "KeyU" }), { act: "unsure" });
  assert.equal(onReasons({ key: "3", code: "Digit3" }), null);
});

test("Escape means nothing while the reasons are closed", () => {
  assert.equal(onClasses({ key: "Escape", code: "Escape" }), null);
});
