import assert from "node:assert/strict";
import { test } from "node:test";
import { inFours, takeCode } from "../../collector/guardians/static/code.js";

/** A tab at an address that ends in this hash. */
function tab(hash) {
  const addresses = [];
  return {
    addresses,
    location: { hash, pathname: "/withdraw", search: "" },
    history: { replaceState: (_state, _title, address) => addresses.push(address) },
  };
}

test("the code leaves the address at once and is shown in fours", () => {
  const opened = tab("#1234567890123456");
  assert.equal(takeCode(opened), "1234 5678 9012 3456");
  assert.deepEqual(opened.addresses, ["/withdraw"]);
});

test("blanks in the address do not matter, however they are written", () => {
  for (const hash of ["#1234 5678", "#1234%205678", "#1234-5678"]) {
    assert.equal(takeCode(tab(hash)), "1234 5678");
  }
});

test("what is no code fills nothing, and leaves the address all the same", () => {
  for (const hash of ["#main", "#%zz"]) {
    const opened = tab(hash);
    assert.equal(takeCode(opened), null);
    assert.deepEqual(opened.addresses, ["/withdraw"]);
  }
});

test("without a code the address stays as it is", () => {
  const opened = tab("");
  assert.equal(takeCode(opened), null);
  assert.deepEqual(opened.addresses, []);
});

test("a last group may be short", () => {
  assert.equal(inFours("12345"), "1234 5");
});
