import assert from "node:assert/strict";
import { test } from "node:test";
import { Awake } from "../../collector/capture/static/camera/awake.js";

const pause = () => new Promise((resolve) => setImmediate(resolve));

class Lock extends EventTarget {
  isHeld = true;

  async release() {
    if (!this.isHeld) return;
    this.isHeld = false;
    this.dispatchEvent(new Event("release"));
  }
}

function screen({ refuses = false } = {}) {
  const document = new EventTarget();
  document.visibilityState = "visible";
  const locks = [];
  const request = async (kind) => {
    if (refuses) throw new Error("low battery");
    assert.equal(kind, "screen");
    locks.push(new Lock());
    return locks.at(-1);
  };
  const session = new AbortController();
  const wait = async () => {};
  const tools = { navigator: { wakeLock: { request } }, document, signal: session.signal, wait };
  const awake = new Awake(tools);
  const turn = async (state) => {
    document.visibilityState = state;
    document.dispatchEvent(new Event("visibilitychange"));
    await pause();
  };
  const held = () => locks.filter((lock) => lock.isHeld).length;
  return { awake, locks, turn, held, session };
}

test("a lock that the system takes away is taken again", async () => {
  const { awake, locks, held } = screen();
  await awake.keep();
  await locks[0].release();
  await pause();
  assert.deepEqual([locks.length, held()], [2, 1]);
});

test("hidden, the page has no lock and asks for none; seen again, it has one", async () => {
  const { awake, locks, turn, held } = screen();
  await awake.keep();
  await turn("hidden");
  await locks[0].release(); // as browsers do
  await pause();
  assert.equal(locks.length, 1);
  await turn("visible");
  assert.deepEqual([locks.length, held()], [2, 1]);
});

test("asked twice, one lock is held", async () => {
  const { awake, turn, held } = screen();
  await Promise.all([awake.keep(), awake.keep()]);
  await turn("visible");
  assert.equal(held(), 1);
});

test("let go, it stays so", async () => {
  const { awake, locks, turn, held } = screen();
  await awake.keep();
  awake.release();
  await pause();
  await turn("visible");
  assert.deepEqual([locks.length, held()], [1, 0]);
});

test("let go while the lock is asked for, none is held", async () => {
  const { awake, held } = screen();
  const asked = awake.keep();
  awake.release();
  await asked;
  assert.equal(held(), 0);
});

test("the end of a session lets go, and listens no more", async () => {
  const { awake, locks, turn, held, session } = screen();
  await awake.keep();
  session.abort();
  await turn("visible");
  assert.deepEqual([locks.length, held()], [1, 0]);
});

test("where it is refused or unknown, the session goes on", async () => {
  await screen({ refuses: true }).awake.keep();
  const document = Object.assign(new EventTarget(), { visibilityState: "visible" });
  await new Awake({ navigator: {}, document }).keep();
});
