// Which screen comes after which: the whole session as data, with neither page nor camera.

// Everything as in earnest, and not a frame of it is taken.
const PRACTICE = { isPractice: true, shots: 0 };

/** Where a session begins, or goes on: what is stored in full is not asked for again. */
export function begin({ state, after_stop: afterStop, plan, stored }) {
  const missing = missingSteps(plan.steps, stored);
  const practice = plan.practice && !stored.length ? [PRACTICE] : [];
  const steps = [...practice, ...missing];
  const blank = {
    steps,
    at: 0,
    stars: plan.steps.length - missing.length,
    allStars: plan.steps.length + practice.length,
    isCameraOn: false,
    before: null, // the screen that a trouble interrupted
    trouble: null,
    thanks: "over", // which goodbye: finished, stopped, kept, binned, erased, or over before
  };
  const screen = {
    ready: "assent",
    running: missing.length ? "camera" : "review",
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
const tell = (flow) => ({ screen: stepOf(flow) ? "story" : "review" });
// A child that sat long enough has done enough.
const next = (flow, isLate) =>
  isLate ? { screen: "review" } : stepOf(flow)?.rests ? { screen: "pause" } : tell(flow);
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
  camera: { ...duringCapture, opened: go("camera", { isCameraOn: true }), next: tell },
  story: { ...duringCapture, ready: go("countdown"), skip: star },
  countdown: { ...duringCapture, taken: star, skip: star },
  star: { ...duringCapture, next },
  pause: { ...duringCapture, next: tell },
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
  for (const photo of stored) left.set(kindOf(photo), (left.get(kindOf(photo)) ?? 0) + 1);
  return steps.filter((step) => {
    const count = left.get(kindOf(step)) ?? 0;
    if (count < step.shots) return true;
    left.set(kindOf(step), count - step.shots);
    return false;
  });
}

/** What a step asks for, and a photo shows: the emotion, and where the head looks. */
function kindOf({ emotion, head_pose: pose }) {
  return `${emotion} ${pose}`;
}
