import assert from "node:assert/strict";
import { test } from "node:test";
import { webcrypto } from "node:crypto";
import { Shelf } from "../../collector/capture/static/queue/shelf.js";
import { openStore } from "../../collector/capture/static/queue/store.js";
import { Disk, openTestStore, photo } from "./queue.mjs";

let ids = 0;
const openOn = (shelf) =>
  openStore({ shelf, crypto: webcrypto, newId: () => `id-${(ids += 1)}`, now: () => 0 });
const DAY = 24 * 60 * 60 * 1000;

test("a photo comes back as it was put in, and another page finds it", async () => {
  const disk = new Disk();
  const store = await openTestStore(disk);
  const one = await photo("a", "the bytes");
  await store.addPhoto("session", one);
  const other = await openTestStore(disk);
  const [known] = await other.photos();
  assert.deepEqual([known.id, known.session, known.state], ["a", "session", "waiting"]);
  const { bytes, ...rest } = await other.readPhoto("a");
  assert.equal(new TextDecoder().decode(bytes), "the bytes");
  assert.deepEqual(rest, { id: "a", sha256: one.sha256, details: one.details });
});

test("nothing of a child or a token lies there in clear", async () => {
  const disk = new Disk();
  const store = await openTestStore(disk);
  await store.keepSession({ id: "s", isEnded: false, token: "SECRET-token", answer: { words: "SECRET" } });
  await store.addPhoto("s", { ...(await photo("a", "SECRET")), details: { prompt: "SECRET" } });
  await store.addErrand("s", "bin", ["SECRET"]);
  await store.keepNote("way", "SECRET");
  let looked = 0;
  for (const name of ["sessions", "photos", "errands", "notes"]) {
    for (const record of await disk.list(name).then((found) => found.values())) {
      for (const value of Object.values(record)) {
        const text = value instanceof ArrayBuffer ? Buffer.from(value).toString("latin1") : String(value);
        assert.ok(!text.includes("SECRET"));
        looked += 1;
      }
    }
  }
  assert.ok(looked > 10);
  assert.equal((await store.sessions())[0].token, "SECRET-token");
});

test("the key is one that no script can take out", async () => {
  const disk = new Disk();
  await openTestStore(disk);
  assert.equal((await disk.read("keys", "seal")).key.extractable, false);
});

test("a record that is put in another's place does not open", async () => {
  const disk = new Disk();
  const store = await openTestStore(disk);
  await store.addPhoto("session", await photo("a"));
  const record = await disk.read("photos", "a");
  await disk.write([["photos", { ...record, id: "b" }]]);
  await assert.rejects(store.readPhoto("b"));
});

test("a disk that takes the photos and not their key is not trusted with either", async () => {
  let isSilent = true;
  const disk = new Disk();
  const shelf = new Shelf(async () => {
    if (isSilent) throw new Error("the disk does not answer");
    return disk;
  });
  const store = await openOn(shelf);
  isSilent = false;
  await store.addPhoto("session", await photo("a"));
  assert.equal(disk.count("photos"), 0);
  assert.ok(store.isUnsafe);
  assert.equal((await store.readPhoto("a")).id, "a");
});

test("what the server has keeps its name and loses its picture", async () => {
  const disk = new Disk();
  const store = await openTestStore(disk);
  await store.addPhoto("session", await photo("a"));
  await store.savePhoto("a");
  assert.equal(await store.readPhoto("a"), null);
  assert.equal((await store.photos())[0].state, "saved");
});

test("a forgotten session takes its photos and errands along, and no other's", async () => {
  const disk = new Disk();
  const store = await openTestStore(disk);
  for (const id of ["one", "two"]) {
    await store.keepSession({ id, isEnded: false, token: id, answer: {} });
    await store.addPhoto(id, await photo(`photo of ${id}`));
    await store.addErrand(id, "close", ["finished"]);
  }
  await store.forgetSession("one");
  assert.deepEqual((await store.sessions()).map(({ id }) => id), ["two"]);
  assert.deepEqual((await store.photos()).map(({ session }) => session), ["two"]);
  assert.deepEqual((await store.errands()).map(({ session }) => session), ["two"]);
});

test("errands keep their order from page to page", async () => {
  const disk = new Disk();
  const store = await openTestStore(disk);
  for (const how of ["a", "b", "c"]) await store.addErrand("s", "close", [how]);
  const other = await openTestStore(disk);
  await other.addErrand("s", "close", ["d"]);
  assert.deepEqual((await other.errands()).map(({ args: [how] }) => how), ["a", "b", "c", "d"]);
});

test("a refused photo is kept for a month, one that waits for ever", async () => {
  const disk = new Disk();
  const store = await openTestStore(disk, () => 0);
  for (const id of ["refused", "waiting"]) await store.addPhoto("s", await photo(id));
  await store.refusePhoto("refused");
  const names = async (at) => (await (await openTestStore(disk, () => at)).photos()).map(({ id }) => id);
  assert.deepEqual(await names(29 * DAY), ["refused", "waiting"]);
  assert.deepEqual(await names(31 * DAY), ["waiting"]);
});

test("where the disk fails, what it held stays and what is new waits in memory", async () => {
  const disk = new Disk();
  let isFull = false;
  const full = () => Promise.reject(new Error("quota"));
  const shelf = new Shelf(async () => ({
    write: (changes) =>
      isFull && changes.some(([, record]) => record) ? full() : disk.write(changes),
    settle: (...args) => disk.settle(...args),
    read: (...args) => disk.read(...args),
    list: (...args) => disk.list(...args),
  }));
  const store = await openOn(shelf);
  await store.addPhoto("s", await photo("a"));
  assert.equal(store.isUnsafe, false);
  isFull = true;
  await store.addPhoto("s", await photo("b"));
  await store.savePhoto("a");
  assert.equal(store.isUnsafe, true);
  assert.deepEqual((await store.photos()).map(({ id, state }) => `${id} ${state}`), ["a saved", "b waiting"]);
  assert.ok(await store.readPhoto("b"));
  await store.removePhotos(["a", "b"]);
  assert.equal(store.isUnsafe, false);
  assert.equal(disk.count("photos"), 0);
});

test("without a disk everything works until the page is closed", async () => {
  const shelf = new Shelf(() => Promise.reject(new Error("private mode")));
  const store = await openOn(shelf);
  await store.keepSession({ id: "s", isEnded: false, token: "t", answer: {} });
  assert.equal(store.isUnsafe, false);
  await store.addPhoto("s", await photo("a", "the bytes"));
  assert.equal(new TextDecoder().decode((await store.readPhoto("a")).bytes), "the bytes");
  assert.equal(store.isUnsafe, true);
});
