// Measuring a sheet: what is told while the camera, the tap and the server do their parts.
import assert from "node:assert/strict";
import { test } from "node:test";

import { Sheet } from "../../collector/capture/static/light/sheet.js";

class Trouble extends Error {
  constructor(word) {
    super(word);
    this.word = word;
  }
}

function stage({ open = async () => {}, grab, ask }) {
  const heard = [];
  const camera = {
    isOpen: true,
    open,
    grab: grab ?? (async () => ({ jpeg: Promise.resolve("frame"), settings: { iso: 100 } })),
    close: () => (camera.isOpen = false),
  };
  const told = (word, answer) => heard.push(answer ? [word, answer] : word);
  return { sheet: new Sheet({ camera, ask, told }), camera, heard };
}

test("a frame is sent with the camera's settings, and the camera goes off", async () => {
  const sent = [];
  const answer = { sentence: "natural light" };
  const { sheet, camera, heard } = stage({
    ask: async (...what) => {
      sent.push(what);
      return answer;
    },
  });
  await sheet.open();
  await sheet.measure();
  assert.deepEqual(sent, [["frame", { iso: 100 }]]);
  assert.deepEqual(heard, ["opening", "aim", "measuring", ["measured", answer]]);
  assert.equal(camera.isOpen, false);
});

test("a refusal is told and the camera stays for another try", async () => {
  const answers = [{ error: "too dark" }, { sentence: "mixed light" }];
  const { sheet, camera, heard } = stage({ ask: async () => answers.shift() });
  await sheet.measure();
  assert.equal(camera.isOpen, true);
  await sheet.measure();
  assert.deepEqual(heard.filter(Array.isArray), [
    ["refused", { error: "too dark" }],
    ["measured", { sentence: "mixed light" }],
  ]);
});

test("without an answer it may be tapped again", async () => {
  const { sheet, camera, heard } = stage({ ask: () => Promise.reject(new Error("offline")) });
  await sheet.measure();
  assert.deepEqual(heard, ["measuring", "unreachable"]);
  assert.equal(camera.isOpen, true);
});

test("a camera that fails is named", async () => {
  const fail = () => Promise.reject(new Trouble("camera_denied"));
  const { sheet, heard } = stage({ open: fail, grab: () => Promise.reject(new Error("gone")) });
  await sheet.open();
  await sheet.measure();
  assert.deepEqual(heard, ["opening", "camera_denied", "measuring", "camera_lost"]);
});
