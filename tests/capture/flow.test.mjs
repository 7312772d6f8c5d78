import assert from "node:assert/strict";
import { test } from "node:test";
import { advance, begin, stepOf } from "../../collector/capture/static/child/flow.js";

const step = (emotion, shots = 2) => ({ emotion, shots, story: `a story of ${emotion}` });
const PLAN = { steps: [step("neutral"), step("fear"), step("happy")] };
const stored = (...emotions) => emotions.map((emotion, id) => ({ id, emotion }));

const session = (changed = {}) =>
  begin({ state: "ready", after_stop: null, plan: PLAN, stored: [], ...changed });

/** The flow after events, each a name or [name, detail]. */
const after = (flow, ...events) =>
  events.reduce((now, event) => advance(now, ...[event].flat()), flow);

const TO_STORY = ["agreed", "opened", "next"];
const ONE_STEP = ["ready", "taken", "next"];

test("the child is asked first, and only a yes leads to the camera", () => {
  assert.equal(session().screen, "assent");
  assert.equal(after(session(), "agreed").screen, "camera");
  assert.equal(after(session(), "declined").screen, "declined");
});

test("a whole session goes through every story in the plan's order and ends in the review", () => {
  let flow = after(session(), ...TO_STORY);
  const stories = [];
  while (flow.screen === "story") {
    stories.push(stepOf(flow).emotion);
    flow = after(flow, ...ONE_STEP);
  }
  assert.deepEqual(stories, ["neutral", "fear", "happy"]);
  assert.equal(flow.screen, "review");
  assert.equal(flow.stars, 3);
  flow = after(flow, "done");
  assert.deepEqual([flow.screen, flow.thanks], ["goodbye", "finished"]);
});

test("the camera must be on before the first story", () => {
  const flow = after(session(), "agreed");
  assert.equal(after(flow, "opened").screen, "camera");
  assert.equal(after(flow, "opened").isCameraOn, true);
  assert.equal(after(flow, "opened", "next").screen, "story");
});

test("a skipped story earns the same star, before and during the countdown", () => {
  const flow = after(session(), ...TO_STORY);
  for (const events of [["skip"], ["ready", "skip"], ["ready", "taken"]]) {
    const next = after(flow, ...events);
    assert.equal(next.screen, "star");
    assert.equal(next.stars, 1);
    assert.equal(stepOf(next).emotion, "fear");
  }
});

test("stop works on every screen of a running session", () => {
  const screens = {
    camera: ["agreed"],
    story: TO_STORY,
    countdown: [...TO_STORY, "ready"],
    star: [...TO_STORY, "skip"],
    review: [...TO_STORY, ...Array(3).fill(["skip"]).flatMap((one) => [...one, "next"])],
    trouble: ["agreed", ["lost", "no_camera"]],
  };
  for (const [screen, events] of Object.entries(screens)) {
    const flow = after(session(), ...events);
    assert.equal(flow.screen, screen);
    assert.equal(after(flow, ["stop", 4]).screen, "stopped", `from ${screen}`);
  }
});

test("after a stop the child keeps its photos or throws them away", () => {
  const flow = after(session(), ...TO_STORY, ["stop", 2]);
  assert.deepEqual([after(flow, "keep").screen, after(flow, "keep").thanks], ["goodbye", "kept"]);
  assert.deepEqual([after(flow, "bin").screen, after(flow, "bin").thanks], ["goodbye", "binned"]);
});

test("a stop before the first photo asks nothing", () => {
  const flow = after(session(), "agreed", ["stop", 0]);
  assert.deepEqual([flow.screen, flow.thanks], ["goodbye", "stopped"]);
});

test("a lost camera interrupts, and the same story goes on when it is back", () => {
  const counting = after(session(), ...TO_STORY, ...ONE_STEP, "ready");
  const lost = after(counting, ["lost", "camera_lost"]);
  assert.deepEqual([lost.screen, lost.trouble, lost.isCameraOn], ["trouble", "camera_lost", false]);
  assert.equal(after(lost, ["lost", "camera_busy"]).trouble, "camera_busy");
  const back = after(lost, "opened");
  assert.deepEqual([back.screen, back.isCameraOn], ["story", true]);
  assert.equal(stepOf(back).emotion, "fear");
});

test("an event that does not belong to the screen changes nothing", () => {
  const flow = after(session(), ...TO_STORY);
  for (const event of ["agreed", "taken", "done", "keep", "bin", "opened", "nonsense"]) {
    assert.equal(advance(flow, event), flow);
  }
});

test("a resumed session passes over what is stored in full, and keeps its stars", () => {
  const flow = session({ state: "running", stored: stored("neutral", "neutral", "fear") });
  assert.equal(flow.screen, "camera");
  assert.equal(flow.stars, 1);
  assert.deepEqual(flow.steps.map((one) => one.emotion), ["fear", "happy"]);
});

test("photos count once where an emotion is asked for twice", () => {
  const plan = { steps: [step("happy"), step("fear"), step("happy")] };
  const flow = session({ state: "running", plan, stored: stored("happy", "happy", "happy") });
  assert.deepEqual(flow.steps, [plan.steps[1], plan.steps[2]]);
});

test("a session resumed after its last photo goes to the review", () => {
  const plan = { steps: [step("happy", 1)] };
  assert.equal(session({ state: "running", plan, stored: stored("happy") }).screen, "review");
});

test("a session that ended stays ended", () => {
  const some = stored("happy");
  const screenOf = (changed) => session({ stored: some, ...changed }).screen;
  assert.equal(screenOf({ state: "finished" }), "goodbye");
  assert.equal(screenOf({ state: "declined" }), "declined");
  assert.equal(screenOf({ state: "stopped" }), "stopped");
  assert.equal(screenOf({ state: "stopped", after_stop: "keep" }), "goodbye");
  assert.equal(screenOf({ state: "stopped", stored: [] }), "goodbye");
});

test("what was erased ends the session kindly from any screen but a no", () => {
  for (const events of [[], ["agreed"], TO_STORY, [...TO_STORY, ["stop", 1]]]) {
    const flow = after(session(), ...events, "erased");
    assert.deepEqual([flow.screen, flow.thanks], ["goodbye", "erased"]);
  }
});

test("a break comes before the step that asks for it, and the story after it", () => {
  const plan = { steps: [step("neutral"), { ...step("fear"), rests: true }, step("happy")] };
  const flow = after(session({ plan }), ...TO_STORY, ...ONE_STEP);
  assert.equal(flow.screen, "pause");
  assert.equal(after(flow, ["stop", 2]).screen, "stopped");
  assert.equal(after(flow, "next").screen, "story");
  assert.equal(stepOf(after(flow, "next")).emotion, "fear");
});

test("a session resumed at a break goes on with the story", () => {
  const plan = { steps: [step("neutral"), { ...step("fear"), rests: true }] };
  const resumed = session({ state: "running", plan, stored: stored("neutral", "neutral") });
  assert.equal(after(resumed, "opened", "next").screen, "story");
});

test("the practice round comes first, takes no photo and earns a star", () => {
  const flow = after(session({ plan: { ...PLAN, practice: true } }), ...TO_STORY);
  assert.equal(stepOf(flow).isPractice, true);
  assert.deepEqual([flow.stars, flow.allStars], [0, 4]);
  assert.equal(stepOf(after(flow, ...ONE_STEP)).emotion, "neutral");
});

test("whoever has photos already practises no more", () => {
  const plan = { ...PLAN, practice: true };
  const resumed = session({ state: "running", plan, stored: stored("neutral", "neutral") });
  assert.equal(resumed.steps[0].emotion, "fear");
  assert.equal(resumed.allStars, 3);
});

test("a child that sat long enough goes from its star to the review", () => {
  const flow = after(session(), ...TO_STORY, "ready", "taken");
  assert.equal(after(flow, ["next", false]).screen, "story");
  assert.equal(after(flow, ["next", true]).screen, "review");
});

test("a photo of another position of the head is another step's", () => {
  const plan = { steps: ["left", "up"].map((pose) => ({ ...step("sad", 1), head_pose: pose })) };
  const photos = [{ id: 1, emotion: "sad", head_pose: "up" }];
  const resumed = session({ state: "running", plan, stored: photos });
  assert.deepEqual(resumed.steps, [plan.steps[0]]);
});

const AGAIN = ["ready", "taken", "again"];

test("after its first burst or a skip the child may try once more, with the mascot", () => {
  for (const events of [AGAIN, ["skip", "again"], ["ready", "skip", "again"]]) {
    const flow = after(session(), ...TO_STORY, ...events);
    assert.deepEqual([flow.screen, flow.attempt], ["model", 2]);
    assert.equal(stepOf(flow).emotion, "neutral");
    assert.equal(after(flow, "ready").screen, "countdown");
  }
});

test("a second try earns no second star, is offered once, and the next story follows", () => {
  for (const events of [["ready", "taken"], ["skip"], ["ready", "skip"]]) {
    const flow = after(session(), ...TO_STORY, ...AGAIN, ...events);
    assert.deepEqual([flow.screen, flow.stars, flow.again], ["star", 1, null]);
    assert.equal(after(flow, "again").screen, "star");
    const next = after(flow, "next");
    assert.deepEqual([next.screen, stepOf(next).emotion, next.attempt], ["story", "fear", 1]);
  }
});

test("nobody has to try again: the way on leads past it", () => {
  const flow = after(session(), ...TO_STORY, "ready", "taken");
  assert.equal(flow.again.emotion, "neutral");
  assert.equal(after(flow, "next").screen, "story");
});

test("the practice round is not tried again", () => {
  const flow = after(session({ plan: { ...PLAN, practice: true } }), ...TO_STORY, "ready", "taken");
  assert.equal(after(flow, "again").screen, "star");
  assert.equal(stepOf(after(flow, "again", "next")).emotion, "neutral");
});

test("stop works in practice, break and second try as well", () => {
  const plan = { practice: true, steps: [{ ...step("neutral"), rests: true }, step("fear")] };
  const ways = {
    story: TO_STORY,
    countdown: [...TO_STORY, "ready"],
    pause: [...TO_STORY, "skip", "next"],
    model: [...TO_STORY, "skip", "next", "next", "skip", "again"],
  };
  for (const [screen, events] of Object.entries(ways)) {
    const flow = after(session({ plan }), ...events);
    assert.equal(flow.screen, screen);
    assert.equal(after(flow, ["stop", 3]).screen, "stopped", `from ${screen}`);
  }
});

test("a camera lost in a second try comes back to it", () => {
  const flow = after(session(), ...TO_STORY, ...AGAIN, "ready", ["lost", "camera_lost"]);
  assert.equal(flow.screen, "trouble");
  const back = after(flow, "opened");
  assert.deepEqual([back.screen, back.attempt, stepOf(back).emotion], ["model", 2, "neutral"]);
});

test("photos of a second try are no substitute for those of the first", () => {
  const photos = stored("neutral", "neutral").map((photo) => ({ ...photo, attempt: 2 }));
  const resumed = session({ state: "running", stored: photos });
  assert.deepEqual(resumed.steps, PLAN.steps);
  const both = session({ state: "running", stored: [...photos, ...stored("neutral", "neutral")] });
  assert.equal(both.steps.length, 2);
});

test("a child that stops goes home with a star too", () => {
  assert.equal(after(session(), "agreed", ["stop", 0]).stars, 1);
  const flow = after(session(), ...TO_STORY, "skip", ["stop", 2], "keep");
  assert.deepEqual([flow.screen, flow.stars], ["goodbye", 2]);
  assert.equal(session({ state: "stopped", stored: stored("neutral") }).stars, 1);
});
