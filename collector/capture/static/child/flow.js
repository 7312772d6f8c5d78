// Which screen comes after which: the whole session as data, with neither page nor camera.

// Everything as in earnest, and not a frame of it is taken.
const PRACTICE = { isPractice: true, shots: 3 };
const SECOND = 2; // the try with the mascot's face, after the child's own

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
    attempt: 1,
    again: null, // the step that the child may try once more, with the mascot
    isSecond: false, // whether the star's screen follows such a try
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
  const stars = state === "stopped" ? blank.stars + 1 : blank.stars;
  return { ...blank, stars, screen: screen[state] ?? "goodbye" };
}

/** The step that the child is at; undefined after the last. */
export function stepOf(flow) {
  return flow.attempt === SECOND ? flow.again : flow.steps[flow.at];
}

/** The session after an event; an event that does not belong to the screen changes nothing. */
export function advance(flow, event, detail) {
  const move = SCREENS[flow.screen]?.[event];
  return move ? { ...flow, ...move(flow, detail) } : flow;
}

const go = (screen, change) => () => ({ screen, ...change });
// The star is for the step, whatever came of it; a second try earns no second one.
const star = (flow) =>
  flow.attempt === SECOND
    ? { screen: "star", attempt: 1, again: null, isSecond: true }
    : { ...earn(flow), again: offer(stepOf(flow)), isSecond: false };
const earn = ({ at, stars }) => ({ screen: "star", at: at + 1, stars: stars + 1 });
const offer = (step) => (step.isPractice ? null : step);
const tryAgain = ({ again }) => (again ? { screen: "model", attempt: SECOND } : { screen: "star" });
const tell = (flow) => ({ screen: stepOf(flow) ? "story" : "review" });
// A child that sat long enough has done enough.
const next = (flow, isLate) =>
  isLate ? { screen: "review" } : stepOf(flow)?.rests ? { screen: "pause" } : tell(flow);
// A child that stopped before its first photo has nothing to decide.
// To say stop earns a star like everything else.
const stop = ({ stars }, photos) => ({
  screen: photos ? "stopped" : "goodbye",
  thanks: "stopped",
  stars: stars + 1,
});
const lose = (flow, trouble) => ({
  screen: "trouble",
  trouble,
  before: flow.screen === "countdown" ? beforeCountdown(flow) : flow.screen,
  isCameraOn: false,
});
const beforeCountdown = ({ attempt }) => (attempt === SECOND ? "model" : "story");
const erase = go("goodbye", { thanks: "erased" });

const duringCapture = { stop, lost: lose, erased: erase };

const SCREENS = {
  assent: { agreed: go("camera"), declined: go("declined"), erased: erase },
  camera: { ...duringCapture, opened: go("camera", { isCameraOn: true }), next: tell },
  story: { ...duringCapture, ready: go("countdown"), skip: star },
  countdown: { ...duringCapture, taken: star, skip: star },
  star: { ...duringCapture, next, again: tryAgain },
  model: { ...duringCapture, ready: go("countdown"), skip: star },
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
  // A second try is a present: no step is done by it.
  const first = stored.filter((photo) => photo.attempt !== SECOND);
  for (const photo of first) left.set(kindOf(photo), (left.get(kindOf(photo)) ?? 0) + 1);
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
