import assert from "node:assert/strict";
import { webcrypto } from "node:crypto";
import { test } from "node:test";
import { newId, sha256 } from "../../collector/capture/static/queue/bytes.js";

const UUID_4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const old = { getRandomValues: (array) => webcrypto.getRandomValues(array) };

test("an id is a random UUID", () => {
  assert.match(newId(webcrypto), UUID_4);
});

test("a browser without randomUUID makes one all the same", () => {
  const ids = Array.from({ length: 100 }, () => newId(old));
  for (const id of ids) assert.match(id, UUID_4);
  assert.equal(new Set(ids).size, 100);
});

test("every random bit reaches its place, but for version and variant", () => {
  const full = { getRandomValues: (array) => array.fill(0xff) };
  const empty = { getRandomValues: (array) => array.fill(0) };
  assert.equal(newId(full), "ffffffff-ffff-4fff-bfff-ffffffffffff");
  assert.equal(newId(empty), "00000000-0000-4000-8000-000000000000");
});

test("a fingerprint is the SHA-256 that the server writes", async () => {
  const { buffer } = new TextEncoder().encode("abc"); // FIPS 180-4's own example
  const known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  assert.equal(await sha256(buffer, webcrypto), known);
});
