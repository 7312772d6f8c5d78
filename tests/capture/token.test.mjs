import assert from "node:assert/strict";
import { test } from "node:test";
import { takeToken } from "../../collector/capture/static/token.js";

/** A tab at an address, with a storage of its own. */
function tab(hash, kept = new Map()) {
  const addresses = [];
  return {
    addresses,
    location: { hash, pathname: "/capture/", search: "" },
    history: { replaceState: (_state, _title, address) => addresses.push(address) },
    storage: {
      getItem: (name) => kept.get(name) ?? null,
      setItem: (name, value) => kept.set(name, value),
    },
    kept,
  };
}

test("the token leaves the address at once and lasts over a reload", () => {
  const first = tab("#secret");
  assert.equal(takeToken(first), "secret");
  assert.deepEqual(first.addresses, ["/capture/"]);
  assert.equal(takeToken(tab("", first.kept)), "secret");
});

test("a new link opens a new session", () => {
  const { kept } = tab("#old");
  takeToken(tab("#old", kept));
  assert.equal(takeToken(tab("#new", kept)), "new");
  assert.equal(takeToken(tab("", kept)), "new");
});

test("without a link there is no session", () => {
  assert.equal(takeToken(tab("")), null);
});
