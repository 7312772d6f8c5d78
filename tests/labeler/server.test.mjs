// What is sent to the server, and how its answers are told apart.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import test from "node:test";

import { makeServer } from "../../labeler/static/server.js";

/** A real server on a free port that gives the answers in turn and keeps what it was asked. */
async function serving(t, ...answers) {
  const asked = [];
  const http = createServer(async (request, response) => {
    let body = "";
    for await (const part of request) body += part;
    asked.push({ method: request.method, url: request.url, headers: request.headers, body });
    const [status, content, type = "application/json"] = answers.shift();
    response.writeHead(status, { "Content-Type": type, Connection: "close" }).end(content);
  });
  await new Promise((resolve) => http.listen(0, "127.0.0.1", resolve));
  t.after(() => http.close());
  const at = `http://127.0.0.1:${http.address().port}/review`;
  const paths = {
    queue: `${at}/api/queue`,
    last: `${at}/api/last`,
    votes: `${at}/api/votes`,
    photos: `${at}/photos/`,
  };
  return { server: makeServer(fetch, paths, "a token"), asked };
}

test("a vote is sent as JSON with the page's token", async (t) => {
  const { server, asked } = await serving(t, [201, '{"vote": "1"}']);
  assert.deepEqual(await server.vote({ vote_id: "1", verdict: "unsure" }), { vote: "1" });
  assert.equal(asked[0].method, "POST");
  assert.equal(asked[0].headers["content-type"], "application/json");
  assert.equal(asked[0].headers["x-csrftoken"], "a token");
  assert.deepEqual(JSON.parse(asked[0].body), { vote_id: "1", verdict: "unsure" });
});

test("a photo comes as a blob beside its id", async (t) => {
  const { server, asked } = await serving(t, [200, "bytes", "image/jpeg"]);
  const photo = await server.photo("abc");
  assert.equal(asked[0].url, "/review/photos/abc");
  assert.equal(photo.id, "abc");
  assert.equal(photo.blob.type, "image/jpeg");
  assert.equal(await photo.blob.text(), "bytes");
});

test("the queue is asked for a number of photos", async (t) => {
  const { server, asked } = await serving(t, [200, '{"photos": [], "waiting": 0, "voted": 0}']);
  assert.deepEqual(await server.lease(2), { photos: [], waiting: 0, voted: 0 });
  assert.equal(asked[0].url, "/review/api/queue?count=2");
});

test("what may pass is a trouble, what will not is a refusal with its sentence", async (t) => {
  const cases = [
    [401, "{}", { trouble: "signedOut" }],
    [400, "{}", { trouble: "expired" }],
    [429, "{}", { trouble: "lost" }],
    [500, "{}", { trouble: "lost" }],
    [503, "<html>", { trouble: "lost" }],
    [404, '{"error": "There is no such photo."}', { refused: "There is no such photo." }],
    [409, '{"error": "Taken."}', { refused: "Taken." }],
    [422, "{}", { refused: "" }],
    [404, "<html>", { refused: "" }],
    [200, "<html>", { trouble: "lost" }],
  ];
  const { server } = await serving(t, ...cases);
  for (const [status, content, expected] of cases) {
    assert.deepEqual(await server.last(), expected, `${status} ${content}`);
  }
});

test("a server that is not there is a trouble", async () => {
  const paths = { queue: "http://127.0.0.1:9/", last: "", votes: "", photos: "" };
  assert.deepEqual(await makeServer(fetch, paths, "").lease(2), { trouble: "lost" });
});
