import assert from "node:assert/strict";
import { test } from "node:test";
import { Studio } from "../../collector/capture/static/child/studio.js";

const STEP = { emotion: "happy", head_pose: "frontal", story: "You open the box.", shots: 2 };
const PLAN = { steps: [STEP], countdown_seconds: 1, shot_interval_ms: 1, minutes: 0, practice: false };

/** A studio without a page; `shown` are its screens, `told` what the server heard. */
function studioOf({ counts = { taken: 0, thrown: 0 }, grabNew, run = async () => ({}) } = {}) {
  const shown = [];
  const told = [];
  const nothing = () => {};
  const studio = new Studio(
    { plan: PLAN, state: "running", after_stop: null, stored: [] },
    {
      camera: { open: async () => {}, close: nothing, grabNew },
      awake: { keep: nothing, release: nothing },
      errands: { run: (...what) => (told.push(what.join(" ")), run()), settled: Promise.resolve() },
      uploads: { add: async () => {}, drop: () => [] },
      ledger: { counts, throwAll: nothing },
      views: { show: ({ screen }) => shown.push(screen), shots: nothing },
      screens: { hold: nothing },
      ring: { count: nothing, point: nothing },
      clock: { wait: async () => {}, now: () => 0 },
      newId: () => "id",
      sha256: async () => "",
      reviewing: nothing,
      complain: nothing,
    },
  );
  studio.start();
  return { studio, shown, told };
}

const turn = () => new Promise((resolve) => setTimeout(resolve, 5));

test("a burst that goes on when another child has the page shows nothing there", async () => {
  let lose = null;
  const grabNew = () => new Promise((_resolve, reject) => (lose = reject));
  const { studio, shown } = studioOf({ grabNew });
  await studio.act("open");
  studio.act("next");
  studio.act("ready");
  await turn();
  assert.deepEqual(shown, ["camera", "camera", "story", "countdown"]);
  studio.leave();
  lose(Object.assign(new Error("closed"), { word: "camera_lost" }));
  studio.loseCamera("camera_hidden");
  await turn();
  assert.equal(shown.at(-1), "countdown");
});

test("a child that threw all of its photos away is not asked whether to keep them", async () => {
  const { studio, shown, told } = studioOf({ counts: { taken: 3, thrown: 3 } });
  studio.act("stop");
  assert.equal(shown.at(-1), "goodbye");
  assert.deepEqual(told, ["close stopped"]);
});

test("a child with a photo left is asked", async () => {
  const { studio, shown } = studioOf({ counts: { taken: 3, thrown: 2 } });
  studio.act("stop");
  assert.equal(shown.at(-1), "stopped");
});
