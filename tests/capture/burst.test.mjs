import assert from "node:assert/strict";
import { test } from "node:test";
import { countDown, shoot } from "../../collector/capture/static/camera/burst.js";

/** A clock that jumps to the end of every wait. */
function clock() {
  let time = 0;
  return { now: () => time, wait: async (milliseconds) => void (time += milliseconds) };
}

/** A camera that takes a while for each frame, and longer to encode it. */
function camera({ now, wait }, slowness = 30) {
  return async () => {
    await wait(slowness);
    return { takenAt: now(), jpeg: Promise.resolve(`frame at ${now()}`) };
  };
}

const running = () => new AbortController().signal;

test("three, two, one, and nothing, a second each", async () => {
  const shown = [];
  const time = clock();
  const show = (left, seconds) => shown.push(`${left} of ${seconds} at ${time.now()}`);
  await countDown({ seconds: 3, show, signal: running(), ...time });
  assert.deepEqual(shown, ["3 of 3 at 0", "2 of 3 at 1000", "1 of 3 at 2000", "0 of 3 at 3000"]);
});

test("a burst's frames are so many milliseconds apart, however long each takes", async () => {
  const time = clock();
  const kept = [];
  const shown = [];
  await shoot({
    shots: 4,
    interval: 400,
    grab: camera(time),
    show: (count) => shown.push(count),
    keep: (shot) => kept.push(shot),
    signal: running(),
    ...time,
  });
  assert.deepEqual(kept.map((one) => one.takenAt), [30, 430, 830, 1230]);
  assert.deepEqual(kept.map((one) => one.shot), [0, 1, 2, 3]);
  assert.deepEqual(shown, [1, 2, 3, 4]);
});

test("the burst is over when the last frame is kept", async () => {
  const time = clock();
  let isKept = false;
  const keep = async () => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    isKept = true;
  };
  const grab = camera(time);
  await shoot({ shots: 1, interval: 0, grab, show() {}, keep, signal: running(), ...time });
  assert.equal(isKept, true);
});

test("a stop drops what is not kept yet and takes no more", async () => {
  const time = clock();
  const stop = new AbortController();
  const kept = [];
  let grabbed = 0;
  const grab = async () => {
    grabbed += 1;
    const jpeg = new Promise((resolve) => setTimeout(resolve, 5, "frame"));
    return { takenAt: time.now(), jpeg };
  };
  const show = (count) => count === 2 && stop.abort();
  const keep = (shot) => kept.push(shot);
  await shoot({ shots: 5, interval: 100, grab, show, keep, signal: stop.signal, ...time });
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(grabbed, 2);
  assert.deepEqual(kept, []);
});

test("of a burst that broke off nothing is kept, though its frames were encoded long ago", async () => {
  const time = clock();
  const stop = new AbortController();
  const kept = [];
  const grab = async () => ({ takenAt: time.now(), jpeg: Promise.resolve("frame") });
  const show = async (count) => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    if (count === 2) stop.abort();
  };
  const wait = async () => new Promise((resolve) => setTimeout(resolve, 10));
  const keep = (shot) => kept.push(shot);
  await shoot({ shots: 3, interval: 9, grab, show, keep, signal: stop.signal, now: time.now, wait });
  assert.deepEqual(kept, []);
  const failing = async () => Promise.reject(new Error("the camera has stopped"));
  let count = 0;
  const once = () => ((count += 1) < 3 ? grab() : failing());
  const quiet = { show() {}, keep, signal: running() };
  await assert.rejects(shoot({ shots: 3, interval: 9, grab: once, ...quiet, ...time }));
  assert.deepEqual(kept, []);
});

test("a stop while the last frame is encoded leaves nothing of the burst", async () => {
  const stop = new AbortController();
  const kept = [];
  const grab = async () => ({ jpeg: new Promise((resolve) => setTimeout(resolve, 5, "frame")) });
  const show = (count) => count === 2 && stop.abort();
  const keep = (shot) => kept.push(shot);
  const signal = stop.signal;
  await shoot({ shots: 2, interval: 0, grab, show, keep, signal, ...clock() });
  assert.deepEqual(kept, []);
});

test("what the camera says of a frame goes with it", async () => {
  const kept = [];
  const grab = async () => ({ settings: { iso: 100 }, guidance: "closer", jpeg: Promise.resolve("f") });
  const quiet = { show() {}, keep: (shot) => kept.push(shot), signal: running() };
  await shoot({ shots: 1, interval: 0, grab, ...quiet, ...clock() });
  assert.deepEqual(kept, [{ shot: 0, settings: { iso: 100 }, guidance: "closer", bytes: "f" }]);
});

test("a camera that fails is heard of", async () => {
  const time = clock();
  const grab = () => Promise.reject(new Error("the camera has stopped"));
  const quiet = { show() {}, keep() {}, signal: running() };
  const burst = shoot({ shots: 2, interval: 1, grab, ...quiet, ...time });
  await assert.rejects(burst, /the camera has stopped/);
});
