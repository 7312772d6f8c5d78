import assert from "node:assert/strict";
import { webcrypto } from "node:crypto";
import { test } from "node:test";
import { parcelsOf } from "../../collector/capture/static/queue/rescue.js";
import { SIGN, packRescue } from "../../collector/capture/static/queue/rescuefile.js";

const photosOf = (count, name = "p") => Array.from({ length: count }, (_, n) => ({ id: `${name}${n}`, sha256: "s", details: {} }));
const post = (session, photos, { key = "K", untold = [], held = photos.map(({ id }) => id) } = {}) => {
  return { record: { answer: { rescue: { key, session, proof: `proof ${session}` } } }, photos, held, untold };
};

test("only what the server has not is in the file, with what it was not told", () => {
  const untold = [{ name: "close", args: ["stopped"] }];
  const [parcel] = parcelsOf([post("one", photosOf(3), { held: ["p1"], untold })]);
  const [session] = parcel.sessions;
  assert.deepEqual(session.photos.map(({ id }) => id), ["p1"]);
  assert.deepEqual([session.session, session.proof, session.errands], ["one", "proof one", untold]);
});

test("a session with nothing to bring is left out, one with an errand alone is not", () => {
  assert.deepEqual(parcelsOf([post("one", []), { record: {}, photos: [], held: [], untold: [] }]), []);
  assert.equal(parcelsOf([post("one", [], { untold: [{ name: "bin", args: ["x"] }] })]).length, 1);
});

test("many photos go into several files, each within the limit, none twice", () => {
  const posts = [post("one", photosOf(5, "a")), post("two", photosOf(4, "b"))];
  const parcels = parcelsOf(posts, 4);
  const ids = parcels.map(({ sessions }) => sessions.flatMap(({ photos }) => photos.map(({ id }) => id)));
  assert.deepEqual(ids.map((one) => one.length), [4, 4, 1]);
  assert.deepEqual(ids.flat(), [...photosOf(5, "a"), ...photosOf(4, "b")].map(({ id }) => id));
});

test("each server's photos go into a file of its own", () => {
  const parcels = parcelsOf([post("one", photosOf(1)), post("two", photosOf(1), { key: "L" })]);
  assert.deepEqual(parcels.map(({ serverKey }) => serverKey), ["K", "L"]);
});

test("nothing that is in the file lies there in clear", async () => {
  const server = await webcrypto.subtle.generateKey({ name: "ECDH", namedCurve: "P-256" }, true, ["deriveBits"]);
  const point = Buffer.from(await webcrypto.subtle.exportKey("raw", server.publicKey)).toString("base64");
  const read = async () => new TextEncoder().encode("SECRET picture").buffer;
  const sessions = [{ session: "SECRET", proof: "SECRET", errands: [], photos: photosOf(2) }];
  const parts = await packRescue({ sessions, serverKey: point, read, crypto: webcrypto });
  const file = Buffer.concat(parts.map((part) => Buffer.from(part))).toString("latin1");
  assert.ok(file.startsWith(SIGN));
  assert.ok(!file.includes("SECRET"));
});
