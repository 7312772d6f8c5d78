import assert from "node:assert/strict";
import { test } from "node:test";
import { Refused, Unreachable } from "../../collector/capture/static/queue/api.js";
import { Disk, Server, begin, openPage, photo, settle } from "./queue.mjs";

test("a photo leaves the store only after the server named the hash of its bytes", async () => {
  const [disk, server] = [new Disk(), new Server()];
  const { store, delivery } = await openPage(disk, server);
  const post = await begin(delivery);
  server.isOn = false;
  await post.add(await photo("a"));
  await settle();
  assert.ok(await store.readPhoto("a"));
  assert.deepEqual(post.waiting, ["a"]);
  assert.equal(delivery.isStuck, true);
});

test("what waited when the page was closed is sent by the next one, once each", async () => {
  const [disk, server] = [new Disk(), new Server()];
  const first = await openPage(disk, server);
  server.isOn = false;
  const post = await begin(first.delivery);
  for (const id of ["a", "b", "c", "d", "e"]) await post.add(await photo(id));
  server.isOn = true;
  const { delivery, store } = await openPage(disk, server);
  await settle(100);
  assert.deepEqual([...server.photos.keys()].sort(), ["a", "b", "c", "d", "e"]);
  assert.equal(server.heard.length, 5);
  assert.equal(delivery.waiting, 0);
  assert.equal(await store.readPhoto("a"), null);
});

test("each session's photos go with its own token, also while another child plays", async () => {
  const [disk, server] = [new Disk(), new Server()];
  const { delivery, wake } = await openPage(disk, server);
  server.isOn = false;
  const first = await begin(delivery, "first");
  await first.add(await photo("a"));
  const second = await begin(delivery, "second");
  await second.add(await photo("b"));
  assert.equal(delivery.waiting, 2);
  server.isOn = true;
  await settle();
  wake();
  await settle(100);
  assert.deepEqual(Object.fromEntries(server.photos), { a: "first", b: "second" });
});

test("several are on their way at once, and no more", async () => {
  const [disk, server] = [new Disk(), new Server()];
  const { delivery } = await openPage(disk, server);
  const post = await begin(delivery);
  let [now, most] = [0, 0];
  const send = post.api.send;
  post.api.send = async (one) => {
    now += 1;
    most = Math.max(most, now);
    await settle(10);
    now -= 1;
    return send(one);
  };
  await Promise.all(["a", "b", "c", "d", "e", "f"].map(async (id) => post.add(await photo(id))));
  await settle(150);
  assert.equal(most, 3);
  assert.equal(server.photos.size, 6);
});

test("an answer with another hash is no receipt", async () => {
  const [disk, server] = [new Disk(), new Server()];
  const { store, delivery } = await openPage(disk, server);
  const post = await begin(delivery);
  post.api.send = async () => ({ sha256: "of a broken copy" });
  await post.add(await photo("a"));
  await settle();
  assert.ok(await store.readPhoto("a"));
  assert.deepEqual(post.waiting, ["a"]);
});

test("an erased photo is forgotten here, too", async () => {
  const [disk, server] = [new Disk(), new Server()];
  const { delivery } = await openPage(disk, server);
  const post = await begin(delivery);
  const told = [];
  post.listen({ told: (outcome) => told.push(outcome?.kind) });
  server.refusals.set("a", new Refused(409, "It was erased.", "erased"));
  await post.add(await photo("a"));
  await settle();
  assert.deepEqual(told, [undefined, "erased"]);
  assert.equal(disk.count("photos"), 0);
});

test("a refused photo stays, the others go on, and the next page tries again", async () => {
  const [disk, server] = [new Disk(), new Server()];
  const { store, delivery } = await openPage(disk, server);
  const post = await begin(delivery);
  const sentences = [];
  post.listen({ told: (outcome) => outcome?.sentence && sentences.push(outcome.sentence) });
  server.refusals.set("bad", new Refused(415, "This is no picture.", "415"));
  for (const id of ["good", "bad", "better"]) await post.add(await photo(id));
  await settle();
  assert.deepEqual(sentences, ["This is no picture."]);
  assert.deepEqual([delivery.waiting, delivery.refused], [0, 1]);
  assert.ok(await store.readPhoto("bad"));
  server.refusals.clear();
  const next = await openPage(disk, server);
  await settle();
  assert.ok(server.photos.has("bad"));
  assert.equal(next.delivery.refused, 0);
});

test("a shot that a stop overtakes is neither counted nor kept", async () => {
  const [disk, server] = [new Disk(), new Server()];
  const { delivery } = await openPage(disk, server);
  const post = await begin(delivery);
  const told = [];
  post.listen({ told: (outcome, { id }) => told.push(id) });
  const burst = new AbortController();
  const adding = post.add(await photo("a"), burst.signal);
  burst.abort();
  await adding;
  await settle();
  assert.deepEqual(told, []);
  assert.equal(disk.count("photos"), 0);
  assert.equal(server.photos.size, 0);
});

test("dropped photos are named and gone, even those on their way", async () => {
  const [disk, server] = [new Disk(), new Server()];
  const { delivery } = await openPage(disk, server);
  const post = await begin(delivery);
  const answers = [];
  post.api.send = ({ sha256 }) => new Promise((resolve) => answers.push(() => resolve({ sha256 })));
  for (const id of ["a", "b", "c", "d"]) await post.add(await photo(id));
  await settle();
  const told = [];
  post.listen({ told: (outcome, { id }) => told.push(id) });
  assert.deepEqual(post.drop(), ["a", "b", "c", "d"]);
  for (const answer of answers) answer();
  await settle();
  assert.equal(answers.length, 3);
  assert.deepEqual(told, []);
  assert.equal(disk.count("photos"), 0);
});

test("errands are told in order, and the next page tells what this one could not", async () => {
  const [disk, server] = [new Disk(), new Server()];
  const { delivery } = await openPage(disk, server);
  const post = await begin(delivery);
  server.isOn = false;
  await post.add(await photo("a"));
  post.run("bin", "x");
  post.run("close", "stopped");
  post.run("answerAfterStop", "keep");
  await settle();
  server.isOn = true;
  server.refusals.set("a", new Unreachable("still on its way"));
  await openPage(disk, server);
  await settle(100);
  assert.deepEqual(server.heard, ["bin x", "close stopped a", "after keep "]);
  assert.equal(disk.count("errands"), 0);
});

test("a yes is not written down: it is asked again", async () => {
  const [disk, server] = [new Disk(), new Server()];
  const { delivery } = await openPage(disk, server);
  const post = await begin(delivery);
  server.isOn = false;
  post.run("answerAssent", "yes");
  post.run("answerAssent", "no");
  await settle();
  assert.equal(disk.count("errands"), 1);
});

test("a bin whose photos are still there finds them gone on the next page", async () => {
  const [disk, server] = [new Disk(), new Server()];
  const { store, delivery } = await openPage(disk, server);
  server.isOn = false;
  const post = await begin(delivery);
  await post.add(await photo("a"));
  await settle();
  await store.addErrand(post.record.id, "answerAfterStop", ["bin", ["a"]]);
  server.isOn = true;
  await openPage(disk, server);
  await settle(100);
  assert.equal(server.photos.size, 0);
  assert.equal(disk.count("photos"), 0);
  assert.deepEqual(server.heard, ["after bin a"]);
});

test("an errand that is refused is told to whoever asked, and does not hold up the next", async () => {
  const [disk, server] = [new Disk(), new Server()];
  const { delivery } = await openPage(disk, server);
  const post = await begin(delivery);
  server.refusals.set("close", new Refused(409, "This session is not running."));
  const refused = post.run("close", "stopped");
  const next = post.run("answerAfterStop", "keep");
  await assert.rejects(refused, Refused);
  await next;
  assert.equal(disk.count("errands"), 0);
});

test("an errand to a server that knows nothing of the session waits for the right one", async () => {
  const [disk, server] = [new Disk(), new Server()];
  const { delivery } = await openPage(disk, server);
  const post = await begin(delivery);
  server.refusals.set("close", new Refused(401, "This link has ended."));
  await assert.rejects(post.run("close", "stopped"), Refused);
  assert.equal(disk.count("errands"), 1);
  await post.end();
  assert.equal(disk.count("sessions"), 1);
});

test("a session is forgotten when it is over and nothing of it waits", async () => {
  const [disk, server] = [new Disk(), new Server()];
  const { delivery, wake } = await openPage(disk, server);
  const post = await begin(delivery);
  server.isOn = false;
  await post.add(await photo("a"));
  await settle();
  await post.end();
  assert.equal(disk.count("sessions"), 1);
  server.isOn = true;
  wake();
  await settle(100);
  assert.equal(disk.count("sessions"), 0);
  assert.equal(disk.count("photos"), 0);
  assert.deepEqual(delivery.posts, []);
});

test("the next child's session ends that of the child before", async () => {
  const [disk, server] = [new Disk(), new Server()];
  const { delivery } = await openPage(disk, server);
  await begin(delivery, "first");
  await begin(delivery, "second");
  await settle();
  assert.equal(disk.count("sessions"), 1);
});

test("a session that was erased leaves nothing, and whoever plays is told", async () => {
  const [disk, server] = [new Disk(), new Server()];
  const { delivery } = await openPage(disk, server);
  const post = await begin(delivery);
  let wiped = 0;
  post.listen({ wiped: () => (wiped += 1) });
  server.refusals.set("close", new Refused(409, "It was erased.", "erased"));
  server.refusals.set("a", new Unreachable("slow"));
  await post.add(await photo("a"));
  await assert.rejects(post.run("close", "finished"), Refused);
  await settle();
  assert.equal(wiped, 1);
  for (const name of ["sessions", "photos", "errands"]) assert.equal(disk.count(name), 0);
});

test("a photo that another page of this tablet has brought is not called lost", async () => {
  const [disk, server] = [new Disk(), new Server()];
  const { store, delivery, wake } = await openPage(disk, server);
  const post = await begin(delivery);
  const told = [];
  post.listen({ told: (outcome, { id }) => outcome && told.push(`${id} ${outcome.kind}`) });
  server.isOn = false;
  for (const id of ["a", "b"]) await post.add(await photo(id));
  await settle();
  await store.removePhotos(["a", "b"]);
  server.photos.set("a", "token");
  server.isOn = true;
  wake();
  await settle(100);
  assert.deepEqual(told.sort(), ["a saved", "b erased"]);
});

test("what the server heard is known to a page that cannot ask it", async () => {
  const [disk, server] = [new Disk(), new Server()];
  const { delivery } = await openPage(disk, server);
  const post = await begin(delivery, "token", { state: "ready", stored: [], words: "kept" });
  await post.run("answerAssent", "running");
  const next = await openPage(disk, server);
  assert.deepEqual(next.delivery.join("token").record.answer, {
    state: "running",
    stored: [],
    words: "kept",
  });
});

test("a link that was renewed brings what the old one could not", async () => {
  const [disk, server] = [new Disk(), new Server()];
  const { api } = server;
  const hasEnded = () => Promise.reject(new Refused(401, "This link has ended.", "401"));
  const ended = new Proxy({}, { get: () => hasEnded });
  server.api = (token) => (token === "old" ? ended : api(token));
  const { delivery, store } = await openPage(disk, server);
  const answer = { state: "running", stored: [], rescue: { session: "s" } };
  const old = await begin(delivery, "old", answer);
  await old.add(await photo("a"));
  old.run("answerAfterStop", "keep").catch(() => {});
  await settle();
  assert.deepEqual(old.refused, ["a"]);

  const fresh = delivery.join("new");
  await fresh.keep(answer);
  const post = await delivery.unite(fresh);
  await settle();
  assert.equal(post, old);
  assert.deepEqual([...server.photos], [["a", "new"]]);
  assert.ok(server.heard.includes("after keep "));
  assert.deepEqual((await store.sessions()).map(({ token }) => token), ["new"]);
});

test("another session under another link stays by itself", async () => {
  const { delivery } = await openPage(new Disk(), new Server());
  await begin(delivery, "one", { state: "running", stored: [], rescue: { session: "s" } });
  const other = delivery.join("two");
  await other.keep({ state: "running", stored: [], rescue: { session: "t" } });
  assert.equal(await delivery.unite(other), other);
  const bare = delivery.join("three");
  await bare.keep({ state: "running", stored: [] });
  assert.equal(await delivery.unite(bare), bare);
});
