// Asking again until there is an answer; votes kept in their order until they are answered.
import assert from "node:assert/strict";
import test from "node:test";

import { Line } from "../../labeler/static/line.js";
import { Outbox } from "../../labeler/static/outbox.js";

const atOnce = (rests) => (ms) => {
  rests.push(ms);
  return Promise.resolve();
};
const forEver = () => new Promise(() => {});

test("a request is asked again until it is answered, with longer and longer rests", async () => {
  const rests = [];
  const told = [];
  const line = new Line(atOnce(rests), (trouble) => told.push(trouble));
  let tries = 0;
  const answer = await line.ask(async () => {
    tries += 1;
    return tries <= 6 ? { trouble: "lost" } : { photos: [] };
  });
  assert.deepEqual(answer, { photos: [] });
  assert.deepEqual(rests, [1000, 2000, 4000, 8000, 15000, 15000]);
  assert.deepEqual(told, [...Array(6).fill("lost"), null]);
  assert.equal(line.trouble, null);
});

test("a refusal is an answer and is not asked again", async () => {
  const rests = [];
  const line = new Line(atOnce(rests), () => {});
  assert.deepEqual(await line.ask(async () => ({ refused: "No." })), { refused: "No." });
  assert.deepEqual(rests, []);
});

test("trying now ends the rest", async () => {
  const answers = [{ trouble: "lost" }, { trouble: "signedOut" }, { vote: "stored" }];
  const line = new Line(forEver, () => {});
  const answer = line.ask(async () => answers.shift());
  while (answers.length > 0) {
    await new Promise(setImmediate);
    line.tryNow();
  }
  assert.deepEqual(await answer, { vote: "stored" });
});

test("votes arrive in the order in which they were cast, each once", async () => {
  const sent = [];
  const outbox = new Outbox(async (vote) => {
    await new Promise((resolve) => setTimeout(resolve, vote.slow ? 20 : 0));
    sent.push(vote.name);
    return {};
  }, assert.fail);
  outbox.add({ name: "first", slow: true });
  outbox.add({ name: "second" });
  assert.equal(outbox.size, 2);
  await outbox.empty();
  assert.deepEqual(sent, ["first", "second"]);
  assert.equal(outbox.size, 0);
});

test("a refused vote is told and does not hold up the next", async () => {
  const refusals = [];
  const outbox = new Outbox(
    async (vote) => (vote.gone ? { refused: "There is no such photo." } : {}),
    (sentence) => refusals.push(sentence),
  );
  outbox.add({ gone: true });
  assert.deepEqual(await outbox.add({}), {});
  assert.deepEqual(refusals, ["There is no such photo."]);
});

test("an empty outbox is empty at once, and a vote added meanwhile is waited for", async () => {
  const outbox = new Outbox(async () => ({}), assert.fail);
  await outbox.empty();
  outbox.add({});
  const empty = outbox.empty();
  outbox.add({});
  await empty;
  assert.equal(outbox.size, 0);
});
