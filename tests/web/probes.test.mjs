import assert from "node:assert/strict";
import { test } from "node:test";

import { ask, judgeCamera, judgeTrust, judgeWay, measureWay } from "../../collector/web/static/probes.js";
import { judgeAddresses } from "../../collector/web/static/trust.js";

const yes = async () => ({ ok: true });
const no = async () => { throw new TypeError("Failed to fetch"); };
const never = (_address, { signal }) =>
  new Promise((_resolve, reject) => {
    const waiting = setTimeout(() => {}, 60_000); // or node would end before the signal comes
    signal.addEventListener("abort", () => { clearTimeout(waiting); reject(signal.reason); });
  });

test("an answer takes a while, none is null", async () => {
  assert.ok((await ask("/ping", yes)) >= 0);
  assert.equal(await ask("/ping", no), null);
  assert.equal(await ask("/ping", async () => ({ ok: false })), null);
});

test("a server that keeps silent is not waited for", async () => {
  assert.equal(await ask("/ping", never, 20), null);
});

test("a quick way is good, a slow or leaky one is named, a dead one too", () => {
  assert.deepEqual(judgeWay([10, 30, 20]), { verdict: "good", lost: 0, middle: 20 });
  assert.equal(judgeWay([10, 700, 800]).verdict, "slow");
  assert.deepEqual(judgeWay([10, null, 20]), { verdict: "slow", lost: 1, middle: 20 });
  assert.deepEqual(judgeWay([null, null]), { verdict: "silent", lost: 2, middle: null });
});

test("one slow answer among quick ones is no slow way", () => {
  assert.equal(judgeWay([10, 12, 900, 11, 13]).verdict, "good");
});

test("as many round trips are made as are judged", async () => {
  let count = 0;
  const found = await measureWay("/ping", async () => { count += 1; return { ok: true }; }, 4);
  assert.equal(count, 4);
  assert.deepEqual([found.verdict, found.all], ["good", 4]);
});

test("a page without https is not called trusted", async () => {
  assert.equal(await judgeTrust(false, undefined, "/w.js"), "plain");
});

test("a browser that takes the worker trusts, and keeps none", async () => {
  let kept = 0;
  const workers = { register: async () => { kept += 1; return { unregister: async () => { kept -= 1; } }; } };
  assert.equal(await judgeTrust(true, workers, "/w.js"), "secure");
  assert.equal(kept, 0);
});

test("a warning that was tapped away shows: the worker is refused, or there are none", async () => {
  assert.equal(await judgeTrust(true, { register: no }, "/w.js"), "waved");
  assert.equal(await judgeTrust(true, undefined, "/w.js"), "waved");
});

test("a camera is there, is not, or the browser gives none", async () => {
  const with_ = (...kinds) => ({
    getUserMedia: yes, enumerateDevices: async () => kinds.map((kind) => ({ kind })),
  });
  assert.equal(await judgeCamera(with_("audioinput", "videoinput")), "camera");
  assert.equal(await judgeCamera(with_("audioinput")), "no-camera");
  assert.equal(await judgeCamera({ getUserMedia: yes, enumerateDevices: no }), "no-camera");
  assert.equal(await judgeCamera(undefined), "no-api");
  assert.equal(await judgeCamera({}), "no-api");
});

test("the plain page says which address is trusted", async () => {
  const named = async (address) => (address.startsWith("https://a.local") ? { ok: true } : no());
  const digits = async (address) => (address.startsWith("https://10.") ? { ok: true } : no());
  assert.equal(await judgeAddresses("https://a.local:1", "https://10.0.0.5:1", named), "trusted");
  assert.equal(await judgeAddresses("https://a.local:1", "https://10.0.0.5:1", digits), "digits");
});

test("a refusal at once is a certificate, a silence is a firewall", async () => {
  assert.equal(await judgeAddresses("https://a.local:1", "https://10.0.0.5:1", no, 50), "untrusted");
  assert.equal(await judgeAddresses("https://a.local:1", "https://10.0.0.5:1", never, 50), "silent");
});
