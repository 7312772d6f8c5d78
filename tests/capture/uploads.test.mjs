import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { Refused, Unreachable } from "../../collector/capture/static/api.js";
import { Patience } from "../../collector/capture/static/patience.js";
import { Uploads } from "../../collector/capture/static/uploads.js";

const photo = (id) => ({ id, sha256: `hash of ${id}` });
const receipt = ({ sha256 }) => ({ sha256 });

/** A queue over `send`, and what it told of each photo. */
function queueing(send, wait = async () => {}) {
  const told = [];
  const uploads = new Uploads({
    send,
    patience: new Patience({ wait }),
    told: (outcome, { id }) => outcome && told.push(`${id} ${outcome.kind}`),
  });
  return { uploads, told };
}

async function settle() {
  for (let round = 0; round < 20; round += 1) await turn();
}

test("a photo is saved when the server names the hash of what was sent", async () => {
  const { uploads, told } = queueing(async (sent) => receipt(sent));
  uploads.add(photo("one"));
  assert.deepEqual(uploads.waiting, ["one"]);
  await settle();
  assert.deepEqual(told, ["one saved"]);
  assert.deepEqual(uploads.waiting, []);
});

test("a receipt for other bytes is no receipt", async () => {
  const answers = ["another hash", "hash of one"];
  const { uploads, told } = queueing(async () => ({ sha256: answers.shift() }));
  uploads.add(photo("one"));
  await settle();
  assert.deepEqual(told, ["one saved"]);
  assert.deepEqual(answers, []);
});

test("at most three are on their way at once", async () => {
  let now = 0;
  let most = 0;
  const { uploads, told } = queueing(async (sent) => {
    most = Math.max(most, (now += 1));
    await turn();
    now -= 1;
    return receipt(sent);
  });
  for (let number = 0; number < 10; number += 1) uploads.add(photo(`p${number}`));
  assert.equal(uploads.waiting.length, 10);
  await settle();
  await settle();
  assert.equal(most, 3);
  assert.equal(told.length, 10);
});

test("without a network all wait, and none is lost or saved twice", async () => {
  let isOnline = false;
  const sent = [];
  let wake;
  const { uploads, told } = queueing(
    async (one) => {
      if (!isOnline) throw new Unreachable("no network");
      sent.push(one.id);
      return receipt(one);
    },
    () => new Promise((resolve) => (wake = resolve)),
  );
  for (const id of ["a", "b", "c", "d", "e"]) uploads.add(photo(id));
  await settle();
  assert.deepEqual([...uploads.waiting].sort(), ["a", "b", "c", "d", "e"]);
  isOnline = true;
  wake();
  await settle();
  assert.deepEqual([...sent].sort(), ["a", "b", "c", "d", "e"]);
  assert.equal(told.length, 5);
});

test("a refused photo leaves the queue with its sentence, the others go on", async () => {
  const sentences = [];
  const uploads = new Uploads({
    send: async (one) => {
      if (one.id === "bad") throw new Refused(415, "This is no picture.", "415");
      return receipt(one);
    },
    patience: new Patience({ wait: async () => {} }),
    told: (outcome) => outcome?.sentence && sentences.push(outcome.sentence),
  });
  for (const id of ["good", "bad", "better"]) uploads.add(photo(id));
  await settle();
  assert.deepEqual(sentences, ["This is no picture."]);
  assert.deepEqual(uploads.waiting, []);
});

test("an erased photo is forgotten", async () => {
  const { uploads, told } = queueing(async () => {
    throw new Refused(409, "It was erased.", "erased");
  });
  uploads.add(photo("one"));
  await settle();
  assert.deepEqual(told, ["one erased"]);
});

test("dropped photos are named and not heard of again, even those on their way", async () => {
  const answers = [];
  const sent = [];
  const { uploads, told } = queueing((one) => {
    sent.push(one.id);
    return new Promise((resolve) => answers.push(() => resolve(receipt(one))));
  });
  for (const id of ["a", "b", "c", "d"]) uploads.add(photo(id));
  assert.deepEqual(uploads.drop(), ["a", "b", "c", "d"]);
  for (const answer of answers) answer();
  await settle();
  assert.deepEqual(told, []);
  assert.deepEqual(sent, ["a", "b", "c"]);
  assert.deepEqual(uploads.waiting, []);
});
