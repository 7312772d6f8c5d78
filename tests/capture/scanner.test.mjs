import assert from "node:assert/strict";
import { test } from "node:test";
import { Scanner } from "../../collector/capture/static/desk/scanner.js";

function scanner(answers, { grab = async () => "a picture" } = {}) {
  const heard = [];
  const waited = [];
  const it = new Scanner({
    grab,
    ask: async (picture) => {
      assert.equal(picture, "a picture");
      const answer = answers.shift();
      if (answer instanceof Error) throw answer;
      return answer;
    },
    told: (word, sentence) => heard.push([word, sentence]),
    wait: async (milliseconds) => waited.push(milliseconds),
  });
  return { it, heard, waited };
}

test("it asks until a card is seen", async () => {
  const { it, heard, waited } = scanner([{ page: null }, { page: null }, { page: "/children/1" }]);
  assert.equal(await it.run(), "/children/1");
  assert.deepEqual(heard, [["looking", undefined], ["looking", undefined]]);
  assert.deepEqual(waited, [700, 700]);
});

test("a refusal is said, and it goes on looking", async () => {
  const { it, heard } = scanner([{ sentence: "Unknown." }, { page: "/children/1" }]);
  assert.equal(await it.run(), "/children/1");
  assert.deepEqual(heard, [["refused", "Unknown."]]);
});

test("a server that does not answer is asked again", async () => {
  const { it, heard } = scanner([new TypeError("no network"), { page: "/children/1" }]);
  assert.equal(await it.run(), "/children/1");
  assert.deepEqual(heard, [["unreachable", undefined]]);
});

test("a camera without pictures ends it", async () => {
  const grab = async () => {
    throw new Error("camera_lost");
  };
  await assert.rejects(scanner([], { grab }).it.run(), /camera_lost/);
});
