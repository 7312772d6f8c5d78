import assert from "node:assert/strict";
import { test } from "node:test";
import { Api, Refused, Unreachable } from "../../collector/capture/static/queue/api.js";

const BASE = "http://127.0.0.1:8000/capture/api/";

/** An Api over a fetch that gives one answer and remembers what was asked. */
function apiAnswering(answer) {
  const asked = [];
  const fetch = async (url, options) => {
    asked.push({ url: String(url), ...options });
    return typeof answer === "function" ? answer() : answer;
  };
  return { api: new Api({ base: BASE, token: "secret", fetch }), asked };
}

const json = (value, status = 200) => Response.json(value, { status });

test("every request bears the token in a header and no cookie", async () => {
  const { api, asked } = apiAnswering(() => json({}));
  await api.session();
  await api.answerAssent("yes");
  await api.bin("a-photo");
  for (const request of asked) {
    assert.equal(request.headers["Session-Token"], "secret");
    assert.equal(request.credentials, "omit");
    assert.equal(request.cache, "no-store");
    assert.ok(!request.url.includes("secret"));
  }
  assert.deepEqual(
    asked.map(({ method, url }) => `${method} ${url.slice(BASE.length)}`),
    ["GET session", "POST assent", "DELETE photos/a-photo"],
  );
});

test("a photo is sent raw, and what is known of it in a header of ASCII", async () => {
  const { api, asked } = apiAnswering(json({ sha256: "f00d" }, 201));
  const bytes = new Uint8Array([255, 216, 255]).buffer;
  const details = { prompt: "happy", settings: { label: "Камера 😀" } };
  assert.deepEqual(await api.send({ id: "one", bytes, details }), { sha256: "f00d" });
  const [{ method, body, headers }] = asked;
  assert.equal(method, "PUT");
  assert.equal(body, bytes);
  assert.equal(headers["Content-Type"], "image/jpeg");
  assert.match(headers["Photo-Details"], /^[\x20-\x7e]+$/);
  assert.deepEqual(JSON.parse(headers["Photo-Details"]), details);
});

test("closing names the photos that still wait", async () => {
  const { api, asked } = apiAnswering(json({ state: "finished" }));
  await api.close("finished", ["one", "two"]);
  assert.deepEqual(JSON.parse(asked[0].body), { how: "finished", announced: ["one", "two"] });
});

test("a refusal carries the server's sentence", async () => {
  const { api } = apiAnswering(json({ error: "This session is over.", code: "409" }, 409));
  await assert.rejects(api.session(), (error) => {
    assert.ok(error instanceof Refused);
    assert.equal(error.sentence, "This session is over.");
    assert.equal(error.status, 409);
    return !error.isErased;
  });
});

test("an erased photo is told apart from other refusals", async () => {
  const { api } = apiAnswering(json({ error: "It was erased.", code: "erased" }, 409));
  await assert.rejects(api.send({ id: "one", details: {} }), (error) => error.isErased);
});

for (const status of [408, 425, 429, 500, 502, 503]) {
  test(`status ${status} passes and is tried again`, async () => {
    const { api } = apiAnswering(json({ error: "Later.", code: String(status) }, status));
    await assert.rejects(api.session(), Unreachable);
  });
}

test("a lost network is tried again", async () => {
  const { api } = apiAnswering(() => {
    throw new TypeError("Failed to fetch");
  });
  await assert.rejects(api.session(), Unreachable);
});

test("another's page in between is no answer of ours, whatever its status", async () => {
  for (const status of [200, 403, 404]) {
    const { api } = apiAnswering(new Response("<h1>Sign in to the Wi-Fi</h1>", { status }));
    await assert.rejects(api.send({ id: "one", details: {} }), Unreachable, `status ${status}`);
  }
});

test("a server that never answers is given up on", async () => {
  const fetch = (_url, { signal }) =>
    new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  const api = new Api({ base: BASE, token: "secret", fetch, patience: 10 });
  const alive = setInterval(() => {}, 5); // the timeout alone does not keep node running
  await assert.rejects(api.session(), Unreachable);
  clearInterval(alive);
});
