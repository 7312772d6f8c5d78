// Which screen comes after which: the whole session as data, with neither page nor camera.

/** Where a session begins, or goes on: what is stored in full is not asked for again. */
export function begin({ state, after_stop: afterStop, plan, stored }) {
  const steps = missingSteps(plan.steps, stored);
  const blank = {
    steps,
    at: 0,
    stars: plan.steps.length - steps.length,
    allStars: plan.steps.length,
    isCameraOn: false,
    before: null, // the screen that a trouble interrupted
    trouble: null,
    thanks: "over", // which goodbye: finished, stopped, kept, binned, erased, or over before
  };
  const screen = {
    ready: "assent",
    running: steps.length ? "camera" : "review",
    declined: "declined",
    stopped: afterStop || !stored.length ? "goodbye" : "stopped",
  };
  return { ...blank, screen: screen[state] ?? "goodbye" };
}

/** The step that the child is at; undefined after the last. */
export function stepOf(flow) {
  return flow.steps[flow.at];
}

/** The session after an event; an event that does not belong to the screen changes nothing. */
export function advance(flow, event, detail) {
  const move = SCREENS[flow.screen]?.[event];
  return move ? { ...flow, ...move(flow, detail) } : flow;
}

const go = (screen, change) => () => ({ screen, ...change });
const star = (flow) => ({ screen: "star", at: flow.at + 1, stars: flow.stars + 1 });
const next = (flow) => ({ screen: stepOf(flow) ? "story" : "review" });
// A child that stopped before its first photo has nothing to decide.
const stop = (_flow, photos) => ({ screen: photos ? "stopped" : "goodbye", thanks: "stopped" });
const lose = (flow, trouble) => ({
  screen: "trouble",
  trouble,
  before: flow.screen === "countdown" ? "story" : flow.screen,
  isCameraOn: false,
});
const erase = go("goodbye", { thanks: "erased" });

const duringCapture = { stop, lost: lose, erased: erase };

const SCREENS = {
  assent: { agreed: go("camera"), declined: go("declined"), erased: erase },
  camera: { ...duringCapture, opened: go("camera", { isCameraOn: true }), next },
  story: { ...duringCapture, ready: go("countdown"), skip: star },
  countdown: { ...duringCapture, taken: star, skip: star },
  star: { ...duringCapture, next },
  trouble: {
    ...duringCapture,
    lost: (_flow, trouble) => ({ trouble }),
    opened: (flow) => ({ screen: flow.before, trouble: null, isCameraOn: true }),
  },
  review: { stop, erased: erase, done: go("goodbye", { thanks: "finished" }) },
  stopped: {
    erased: erase,
    keep: go("goodbye", { thanks: "kept" }),
    bin: go("goodbye", { thanks: "binned" }),
  },
  goodbye: { erased: erase },
};

function missingSteps(steps, stored) {
  const left = new Map();
  for (const { emotion } of stored) left.set(emotion, (left.get(emotion) ?? 0) + 1);
  return steps.filter(({ emotion, shots }) => {
    const count = left.get(emotion) ?? 0;
    if (count < shots) return true;
    left.set(emotion, count - shots);
    return false;
  });
}
