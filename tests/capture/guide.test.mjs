import assert from "node:assert/strict";
import { test } from "node:test";
import {
  Guide,
  LONGEST_DELAY,
  LONGEST_SILENCE,
} from "../../collector/capture/static/camera/guide.js";

/** A clock that the test moves: whoever waits goes on when its time has come. */
function clock() {
  let time = 0;
  let waiting = [];
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return {
    now: () => time,
    wait: (pause) => new Promise((resolve) => waiting.push({ at: time + pause, resolve })),
    async pass(milliseconds) {
      const end = time + milliseconds;
      await settle();
      for (;;) {
        const [next] = waiting.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
        if (!next) break;
        time = Math.max(time, next.at);
        waiting = waiting.filter((one) => one !== next);
        next.resolve();
        await settle();
      }
      time = end;
    },
  };
}

const CLOSER = { advice: "closer", arrow: null };
const FINE = { advice: "fine", arrow: null };
const running = () => new AbortController().signal;

/** A guide whose server says what `say` returns, with everything it did. */
function guiding(say = () => CLOSER, change = {}) {
  const time = clock();
  const did = { asked: [], shown: [], spoken: [], inFlight: 0, mostInFlight: 0 };
  const guide = new Guide({
    sketch: async () => "frame",
    ask: async (frame, pose) => {
      did.asked.push({ frame, pose, at: time.now() });
      did.inFlight += 1;
      did.mostInFlight = Math.max(did.mostInFlight, did.inFlight);
      try {
        return await say(did.asked.length, time);
      } finally {
        did.inFlight -= 1;
      }
    },
    show: ({ advice, arrow }) => did.shown.push(arrow ? `${advice} ${arrow}` : advice),
    speak: (advice) => did.spoken.push(advice),
    clock: time,
    ...change,
  });
  return { guide, did, time };
}

test("three frames a second are asked about, with where the head is to look", async () => {
  const { guide, did, time } = guiding();
  guide.start("left");
  await time.pass(1000);
  guide.stop();
  assert.equal(did.asked.length, 4); // at 0, 333, 666 and 999
  assert.deepEqual(did.asked[0], { frame: "frame", pose: "left", at: 0 });
});

test("advice is shown when two frames agree, and spoken once in a session", async () => {
  const { guide, did, time } = guiding((count) => (count === 5 ? FINE : CLOSER));
  guide.start();
  await time.pass(200);
  assert.deepEqual(did.shown.filter(Boolean), []);
  await time.pass(200);
  assert.deepEqual(did.shown.filter(Boolean), ["closer"]);
  await time.pass(2000); // one frame that was fine changes nothing
  assert.deepEqual(did.shown.filter(Boolean), ["closer"]);
  guide.start();
  await time.pass(1000);
  assert.deepEqual(did.shown.filter(Boolean), ["closer", "closer"]);
  assert.deepEqual(did.spoken, ["closer"]);
  guide.stop();
  assert.equal(did.shown.at(-1), null);
});

test("an arrow that turns round is shown anew and not said anew", async () => {
  const arrows = ["left", "left", "right", "right", "right"];
  const say = (count) => ({ advice: "face_here", arrow: arrows[Math.min(count, 5) - 1] });
  const { guide, did, time } = guiding(say);
  guide.start();
  await time.pass(2000);
  assert.deepEqual(did.shown.filter(Boolean), ["face_here left", "face_here right"]);
  assert.deepEqual(did.spoken, ["face_here"]);
  guide.stop();
});

test("without a voice it advises all the same", async () => {
  const { guide, did, time } = guiding(() => CLOSER, { speak: undefined });
  guide.start();
  await time.pass(700);
  assert.equal(guide.advice, "closer");
  assert.deepEqual(did.shown.filter(Boolean), ["closer"]);
  guide.stop();
});

test("one frame at a time is on its way, however slow the server and often it is started", async () => {
  const { guide, did, time } = guiding(async (_count, { wait }) => {
    await wait(2500);
    return CLOSER;
  });
  guide.start();
  await time.pass(400);
  guide.start();
  await time.pass(400);
  guide.start("up");
  await time.pass(10_000);
  guide.stop();
  assert.equal(did.mostInFlight, 1);
  assert.ok(did.asked.length >= 3);
  assert.equal(did.asked[1].pose, "up"); // a start that another overtook asks nothing
});

test("what stood is the photo's mark; fine, unheard and old advice is none", async () => {
  let answer = CLOSER;
  const { guide, time } = guiding(() => answer);
  assert.equal(guide.advice, null);
  guide.start();
  await time.pass(700);
  assert.equal(guide.advice, "closer");
  answer = FINE;
  await time.pass(1000);
  assert.equal(guide.advice, null);
  answer = new Promise(() => {});
  guide.stop();
  assert.equal(guide.advice, null);
});

test("advice that no answer confirms any more is not a photo's mark", async () => {
  const { guide, time } = guiding((count) => (count < 4 ? CLOSER : new Promise(() => {})));
  guide.start();
  await time.pass(1500);
  assert.equal(guide.advice, "closer");
  await time.pass(2000);
  assert.equal(guide.advice, null);
  guide.stop();
});

test("a server that does not answer is asked again seldom, and nothing is shown", async () => {
  const { guide, did, time } = guiding(() => Promise.reject(new Error("no network")));
  guide.start();
  await time.pass(7000);
  guide.stop();
  assert.equal(did.asked.length, 3);
  assert.deepEqual(did.shown.filter(Boolean), []);
});

test("without a picture nothing is sent", async () => {
  const { guide, did, time } = guiding(() => CLOSER, { sketch: () => null });
  guide.start();
  await time.pass(2000);
  guide.stop();
  assert.deepEqual(did.asked, []);
});

/** Milliseconds until `settle` lets the countdown begin. */
async function settled({ guide, time }, signal = running()) {
  let at = null;
  guide.settle(signal).then(() => (at = time.now()));
  for (let count = 0; count < 100 && at === null; count += 1) await time.pass(50);
  return at;
}

test("a child that sits well waits for nothing", async () => {
  const all = guiding(() => FINE);
  all.guide.start();
  assert.ok((await settled(all)) < 400);
  all.guide.stop();
});

test("a child that sits badly is photographed after four seconds", async () => {
  const all = guiding();
  all.guide.start();
  const waited = await settled(all);
  assert.ok(waited >= LONGEST_DELAY && waited < LONGEST_DELAY + 400, `${waited}`);
  assert.equal(all.guide.advice, "closer");
  all.guide.stop();
});

test("the countdown begins as soon as the child has put it right", async () => {
  const all = guiding((count) => (count < 5 ? CLOSER : FINE));
  all.guide.start();
  const waited = await settled(all);
  assert.ok(waited > 1000 && waited < 2000, `${waited}`);
  all.guide.stop();
});

test("without an answer nobody waits that long, and without a guide at work not at all", async () => {
  const all = guiding(() => new Promise(() => {}));
  all.guide.start();
  const waited = await settled(all);
  assert.ok(waited >= LONGEST_SILENCE && waited < LONGEST_SILENCE + 400, `${waited}`);
  all.guide.stop();
  assert.equal(await settled(guiding()), 0);
});

test("a stop ends the waiting", async () => {
  const all = guiding();
  const stop = new AbortController();
  all.guide.start();
  all.time.pass(500).then(() => stop.abort());
  const begun = await settled(all, stop.signal);
  assert.ok(begun < 1200, `${begun}`);
  all.guide.stop();
});
