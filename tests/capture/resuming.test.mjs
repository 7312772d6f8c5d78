import assert from "node:assert/strict";
import { test } from "node:test";
import { advance, begin, stepOf } from "../../collector/capture/static/child/flow.js";
import { goOn, overlay } from "../../collector/capture/static/queue/resuming.js";

const STEPS = ["neutral", "sad", "happy"].map((emotion) => ({ emotion, head_pose: "frontal", shots: 2 }));
const ANSWER = { state: "running", after_stop: null, plan: { steps: STEPS, practice: false }, stored: [] };

const here = (id, state = "waiting", prompt = "neutral", burst = "b") => {
  return { id, state, details: { prompt, head_pose: "frontal", burst, attempt: 1 } };
};
const known = (photos, { answer = ANSWER, untold = [], settled = [] } = {}) =>
  overlay(answer, { photos, untold, settled: new Set(settled) });
/** A flow after these events, from the start. */
const after = (...events) =>
  events.reduce((flow, event) => advance(flow, event), begin({ ...ANSWER, stored: [] }));
const back = (flow) => JSON.parse(JSON.stringify(flow)); // as it comes out of the store

test("what waits here counts as taken", () => {
  const session = known([here("a"), here("b")]);
  assert.deepEqual(session.stored.map(({ id, waits }) => `${id} ${waits}`), ["a waiting", "b waiting"]);
  assert.equal(stepOf(begin(session)).emotion, "sad");
});

test("a photo whose receipt was lost counts once", () => {
  const answer = { ...ANSWER, stored: [{ id: "a", emotion: "neutral", head_pose: "frontal" }] };
  const { stored } = known([here("a"), here("b")], { answer });
  assert.deepEqual(stored.map(({ id }) => id), ["a", "b"]);
});

test("a photo that the server had and has no longer is gone; one that came meanwhile is not", () => {
  const photos = [here("a", "saved"), here("b", "saved"), here("c", "refused")];
  assert.equal(known(photos).stored.length, 3);
  const { stored } = known(photos, { settled: ["a"] });
  assert.deepEqual(stored.map(({ id }) => id), ["b", "c"]);
});

test("what the child said and the server has not heard stands", () => {
  const told = (name, ...args) => known([here("a")], { untold: [{ name, args }] });
  assert.equal(told("close", "stopped").state, "stopped");
  assert.equal(told("close", "finished").state, "finished");
  assert.equal(told("answerAssent", "not_today").state, "declined");
  assert.equal(told("answerAfterStop", "keep").after_stop, "keep");
  assert.deepEqual(told("bin", "a").stored, []);
  assert.equal(begin(told("close", "stopped")).screen, "stopped");
});

test("the child goes on at the step where it was, with its stars, by the camera", () => {
  const flow = after("agreed", "opened", "next", "skip", "next");
  const next = goOn(known([]), { flow: back(flow), burst: null });
  assert.equal(next.screen, "camera");
  assert.equal(next.isCameraOn, false);
  assert.equal(stepOf(next).emotion, "sad");
  assert.equal(next.stars, 1);
});

test("a burst that was taken in full is not asked for again", () => {
  const flow = after("agreed", "opened", "next", "ready");
  assert.equal(flow.screen, "countdown");
  const place = { flow: back(flow), burst: "b" };
  assert.equal(stepOf(goOn(known([here("a")]), place)).emotion, "neutral");
  assert.equal(stepOf(goOn(known([here("a"), here("b", "saved")]), place)).emotion, "sad");
  assert.equal(stepOf(goOn(known([here("a"), here("b", "saved", "neutral", "other")]), place)).emotion, "neutral");
});

test("after the last step comes the review", () => {
  const last = STEPS.flatMap(() => ["skip", "next"]);
  assert.equal(goOn(known([]), { flow: after("agreed", "opened", "next", ...last) }).screen, "review");
  const star = after("agreed", "opened", "next", ...last.slice(0, -1));
  assert.equal(star.screen, "star");
  assert.equal(goOn(known([]), { flow: back(star) }).screen, "review");
});

test("an end that the server was never told is no end", () => {
  const done = after("agreed", "opened", "next", ...STEPS.flatMap(() => ["skip", "next"]), "done");
  assert.equal(done.screen, "goodbye");
  assert.equal(goOn(known([]), { flow: back(done) }).screen, "review");
  const untold = [{ name: "close", args: ["finished"] }];
  const session = known([], { untold });
  assert.equal(goOn(session, { flow: back(done) }).screen, "goodbye");
  assert.equal(goOn(session, { flow: back(done) }).thanks, "finished");
});

test("the server's word is stronger than where the child was", () => {
  const place = { flow: back(after("agreed", "opened", "next")) };
  assert.equal(goOn({ ...known([]), state: "over" }, place).screen, "goodbye");
  assert.equal(goOn({ ...known([]), state: "ready" }, place).screen, "assent");
  assert.equal(goOn({ ...known([here("a")]), state: "stopped" }, place).screen, "stopped");
});

test("a place that an earlier version of the page wrote is left aside", () => {
  assert.equal(goOn(known([]), { flow: { screen: "story", at: 2 } }).at, 0);
  assert.equal(goOn(known([]), null).screen, "camera");
});
