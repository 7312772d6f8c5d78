import assert from "node:assert/strict";
import { test } from "node:test";
import { Refused, Unreachable } from "../../collector/capture/static/queue/api.js";
import { Patience, insist } from "../../collector/capture/static/queue/patience.js";

/** A wait that ends at once and writes down how long it was asked to be. */
function impatient() {
  const pauses = [];
  return { pauses, wait: async (milliseconds) => pauses.push(milliseconds) };
}

/** A task that fails so many times before it answers. */
function failing(times, answer = "done") {
  let left = times;
  return async () => {
    if (left-- > 0) throw new Unreachable("no network");
    return answer;
  };
}

test("a task is tried until it works, with longer and longer pauses", async () => {
  const { pauses, wait } = impatient();
  assert.equal(await insist(failing(7), new Patience({ wait })), "done");
  assert.deepEqual(pauses, [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
});

test("after a success the pauses are short again", async () => {
  const { pauses, wait } = impatient();
  const patience = new Patience({ wait });
  await insist(failing(3), patience);
  assert.equal(patience.isTried, false);
  await insist(failing(1), patience);
  assert.deepEqual(pauses, [1000, 2000, 4000, 1000]);
});

test("a refusal is final", async () => {
  const { pauses, wait } = impatient();
  const refusal = new Refused(409, "This session is over.");
  const task = () => Promise.reject(refusal);
  await assert.rejects(insist(task, new Patience({ wait })), refusal);
  assert.deepEqual(pauses, []);
});

test("several who wait share one pause, and a network that is back ends it", async () => {
  let pauses = 0;
  const patience = new Patience({ wait: () => new Promise(() => (pauses += 1)) });
  const rests = [patience.rest(), patience.rest(), patience.rest()];
  assert.equal(patience.isTried, true);
  patience.hurry();
  await Promise.all(rests);
  assert.equal(pauses, 1);
});
