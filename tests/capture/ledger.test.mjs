import assert from "node:assert/strict";
import { test } from "node:test";
import { Ledger } from "../../collector/capture/static/child/ledger.js";

test("every photo is counted once, and the numbers add up", () => {
  const ledger = new Ledger({ stored: [{ id: "a" }, { id: "b" }] });
  ledger.note("c", "waiting");
  ledger.note("d", "waiting");
  ledger.note("e", "waiting");
  ledger.note("c", "saved");
  ledger.note("d", "refused");
  ledger.note("a", "thrown");
  const { taken, ...others } = ledger.counts;
  assert.deepEqual(others, { saved: 2, waiting: 1, thrown: 1, refused: 1 });
  assert.equal(taken, Object.values(others).reduce((sum, count) => sum + count));
});

test("photos are named in the order in which they were taken", () => {
  const ledger = new Ledger({ stored: [{ id: "a" }] });
  for (const id of ["b", "c"]) ledger.note(id, "waiting");
  for (const id of ["c", "b"]) ledger.note(id, "saved");
  assert.deepEqual(ledger.ids("saved"), ["a", "b", "c"]);
});

test("throwing all away leaves none saved or waiting", () => {
  const ledger = new Ledger({ stored: [{ id: "a" }] });
  ledger.note("b", "waiting");
  ledger.throwAll();
  assert.deepEqual(ledger.ids("thrown"), ["a", "b"]);
});

test("every change is told", () => {
  let changes = 0;
  const ledger = new Ledger({ stored: [{ id: "a" }], changed: () => (changes += 1) });
  ledger.note("a", "thrown");
  assert.equal(changes, 1);
});

test("photos of an earlier page that wait on the tablet are taken, and not saved", () => {
  const ledger = new Ledger({ stored: [{ id: "a" }, { id: "b", waits: "waiting" }] });
  assert.deepEqual(ledger.ids("waiting"), ["b"]);
  assert.equal(ledger.counts.taken, 2);
});
