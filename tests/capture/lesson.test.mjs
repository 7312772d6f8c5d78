import assert from "node:assert/strict";
import { webcrypto } from "node:crypto";
import { test } from "node:test";
import { Refused } from "../../collector/capture/static/queue/api.js";
import { newToken, pair } from "../../collector/capture/static/lesson/lesson.js";
import { Lesson } from "../../collector/capture/static/lesson/lessonloop.js";

const OVER = new Refused(401, "This link has ended.", "401");

/** A clock that stands still while anything is done, and then goes on to the next moment waited for. */
function clockwork() {
  let time = 0;
  const due = [];
  const tick = () => {
    due.sort((one, other) => one.at - other.at);
    const { at, resolve } = due.shift();
    time = at;
    resolve();
    if (due.length) setImmediate(tick);
  };
  const wait = (milliseconds) =>
    new Promise((resolve) => {
      due.push({ at: time + milliseconds, resolve });
      if (due.length === 1) setImmediate(tick);
    });
  return { now: () => time, wait };
}

/**
 * A class page: tasks are served in their order, each for as many questions as it `lasts`; after
 * the last one the lesson is closed.
 */
function classroom(tasks, { idle = 0, holds = () => true, ...changed } = {}) {
  const seen = [];
  const { now, wait } = clockwork();
  const open = [...tasks];
  let quiet = idle;
  let ended = null;
  const tools = {
    now,
    wait,
    ask: async () => {
      if (!open.length) throw OVER;
      return quiet > 0 ? { task: null } : { task: open[0] };
    },
    tell: async (say) => {
      const said = say();
      seen.push(["tell", said]);
      if (!open.length && said.now === null) throw OVER;
      quiet -= 1;
      return { task: quiet <= 0 ? (open[0]?.id ?? null) : null, holds: holds(said) };
    },
    play: async (task) => {
      seen.push(["play", task.id, now()]);
      open.shift();
      const child = {};
      child.ended = wait(task.lasts ?? 100).then(() => (ended = now()));
      return child;
    },
    leave: () => seen.push(["leave"]),
    rest: () => seen.push(["rest"]),
    waiting: () => 3,
    keep: async (task) => seen.push(["keep", task?.id ?? null]),
    ...changed,
  };
  const of = (kind) => seen.filter(([one]) => one === kind);
  return { tools, seen, of, ended: () => ended };
}

test("children are served in turn, and the lesson ends when the server says so", async () => {
  const room = classroom([{ kind: "sit", id: "a" }, { kind: "rehearse", id: "b" }]);
  assert.equal(await new Lesson(room.tools).run(), OVER);
  assert.deepEqual(room.of("play").map(([, id]) => id), ["a", "b"]);
  // A session goes on after a reload, a rehearsal begins again.
  assert.deepEqual(room.of("keep").map(([, id]) => id), ["a", null, null]);
});

test("the goodbye stays for eight seconds, though the next child is sent", async () => {
  const room = classroom([{ kind: "sit", id: "a" }, { kind: "sit", id: "b" }]);
  let first = null;
  const { play } = room.tools;
  room.tools.play = async (task) => {
    const child = await play(task);
    child.ended.then(() => (first ??= room.tools.now()));
    return child;
  };
  await new Lesson(room.tools).run();
  const [, , second] = room.of("play")[1];
  assert.ok(second - first >= 8000, `${second - first}`);
});

test("without a task the waiting screen is shown, and the server hears how many photos wait", async () => {
  const room = classroom([{ kind: "sit", id: "a" }], { idle: 3 });
  await new Lesson(room.tools).run();
  assert.ok(room.of("rest").length >= 3);
  assert.deepEqual(room.of("tell")[0][1], { waiting: 3, now: null, ended: null });
});

test("what is told once more after a silence is what is so by then", async () => {
  let count = 0;
  const room = classroom([{ kind: "sit", id: "a" }], { idle: 1, waiting: () => (count += 1) });
  const { tell } = room.tools;
  room.tools.tell = (say) => (say(), tell(say)); // the first answer was lost
  await new Lesson(room.tools).run();
  assert.equal(room.of("tell")[0][1].waiting, 2);
});

test("what was ended is told until the next one begins", async () => {
  const room = classroom([{ kind: "rehearse", id: "a" }, { kind: "sit", id: "b" }]);
  await new Lesson(room.tools).run();
  const told = room.of("tell").map(([, { ended }]) => ended);
  assert.ok(told.includes("a"));
  assert.equal(told.at(-1), "b");
});

test("while a child sits the server hears so, and a child that was moved is let go", async () => {
  const holds = ({ now }) => now !== "a";
  const room = classroom([{ kind: "sit", id: "a", lasts: 60_000 }, { kind: "sit", id: "b" }], { holds });
  await new Lesson(room.tools).run();
  assert.equal(room.of("leave").length, 1);
  assert.ok(room.of("play")[1][2] < 8000); // there is no goodbye to be looked at
  assert.deepEqual(room.of("play").map(([, id]) => id), ["a", "b"]);
});

test("a lesson that is closed in the middle lets the child finish", async () => {
  const room = classroom([{ kind: "sit", id: "a", lasts: 60_000 }]);
  let hasEnded = false;
  let finish = null;
  room.tools.play = async () => ({ ended: new Promise((resolve) => (finish = resolve)) });
  room.tools.tell = async () => {
    setTimeout(() => {
      hasEnded = true;
      finish();
    }, 5);
    throw OVER;
  };
  assert.equal(await new Lesson(room.tools).run(), OVER);
  assert.ok(hasEnded);
});

test("a page that is opened again goes on with its child before it asks for another", async () => {
  const room = classroom([{ kind: "sit", id: "b" }]);
  const asked = [];
  const { ask, play } = room.tools;
  room.tools.ask = () => (asked.push("ask"), ask());
  room.tools.play = async (task) => {
    asked.push(task.id);
    return task.id === "a" ? { ended: Promise.resolve() } : play(task);
  };
  await new Lesson(room.tools).run({ kind: "sit", id: "a", token: "t" });
  assert.deepEqual(asked.slice(0, 3), ["a", "ask", "b"]);
});

test("a session that the server refuses is passed over", async () => {
  const room = classroom([{ kind: "sit", id: "a" }]);
  const { play } = room.tools;
  room.tools.play = async (task) => (await play(task), null);
  assert.equal(await new Lesson(room.tools).run(), OVER);
});

test("anything else that goes wrong is not taken for the end of the lesson", async () => {
  const room = classroom([{ kind: "sit", id: "a" }]);
  room.tools.ask = async () => {
    throw new TypeError("a mistake");
  };
  await assert.rejects(new Lesson(room.tools).run(), TypeError);
});

/** A store's notes. */
function notebook(notes = new Map()) {
  return {
    notes,
    note: async (name) => notes.get(name),
    keepNote: async (name, value) => (value === null ? notes.delete(name) : notes.set(name, value)),
  };
}

const counting = () => {
  let count = 0;
  return () => `token ${(count += 1)}`;
};

test("a token is 32 random bytes that an address may hold", () => {
  const tokens = [1, 2, 3].map(() => newToken(webcrypto));
  for (const token of tokens) assert.match(token, /^[\w-]{43}$/);
  assert.equal(new Set(tokens).size, 3);
});

test("a lost answer is asked for again with the same token", async () => {
  const store = notebook();
  const makeToken = counting();
  const asked = [];
  const lost = async ({ token }) => {
    asked.push(token);
    throw new Error("the page was closed");
  };
  await assert.rejects(pair("CODE", { store, makeToken, ask: lost }));
  const record = await pair("CODE", { store, makeToken, ask: async ({ token }) => asked.push(token) });
  assert.deepEqual(asked, ["token 1", "token 1"]);
  assert.deepEqual(record, { code: "CODE", token: "token 1", task: null });
});

test("a tablet that is paired does not ask again", async () => {
  const store = notebook();
  const asked = [];
  const tools = { store, makeToken: counting(), ask: async ({ code }) => asked.push(code) };
  await pair("CODE", tools);
  await store.keepNote("lesson", { ...(await store.note("lesson")), task: { id: "a" } });
  assert.equal((await pair("CODE", tools)).task.id, "a");
  assert.deepEqual(asked, ["CODE"]);
});

test("a refused code leaves the lesson before it as it was", async () => {
  const store = notebook();
  const makeToken = counting();
  const before = await pair("OLD", { store, makeToken, ask: async () => {} });
  const refuse = async () => {
    throw new Refused(409, "Another tablet has used this code.", "409");
  };
  await assert.rejects(pair("USED", { store, makeToken, ask: refuse }), Refused);
  assert.deepEqual(await store.note("lesson"), before);
});
